"""What must hold for every book, on random books."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.assembly import POINTS
from tests.oracle.books import TREE_STEPS, books, covariance_books, linear_books
from tests.oracle.covariance import covariance_margin
from tests.oracle.cpm import OFFSETS, RANGES, cpm_margin, possible_bindings
from tests.oracle.house import house_margin
from tests.oracle.stress import stress_margin

Book = dict[str, Any]

# A cent, and a little more on large books: sums of floats in another order.
CENT, RELATIVE = 0.01, 1e-9
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MODELLED = ("volatility", "price", "underlying", "expired")


def margins(book: Book, **parameters: Any) -> dict[str, float]:
    results = cpm_margin(book, steps=TREE_STEPS, **parameters)
    return {account: result.maintenance for account, result in results.items()}


def at_most(lower: dict[str, float], upper: dict[str, float]) -> bool:
    return all(lower[name] <= upper[name] * (1 + RELATIVE) + CENT for name in lower)


def with_positions(book: Book, change: Any) -> Book:
    return book | {"positions": [change(row) for row in book["positions"]]}


def position_by_position(book: Book) -> dict[str, float]:
    """The sum of what each position would need in an account of its own."""
    totals = {account["id"]: 0.0 for account in book["accounts"]}
    for row in book["positions"]:
        [alone] = margins(book | {"accounts": [{"id": row["account"]}], "positions": [row]}).values()
        totals[row["account"]] += alone
    return totals


def uniform(within: float, across: float) -> dict[str, tuple[float, float]]:
    """The same offsets for both index groups."""
    return {group: (1.0, 1.0) if group == "alone" else (within, across) for group in OFFSETS}


@calm
@given(books())
def test_a_book_is_plain_data(book: Book) -> None:
    assert json.loads(json.dumps(book)) == book


@calm
@given(books())
def test_no_more_than_the_positions_one_by_one(book: Book) -> None:
    assert at_most(margins(book), position_by_position(book))


@calm
@given(books())
def test_groups_add_up_and_none_is_below_its_minimum(book: Book) -> None:
    for result in cpm_margin(book, steps=TREE_STEPS).values():
        assert result.maintenance == pytest.approx(sum(group.amount for group in result.groups))
        for group in result.groups:
            assert group.amount == max(group.scan, group.floor)
            assert group.amount >= 0.0
            if group.by == "minimum":
                assert group.amount == group.floor > group.scan
            elif group.by is None:
                assert group.amount == 0.0
            else:
                assert group.amount == -group.vector[group.by]
            assert possible_bindings(group) <= {*POINTS, "minimum"}


@calm
@given(books(), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_a_higher_offset_never_raises_the_margin(book: Book, p: int, q: int, r: int, s: int) -> None:
    (low_p, high_p), (low_q, high_q) = sorted((p, q)), sorted((r, s))
    low = margins(book, offsets=uniform(low_p / 100, low_q / 100))
    high = margins(book, offsets=uniform(high_p / 100, high_q / 100))
    assert at_most(high, low)


@calm
@given(books())
def test_full_offsets_make_one_class_group_of_a_portfolio_group(book: Book) -> None:
    for result in cpm_margin(book, offsets=uniform(1.0, 1.0), steps=TREE_STEPS).values():
        own = [row for row in book["positions"] if row["account"] == result.account]
        parts = [
            cpm_margin(book | {"accounts": [{"id": result.account}], "positions": [row]}, steps=TREE_STEPS)
            for row in own
        ]
        for group in result.groups:
            if group.alone:
                continue
            for point, total in group.vector.items():
                pieces = [piece for part in parts for piece in part[result.account].groups if not piece.alone]
                # A position alone had its gains haircut twice; undone, the positions add up.
                plain = sum(v if (v := piece.vector[point]) < 0 else v / (0.90 * 0.75) for piece in pieces)
                assert total == pytest.approx(plain, rel=1e-9, abs=1e-6)


@calm
@given(books(), st.sampled_from([0.5, 3.0, 10.0]))
def test_scaling_every_quantity_scales_the_margin(book: Book, factor: float) -> None:
    scaled = margins(with_positions(book, lambda row: row | {"quantity": row["quantity"] * factor}))
    for account, margin in margins(book).items():
        assert scaled[account] == pytest.approx(factor * margin, rel=1e-9, abs=1e-6)


@calm
@given(linear_books(symmetric=True))
def test_turning_every_sign_of_a_linear_book_changes_nothing_on_symmetric_ranges(book: Book) -> None:
    turned = margins(with_positions(book, lambda row: row | {"quantity": -row["quantity"]}))
    for account, margin in margins(book).items():
        assert turned[account] == pytest.approx(margin, rel=1e-9, abs=1e-6)


@calm
@given(books())
def test_a_position_that_gains_and_loses_nothing_changes_the_minimum_alone(book: Book) -> None:
    first = book["underlyings"][0]["id"]
    still = {"id": "STILL", "kind": "option", "underlying": first, "right": "call", "strike": 1.0}
    still |= {"expiry": "2030-01-18", "exercise": "european", "price": 1.0}
    wider = book | {
        "instruments": [*book["instruments"], still],
        "positions": [*book["positions"], {"account": "A1", "instrument": "STILL", "quantity": -2}],
        "values": book["values"] | {"STILL": dict.fromkeys(POINTS, 1.0)},
    }
    before = {(g.group, g.alone): g for g in cpm_margin(book, steps=TREE_STEPS)["A1"].groups}
    for group in cpm_margin(wider, steps=TREE_STEPS)["A1"].groups:
        old = before.get((group.group, group.alone))
        assert group.scan == pytest.approx(old.scan if old is not None else 0.0)
        old_floor = old.floor if old is not None else 0.0
        assert group.floor == pytest.approx(old_floor) or group.floor == pytest.approx(old_floor + 75.0)


@calm
@given(linear_books())
def test_the_worst_point_of_a_linear_book_is_an_end(book: Book) -> None:
    for result in cpm_margin(book, steps=TREE_STEPS).values():
        for group in result.groups:
            assert group.scan == pytest.approx(max(0.0, -group.vector["d5"], -group.vector["u5"]), abs=1e-6)


@calm
@given(linear_books(), st.integers(0, 20))
def test_a_wider_range_never_lowers_the_margin_of_a_linear_book(book: Book, more: int) -> None:
    wider = RANGES | {"alone": (-0.15 - more / 100, 0.15 + more / 100)}  # type: ignore[operator]
    assert at_most(margins(book), margins(book, ranges=wider))


@calm
@given(books())
def test_order_of_positions_plays_no_part(book: Book) -> None:
    turned = margins(book | {"positions": book["positions"][::-1]})
    for account, margin in margins(book).items():
        assert turned[account] == pytest.approx(margin, rel=1e-9, abs=1e-6)


@calm
@given(books(sources=MODELLED, all_equity=True))
def test_the_house_is_never_below_the_rule_and_rises_with_its_buffer(book: Book) -> None:
    dated = house_margin(book, steps=TREE_STEPS)
    low, high = (house_margin(book, buffer=buffer, steps=TREE_STEPS) for buffer in (0.0, 0.5))
    for account, margin in margins(book).items():
        lowest, middle, highest = low[account].house, dated[account].house, high[account].house
        assert lowest is not None
        assert middle is not None
        assert highest is not None
        assert margin - CENT <= lowest <= middle <= highest
        assert ("margin_call" in dated[account].alerts) <= ("usage" in dated[account].alerts)


@calm
@given(covariance_books())
def test_covariance_is_even_and_no_more_than_the_sum_of_its_risks(book: Book) -> None:
    turned = covariance_margin(
        with_positions(book, lambda row: row | {"quantity": -row["quantity"]}), steps=TREE_STEPS
    )
    for account, result in covariance_margin(book, steps=TREE_STEPS).items():
        assert turned[account].maintenance == pytest.approx(result.maintenance, rel=1e-6, abs=1e-6)
        assert result.sigma <= sum(abs(risk) for risk in result.risks.values()) * (1 + RELATIVE) + CENT


@calm
@given(books(sources=MODELLED))
def test_stress_is_the_worst_loss_and_its_buffer(book: Book) -> None:
    plain = stress_margin(book, buffer=0.0, steps=TREE_STEPS)
    for account, result in stress_margin(book, buffer=0.25, steps=TREE_STEPS).items():
        assert result.worst_loss == max(0.0, -min(result.vector.values()))
        assert result.maintenance == pytest.approx(1.25 * plain[account].maintenance)
