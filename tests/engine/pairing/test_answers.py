"""Pairings of a whole rule set: against the exhaustive search, and however accounts are listed and cut."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import Answer, Listed, bind, listed
from pmdsl.engine.kernels import pairing as kernel
from pmdsl.engine.pairing import Pairing, Reason
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


# ---- changed rules -----------------------------------------------------------------------------------------

HELD_HERE = {
    "XYZ": Fraction(250), "XC90": Fraction(-3), "XC95": Fraction(2), "XP90": Fraction(-2),
    "AC40": Fraction(-1), "ABC": Fraction(150),
}  # fmt: skip


def answered(held: Holding, *changes: tuple[str, str]) -> Answer:
    return bind(plan(*changes), market_book([held])).run()


def test_a_pairing_for_each_point_of_an_axis() -> None:
    """A rate that is an axis: the largest of two requirements, each with a pairing of its own."""
    axis = "scenarios rate {\n    | rate | part |\n    | low | 1% |\n    | high | 40% |\n  }\n"
    changes = [("  step risk  = 20% *", f"{axis}  step risk  = rate.part *")]
    for name in ("opening.initial", "daily.maintenance"):
        changes.append((f"sum {name} into account", f"largest (sum {name} into account) over rate"))
    both = answered(HELD_HERE, *changes)
    each = [answered(HELD_HERE, ("= 20% *", f"= {rate}% *")) for rate in (1, 40)]
    for amount in ("initial", "maintenance"):
        assert both.amounts(amount)[0] == max(answer.amounts(amount)[0] for answer in each)
    node = next(k for k, n in enumerate(both.plan.nodes) if n.op == "pairing" and n.origin.name == "opening")
    for point, answer in enumerate(each):
        assert listed(both.trace("A0"), node, (point,)) == listing(answer, "A0")
    assert asked(both, "A0", "XC90", "price")


COUNT = ("long  stock s\n      short call  c", "long  stock s count {}\n      short call  c")


def counting(count: str) -> tuple[str, str]:
    return COUNT[0], COUNT[1].format(count)


def test_a_leg_may_be_counted() -> None:
    """150 shares a call, and 250 shares: one call is covered."""
    held = {"XYZ": Fraction(250), "XC90": Fraction(-2)}
    answer = answered(held, counting("1.5 * c.instrument.multiplier"))
    said = {entry.pattern: [leg.contracts for leg in entry.legs] for entry in listing(answer, "A0")}
    assert said == {"long_stock": [100.0], "short_option": [-1.0], "covered_call": [150.0, -1.0]}


@pytest.mark.parametrize(
    ("changes", "held", "code", "message"),
    [
        (
            (counting("0 * c.instrument.multiplier"),), {"XYZ": 250, "XC90": -1}, "PM728",
            "cover covered_call of XYZ, XC90 of account A0 would take 0 contracts of its leg `s`",
        ),
        (
            (("pattern short_stock {\n      short stock s", "pattern short_stock {\n      long stock s"),),
            {"XYZ": -100}, "PM727",
            "no pattern of one leg in `cover`, as `opening` uses it, takes the position -100 XYZ of account",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_positions_that_cannot_be_paired(
    changes: tuple[tuple[str, str], ...], held: dict[str, int], code: str, message: str
) -> None:
    answer = answered({name: Fraction(n) for name, n in held.items()}, *changes)
    found = [m for m in answer.messages("A0") if m.code == code]
    assert found
    assert found[0].message.startswith(message)
    assert answer.requirements("A0")["initial"] is None


def test_a_solver_that_gives_up_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "paired", lambda question: Pairing(
        np.zeros(len(question.group)), np.full(question.groups, Reason.UNSOLVED)
    ))  # fmt: skip
    answer = answered({"XYZ": Fraction(100)})
    assert next((m.code, m.message) for m in answer.messages("A0")) == (
        "PM730",
        "no cheapest pairing of name XYZ of account A0 was found: `opening` (cover.margin:82)",
    )


def test_an_account_without_an_answer_leaves_the_others_theirs() -> None:
    held = [{"XYZ": Fraction(100), "XC90": Fraction(-1)}, {"ABC": Fraction(100), "AC40": Fraction(-1)}]
    answer = run(held, XC90={"price": None})
    assert answer.failed().tolist() == [True, False]
    assert answer.amounts("initial")[1] == run(held).amounts("initial")[1]


def test_nothing_held_needs_nothing() -> None:
    answer = run([{}, {"XC90": Fraction(0)}, {"XYZ": Fraction(0), "ABC": Fraction(10)}])
    assert answer.amounts("initial").tolist() == [0.0, 0.0, 200.0]
