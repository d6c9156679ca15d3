"""What must hold of customer portfolio margin whatever the book: the sanity properties of the method."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmdsl.engine import Answer, evaluate
from pmdsl.portfolio import read_portfolio
from tests.oracle import books
from tests.regimes.bundled import plan

STEPS = books.TREE_STEPS
ON = "2026-03-02"
some = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
any_book = partial(books.books, steps=STEPS, dates=(ON,))
Row = dict[str, Any]

OFFSETS = (
    "    | high_cap_index | 2008-08-01 |    90% |    75% |\n"
    "    | broad_index    | 2008-08-01 |    90% |    75% |\n"
)


def with_offsets(within: int, across: int) -> tuple[tuple[str, str], ...]:
    """The bundled rule set with other shares of gains for the two index groups."""
    rows = "".join(
        f"    | {group} | 2008-08-01 | {within}% | {across}% |\n"
        for group in ("high_cap_index", "broad_index")
    )
    return ((OFFSETS, rows),)


def run(row: Row, changes: tuple[tuple[str, str], ...] = ()) -> Answer:
    return evaluate(plan("us.finra.cpm", date.fromisoformat(ON), STEPS, changes), read_portfolio(row))


def margins(row: Row, changes: tuple[tuple[str, str], ...] = ()) -> Any:
    return run(row, changes).amounts("maintenance")


def slack(values: Any) -> Any:
    return 1e-7 + 1e-9 * np.abs(values)


@some
@given(row=any_book())
def test_offsets_never_cost_more_than_each_class_group_by_itself(row: Row) -> None:
    """The margin of a book is at most the sum of the margins of its positions by underlying."""
    together = margins(row)
    apart = np.zeros_like(together)
    names = [u["id"] for u in row["underlyings"]]
    of = {i["id"]: i["underlying"] for i in row["instruments"]} | {name: name for name in names}
    groups = {u["id"]: u.get("tracks", u["id"]) for u in row["underlyings"]}
    for group in sorted(set(groups.values())):
        mine = [p for p in row["positions"] if groups[of[p["instrument"]]] == group]
        apart += margins({**row, "positions": mine})
    assert np.all(together <= apart + slack(apart))


@some
@given(row=any_book(), within=st.sampled_from((10, 50, 85)), across=st.sampled_from((10, 50, 70)))
def test_a_larger_share_of_gains_never_costs_more(row: Row, within: int, across: int) -> None:
    low, high = margins(row, with_offsets(within, across)), margins(row, with_offsets(within + 5, across + 5))
    assert np.all(high <= low + slack(low))


@some
@given(row=books.linear_books(symmetric=True))
def test_turning_every_sign_of_a_linear_book_on_symmetric_ranges_changes_nothing(row: Row) -> None:
    row = {**row, "on": ON}
    turned = {**row, "positions": [{**p, "quantity": -p["quantity"]} for p in row["positions"]]}
    once, other = margins(row), margins(turned)
    assert np.all(np.abs(once - other) <= slack(once))


@some
@given(row=books.linear_books())
def test_a_linear_book_is_worst_at_an_end(row: Row) -> None:
    """Inside one class group; across groups a share of gains is lost, which is linear on each side of zero
    as well.
    """
    found = run({**row, "on": ON})
    for account in found.accounts:
        for part in found.binding(account)["maintenance"]:
            assert part.by in ("d5", "u5", "minimum", None)


@some
@given(row=any_book())
def test_the_order_of_everything_in_the_file_changes_no_bit(row: Row) -> None:
    turned = {
        **row,
        "positions": row["positions"][::-1],
        "instruments": row["instruments"][::-1],
        "underlyings": row["underlyings"][::-1],
    }
    assert margins(row).tobytes() == margins(turned).tobytes()


@some
@given(row=any_book(), other=any_book())
def test_accounts_do_not_know_of_each_other(row: Row, other: Row) -> None:
    """An account's margin is the same in company and by itself."""
    together = run(row)
    for account in row["accounts"]:
        mine = [p for p in row["positions"] if p["account"] == account["id"]]
        single = run({**row, "accounts": [account], "positions": mine})
        one = single.amounts("maintenance")[0]
        assert abs(one - together.amounts("maintenance")[together.row_of[account["id"]]]) <= slack(one)
