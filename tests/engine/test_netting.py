"""Positions that become one, positions that stay apart, and books with nothing in them."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import bind
from tests.engine.building import Building, book
from tests.engine.compare import cells
from tests.engine.test_tims import ACCOUNTS, SHARES, UNDERS, tims

ROW = st.fixed_dictionaries(
    {
        "account": st.sampled_from("AB"),
        "instrument": st.sampled_from(["X", "Y"]),
        "quantity": st.sampled_from([-3.0, -1.0, 0.1, 0.2, 1.0, 2.0, 5.0]),
        "trade_price": st.sampled_from([None, 10.0, 10.0, 12.0]),
        "desk": st.sampled_from([None, "d", "e"]),
    }
)


def reading(lots: bool) -> Building:
    building = Building(lots=lots)
    building.output(building.input("position", "quantity"), "quantity")
    building.output(building.input("position", "trade_price"), "price")
    building.output(building.input("position", "desk", base="text"), "desk")
    building.output(building.input("position", "instrument", base="text"), "instrument")
    building.output(building.input("position", "account", base="text"), "account")
    return building


def expected(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What netting means, by loops and fractions."""
    parts: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        parts[row["account"], row["instrument"]].append(row)
    found = []
    for key in sorted(parts):
        mine = parts[key]
        prices, desks = {r["trade_price"] for r in mine}, {r["desk"] for r in mine}
        desk = mine[0]["desk"] if len(desks) == 1 else None
        one_side = all(r["quantity"] > 0 for r in mine) or all(r["quantity"] < 0 for r in mine)
        total = sum(Fraction(r["quantity"]) for r in mine)
        price: Any = None
        if len(prices) == 1:
            price = mine[0]["trade_price"]
        elif None not in prices and one_side:
            price = float(sum(Fraction(r["quantity"]) * Fraction(r["trade_price"]) for r in mine) / total)
        found.append((*key, float(total), price, desk))
    return found


@given(rows=st.lists(ROW, max_size=8))
@settings(max_examples=80, deadline=None)
def test_equal_positions_become_one(rows: list[dict[str, Any]]) -> None:
    bound = bind(
        reading(lots=False).plan(), book(rows, [{"id": "Y"}, {"id": "X"}], (), [{"id": "A"}, {"id": "B"}])
    )
    quantity, price, desk, instrument, account = bound.run().values.values()
    word = bound.world.interner.text
    found = zip(
        account.tolist(), instrument.tolist(), cells(quantity), cells(price), cells(desk), strict=True
    )
    listed = [(word(a), word(i), q, p, None if d is None else word(d)) for a, i, q, p, d in found]
    for one, other in zip(listed, expected(rows), strict=True):
        assert (one[:2], one[4]) == (other[:2], other[4])
        assert math.isclose(one[2], other[2], abs_tol=1e-12)
        assert (one[3] is None) == (other[3] is None)
        assert one[3] is None or math.isclose(one[3], other[3], rel_tol=1e-12)


@given(rows=st.lists(ROW, max_size=8))
@settings(max_examples=30, deadline=None)
def test_lots_stay_apart(rows: list[dict[str, Any]]) -> None:
    answer = bind(
        reading(lots=True).plan(), book(rows, [{"id": "X"}, {"id": "Y"}], (), [{"id": "A"}, {"id": "B"}])
    ).run()
    assert sorted(answer.values[0].tolist()) == sorted(row["quantity"] for row in rows)


def test_tenths_add_up_to_the_same_bits_in_any_order() -> None:
    seen = set()
    for order in ([0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.2, 0.1, 0.3]):
        rows = [{"instrument": "X", "quantity": q} for q in order]
        answer = bind(reading(lots=False).plan(), book(rows, [{"id": "X"}])).run()
        seen.add(answer.values[0].tobytes())
    assert len(seen) == 1


def test_books_with_nothing_in_them() -> None:
    empty = bind(tims().plan(), book((), (), (), ACCOUNTS)).run()
    assert empty.amounts("maintenance").tolist() == [0.0, 0.0, 0.0]
    assert bind(tims().plan(), book((), (), (), ())).run().accounts == ()
    unheld = bind(tims().plan(), book((), SHARES, UNDERS, ACCOUNTS)).run()
    assert unheld.amounts("maintenance").tolist() == [0.0, 0.0, 0.0]


def test_a_shock_that_differs_by_position_prices_position_by_position() -> None:
    building = Building()
    model = building.add(
        "model", building.const("1", "bool"), level="instrument", base="row", models=({"name": "linear"},)
    )
    volatility = building.add("volatility", model)
    quantity = building.input("position", "quantity")
    at = [
        building.add("down", node, level="position", base=base)
        for node, base in ((model, "row"), (volatility, "number"))
    ]
    shock = building.add("div", quantity, building.const(100))
    value = building.add("revalue", *at, shock, shocks=("price_by",))
    building.output(value, "value")
    held = [{"account": a, "instrument": "XYZ", "quantity": q} for a, q in (("A1", 10.0), ("A2", -20.0))]
    answer = bind(building.plan(), book(held, SHARES, UNDERS, ACCOUNTS)).run(rows=1)
    assert answer.values[0].tolist() == [50.0 * 1.1, 50.0 * 0.8]


def test_attributes_of_the_market_and_of_accounts() -> None:
    building = Building()
    vix = building.input("market", "vix")
    tier = building.input("account", "tier", building.word("retail"), base="text")
    retail = building.add("eq", tier, building.word("retail"), base="bool")
    building.output(building.add("if", retail, vix, building.const(0)), "vix", "requirement")
    answer = bind(
        building.plan(), book(accounts=[{"id": "A"}, {"id": "B", "tier": "bank"}], market={"vix": "14.2"})
    ).run()
    assert answer.amounts("vix").tolist() == [14.2, 0.0]
    without = bind(building.plan(), book(accounts=[{"id": "A"}, {"id": "B", "tier": "bank"}])).run()
    assert [m.message for m in without.messages("A")] == ["the market has no `vix`"]
    assert without.messages("B") == ()
