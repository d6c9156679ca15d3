"""Pairings of a whole rule set: against the exhaustive search, and however accounts are listed and cut."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import Answer, Listed, bind, listed
from tests.engine.pairing.brute import search, totals
from tests.engine.pairing.covered import BY_ID, SPOT, Holding, group_of, market_book, plan

OPTION = st.integers(-2, 2).map(Fraction)
STOCK = st.sampled_from([Fraction(n) for n in (-100, 50, 100, 250)] + [Fraction(401, 2)])
HELD = st.fixed_dictionaries({}, optional={name: STOCK if name in SPOT else OPTION for name in BY_ID}).filter(
    lambda held: len(held) <= 5
)
ACCOUNTS = st.lists(HELD, min_size=1, max_size=3)


def cents(held: Holding, order: tuple[int, ...]) -> Fraction:
    """The first amount of the best pairing by some amounts, in cents: 0 is initial, 1 maintenance."""
    total = Fraction(0)
    for family in SPOT:
        group = group_of(held, family, order)
        found = search(group)
        assert found is not None
        total += totals(group, found)[0]
    return total


def run(accounts: list[Holding], rows: int = 10_000, **changed: dict[str, Any]) -> Answer:
    return bind(plan(), market_book(accounts, changed)).run(rows=rows)


@given(ACCOUNTS)
@settings(max_examples=60, deadline=None)
def test_requirements_are_the_smallest_there_are(accounts: list[Holding]) -> None:
    answer = run(accounts)
    for name, order in (("initial", (0, 1)), ("maintenance", (1, 0))):
        expected = [float(cents(held, order)) / 100 for held in accounts]
        assert answer.amounts(name) == pytest.approx(expected, abs=1e-6)
    assert not answer.failed().any()


# ---- the same whatever stands beside -----------------------------------------------------------------------


def listing(answer: Answer, account: str) -> tuple[Listed, ...]:
    """What the first pairing took in an account."""
    node = next(
        k for k, n in enumerate(answer.plan.nodes) if n.op == "pairing" and n.origin.name == "opening"
    )
    return listed(answer.trace(account), node)


@given(ACCOUNTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_no_order_and_no_company_changes_a_bit(accounts: list[Holding], choose: Any) -> None:
    whole = run(accounts)
    cut = run(accounts, rows=1)
    other = [dict(choose.sample(list(held.items()), len(held))) for held in accounts]
    turned = run(other[::-1])
    for number, held in enumerate(accounts):
        name, last = f"A{number}", f"A{len(accounts) - 1 - number}"
        alone = run([held])
        for amount in ("initial", "maintenance"):
            found = whole.amounts(amount)[number]
            assert cut.amounts(amount)[number] == found
            assert alone.amounts(amount)[0] == found
            assert turned.amounts(amount)[len(accounts) - 1 - number] == found
        assert listing(whole, name) == listing(turned, last) == listing(alone, "A0") == listing(cut, name)


@given(HELD)
@settings(max_examples=60, deadline=None)
def test_a_listing_holds_every_position_once_over(held: Holding) -> None:
    answer = run([held])
    found: dict[str, Fraction] = {}
    for entry in listing(answer, "A0"):
        assert entry.count > 0
        for leg in entry.legs:
            found[leg.position] = found.get(leg.position, Fraction(0)) + Fraction(leg.contracts)
    assert found == {name: quantity for name, quantity in held.items() if quantity}


def test_a_listing_by_hand() -> None:
    held = {
        "XYZ": Fraction(901, 2), "XC90": Fraction(-6), "XC95": Fraction(1), "XP90": Fraction(-3),
    }  # fmt: skip
    answer = run([held])
    said = [(e.group, e.pattern, e.count, [(leg.position, leg.contracts) for leg in e.legs])
            for e in listing(answer, "A0")]  # fmt: skip
    assert said == [
        ("XYZ", "long_stock", 50.5, [("XYZ", 50.5)]),
        ("XYZ", "long_option", 1.0, [("XC95", 1.0)]),
        ("XYZ", "short_option", 1.0, [("XP90", -1.0)]),
        ("XYZ", "straddle", 2.0, [("XC90", -2.0), ("XP90", -2.0)]),
        ("XYZ", "covered_call", 4.0, [("XYZ", 400.0), ("XC90", -4.0)]),
    ]


# ---- what cannot be had ------------------------------------------------------------------------------------

LACKING = st.tuples(
    st.sampled_from([name for name in BY_ID if name not in SPOT]),
    st.sampled_from(["price", "right", "strike", "expiry", "settlement", "multiplier", "kind"]),
)


@given(st.lists(HELD.filter(bool), min_size=1, max_size=2), LACKING)
@settings(max_examples=120, deadline=None)
def test_what_is_missing_is_asked_for_or_changes_nothing(
    accounts: list[Holding], lacking: tuple[str, str]
) -> None:
    name, column = lacking
    answer, without = run(accounts), run(accounts, **{name: {column: None}})
    for number in range(len(accounts)):
        account = f"A{number}"
        before, after = answer.requirements(account), without.requirements(account)
        messages = without.messages(account)
        if None in after.values():
            assert messages
            assert all(
                str(m.message).startswith(f"the instrument {name} has no `{column}`") for m in messages
            )
            assert asked(answer, account, name, column)
        elif not asked(answer, account, name, column):
            assert after == before
            assert not messages


def asked(answer: Answer, account: str, name: str, column: str) -> bool:
    """Whether a cell of an instrument mattered to the requirements of an account."""
    trace = answer.trace(account)
    row = answer.run.index.levels["instrument"].ids[name]
    cells = [
        need
        for number, need in trace.demand().items()
        if answer.plan.nodes[number].op == "input"
        and answer.plan.nodes[number].params["table"] == "instrument"
        and answer.plan.nodes[number].params["column"] == column
    ]
    return any(row in need.rows.tolist() for need in cells)
