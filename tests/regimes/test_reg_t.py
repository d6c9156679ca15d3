"""`us.reg_t` against every way to pair, on random small books; the order of legs; no leg is dearer paired."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pmdsl.engine import Answer, evaluate
from pmdsl.portfolio import read_portfolio
from tests.oracle.reg_t import Holding, Name, Requirement, requirement
from tests.regimes.bundled import plan

ON = date(2024, 1, 19)
EXPIRIES = (date(2024, 3, 15), date(2024, 6, 21), date(2025, 6, 20))
STRIKES = (90, 95, 100, 105, 110)
Row = dict[str, Any]


@st.composite
def legs(draw: st.DrawFn) -> Row:
    """An option, or nothing of one."""
    return {
        "right": draw(st.sampled_from(("call", "put"))),
        "strike": draw(st.sampled_from(STRIKES)),
        "expiry": draw(st.sampled_from(EXPIRIES)),
        "exercise": draw(st.sampled_from(("american", "american", "american", "european"))),
        "multiplier": draw(st.sampled_from((100, 100, 100, 100, 50))),
        "quantity": draw(st.sampled_from((-3, -2, -1, 1, 2, 3))),
        "price": draw(st.integers(1, 60)) / 4,
        "trade_price": draw(st.integers(1, 60)) / 4,
    }


@st.composite
def books(draw: st.DrawFn) -> Row:
    """A name with shares in lots, and up to six options on it, no two of them the same."""
    found = draw(st.lists(legs(), min_size=1, max_size=5))
    options = {(o["right"], o["strike"], o["expiry"], o["exercise"], o["multiplier"]): o for o in found}
    return {
        "price": draw(st.sampled_from((100, 97.5, 104, 4))),
        "kind": draw(st.sampled_from(("stock", "etf"))),
        "breadth": draw(st.sampled_from(("narrow", "broad"))),
        "leverage": draw(st.sampled_from((1, 1, 2, -3))),
        "shares": draw(st.sampled_from((0, 0, 100, 200, 150, -100, -250))),
        "paid": draw(st.sampled_from((100, 92, 108))),
        "options": list(options.values()),
    }


def book_of(row: Row) -> Row:
    """The portfolio file of a drawn book."""
    instruments = [
        {"id": f"O{k}", "kind": "option", "underlying": "XYZ", **without(o, "quantity", "trade_price")}
        for k, o in enumerate(row["options"])
    ]
    positions = [
        {"account": "A", "instrument": f"O{k}", "quantity": o["quantity"], "trade_price": o["trade_price"]}
        for k, o in enumerate(row["options"])
    ]
    if row["shares"]:
        positions.append(
            {"account": "A", "instrument": "XYZ", "quantity": row["shares"], "trade_price": row["paid"]}
        )
    name = {"id": "XYZ", **{key: row[key] for key in ("price", "kind", "breadth", "leverage")}}
    return {
        "on": ON,
        "accounts": [{"id": "A"}],
        "underlyings": [name],
        "instruments": instruments,
        "positions": positions,
    }


def without(row: Row, *keys: str) -> Row:
    return {key: value for key, value in row.items() if key not in keys}


def expected(row: Row) -> Requirement:
    name = Name(Fraction(row["price"]), row["kind"], row["breadth"], Fraction(row["leverage"]))
    held = [
        Holding(
            name, 1 if o["quantity"] > 0 else -1, Fraction(o["price"]), Fraction(o["trade_price"]),
            o["multiplier"], o["right"], Fraction(o["strike"]), o["expiry"], o["exercise"],
        )
        for o in row["options"]
    ]  # fmt: skip
    quantities = [abs(o["quantity"]) for o in row["options"]]
    if row["shares"]:
        side = 1 if row["shares"] > 0 else -1
        held.append(Holding(name, side, Fraction(row["price"]), Fraction(row["paid"])))
        quantities.append(abs(row["shares"]))
    return requirement(tuple(held), tuple(quantities), ON)


def answered(row: Row) -> Answer:
    return evaluate(plan("us.reg_t", ON), read_portfolio(book_of(row)))


def cents(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


CALENDAR = {
    "price": 100, "kind": "stock", "breadth": "narrow", "leverage": 1, "shares": 100, "paid": 100,
    "options": [
        {"right": "call", "strike": 105, "expiry": EXPIRIES[1], "exercise": "american", "multiplier": 100,
         "quantity": 2, "price": 4.0, "trade_price": 5.0},
        {"right": "call", "strike": 100, "expiry": EXPIRIES[0], "exercise": "american", "multiplier": 100,
         "quantity": -3, "price": 3.0, "trade_price": 2.5},
        {"right": "put", "strike": 95, "expiry": EXPIRIES[0], "exercise": "american", "multiplier": 100,
         "quantity": -2, "price": 2.0, "trade_price": 2.5},
    ],
}  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(row=books())
@example(row=CALENDAR)
def test_no_pairing_is_cheaper(row: Row) -> None:
    found, wanted = answered(row).requirements("A"), expected(row)
    assert found["initial"] == cents(wanted.initial)
    assert found["deposit"] == cents(wanted.deposit)
    assert found["maintenance"] == cents(wanted.maintenance)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(row=books(), data=st.data())
def test_the_order_of_legs_changes_nothing(row: Row, data: st.DataObject) -> None:
    shuffled = {**row, "options": data.draw(st.permutations(row["options"]))}
    assert answered(row).requirements("A") == answered(shuffled).requirements("A")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(row=books())
def test_pairing_never_asks_for_more(row: Row) -> None:
    answer = answered(row)
    found = answer.requirements("A")
    assert found["initial"] is not None
    assert found["initial"] <= answer.reports("A")["unpaired"]
