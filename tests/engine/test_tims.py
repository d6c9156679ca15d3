"""A margin of the TIMS kind on a plan made by hand, with numbers worked by hand; blocks, order and bits."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from pmdsl.engine import Bind, bind
from pmdsl.engine.rounding import money
from pmdsl.plan.nodes import Binding
from tests.engine.building import Building, book

FOLD: dict[str, Any] = {"where": False, "if_empty": False}


def tims(lots: bool = False) -> Building:
    """Classes, product groups with offsets, portfolio groups, ranges, a minimum; shares only."""
    building = Building(lots=lots)
    point = building.axis("point", "d2", "d1", "u1", "u2")
    tracks = building.input(
        "underlying", "tracks", building.input("underlying", "id", base="text"), base="text"
    )
    building.group("class", "position", "underlying", tracks, entity="underlying")
    breadth = building.input(
        "underlying", "breadth", building.word("narrow"), base="text", words=("broad", "narrow")
    )
    broad = building.add(
        "eq",
        building.add("agree", breadth, level="class.key", base="text"),
        building.word("broad"),
        base="bool",
    )
    match = building.add(
        "match", broad, base="row", table="product", keys=0, first=True, rows=((), ()), whens=(0, -1)
    )
    group = building.add(
        "select",
        match,
        building.word("broad_index"),
        building.word("alone"),
        base="text",
        table="product",
        column="g",
    )
    building.group("product", "class", "class.key", group)
    portfolio = building.add(
        "select", match, building.word("indexes"), building.word("alone"), base="text", table="product"
    )
    agreed = building.add("agree", portfolio, level="product.key", base="text")
    building.group("portfolio", "product", "product.key", agreed)
    key = building.add("key", level="product.key", base="text")
    building.nodes[key] = building.nodes[key].__class__(
        "key", (), {"level": "product.key", "part": 0}, "product.key", (), "text"
    )
    ranges = building.add(
        "match", key, base="row", table="range", keys=1, names=("product",), whens=(-1, -1), first=False,
        rows=(({"is": ("broad_index",)},), ({"is": ("alone",)},)),
    )  # fmt: skip
    size = building.add(
        "select", ranges, building.const("1/10"), building.const("3/20"), table="range", column="size"
    )
    offset = building.add(
        "select", ranges, building.const("9/10"), building.const("1"), table="range", column="offset"
    )
    move = building.add("mul", building.column(point, "-1", "-1/2", "1/2", "1"), size)
    move = building.add("down", building.add("down", move, level="underlying"), level="instrument")
    model = building.add(
        "model", building.const("1", "bool"), level="instrument", base="row", models=({"name": "linear"},)
    )
    volatility = building.add("volatility", model)
    shocked = building.add("revalue", model, volatility, move, shocks=("price_by",))
    value = building.add("revalue", model, volatility, shocks=())
    change = building.add("down", building.add("sub", shocked, value), level="position")
    quantity = building.input("position", "quantity")
    pnl = building.add("mul", quantity, change)
    by_class = building.add("fold_into", pnl, level="class", kind="sum", **FOLD)
    by_product = building.add(
        "net_into", by_class, building.add("down", offset, level="class"), level="product"
    )
    by_portfolio = building.add("fold_into", by_product, level="portfolio", kind="sum", **FOLD)
    scan = building.add("fold_over", by_portfolio, axes=(), axis="point", kind="worst", **FOLD)
    least = building.add("mul", building.add("abs", quantity), building.const("3/8"))
    floor = building.add("fold_into", least, level="portfolio", kind="sum", **FOLD)
    amount = building.add("max", scan, floor)
    where = building.add(
        "arg_over", by_portfolio, axes=(), base="point", unit="point", axis="point", kind="worst", **FOLD
    )
    name = building.add("point_name", where, base="text", axis="point")
    by = building.add(
        "if", building.add("ge", scan, floor, base="bool"), name, building.word("minimum"), base="text"
    )
    total = building.add("fold_into", amount, level="account", kind="sum", **FOLD)
    building.output(total, "maintenance", "requirement", binding=(Binding("portfolio", amount, by),))
    equity = building.input("account", "equity")
    rich = building.add("ge", equity, building.const(100_000), base="bool")
    building.output(rich, "minimum_equity", "eligible", message="enough equity")
    poor = building.add("lt", equity, total, base="bool")
    building.output(poor, "call", "alert", message="equity is below the requirement", severity="high")
    building.output(by_portfolio, "vector")
    return building


UNDERS = [
    {"id": "SPX", "price": 1000.0, "breadth": "broad"},
    {"id": "SPY", "price": 100.0, "tracks": "SPX", "breadth": "narrow"},
    {"id": "NDX", "price": 500.0, "breadth": "broad"},
    {"id": "XYZ", "price": 50.0},
]
SHARES = [{"id": u["id"], "underlying": u["id"], "kind": "share"} for u in UNDERS]
ACCOUNTS = [{"id": "A1", "equity": 200_000}, {"id": "A2", "equity": 500}, {"id": "A3"}]
HELD = [
    {"account": "A1", "instrument": "XYZ", "quantity": 100.0},
    {"account": "A1", "instrument": "SPX", "quantity": 10.0},
    {"account": "A1", "instrument": "SPY", "quantity": -50.0},
    {"account": "A1", "instrument": "NDX", "quantity": -10.0},
    {"account": "A2", "instrument": "XYZ", "quantity": -30.0},
    {"account": "A2", "instrument": "XYZ", "quantity": 29.0},
]


def test_by_hand() -> None:
    answer = bind(tims().plan(), book(HELD, SHARES, UNDERS, ACCOUNTS)).run()
    # XYZ: 100 x 50 x 15%. Class SPX: 10 x 1000 - 50 x 100 = 5000 of value; NDX: -5000. At +10%: 500
    # gain, 500 loss,
    # 90% of the gain counts: 50; likewise at -10%. The minimum is 3/8 for each of 70 units: 26.25.
    assert answer.requirements("A1") == {"maintenance": Decimal("800.00")}
    assert answer.binding("A1")["maintenance"] == (
        Bind("portfolio", "XYZ", Decimal("750.00"), "d2"),
        Bind("portfolio", "indexes", Decimal("50.00"), "d2"),
    )
    assert answer.eligible("A1") == {"minimum_equity": True}
    assert answer.alerts("A1") == ()
    # One share short: the worst is at +15%, 7.50, above 0.375.
    assert answer.requirements("A2") == {"maintenance": Decimal("7.50")}
    assert answer.binding("A2")["maintenance"][0].by == "u2"
    assert answer.eligible("A2") == {"minimum_equity": False}
    # An account without positions needs nothing; without equity its conditions are not checked.
    assert answer.requirements("A3") == {"maintenance": Decimal("0.00")}
    assert answer.binding("A3") == {"maintenance": ()}
    assert answer.eligible("A3") == {"minimum_equity": None}
    assert answer.messages("A3") == ()


def test_what_bound_all_accounts_is_what_bound_each() -> None:
    answer = bind(tims().plan(), book(*random_book(30, 20))).run()
    [columns] = answer.bindings("maintenance")
    found: dict[str, list[Any]] = {name: [] for name in answer.accounts}
    for account, group, amount, by in zip(
        columns.account.tolist(), columns.group, columns.amount, columns.by, strict=True
    ):
        found[answer.accounts[account]].append((group, money(amount, "USD"), by))
    for name in answer.accounts:
        assert found[name] == [(b.group, b.amount, b.by) for b in answer.binding(name)["maintenance"]]


def test_a_call_is_raised_and_messages_are_empty() -> None:
    poor = [{"id": "A1", "equity": 100}]
    answer = bind(tims().plan(), book(HELD[:1], SHARES, UNDERS, poor)).run()
    assert [(a.name, a.severity) for a in answer.alerts("A1")] == [("call", "high")]
    whole = answer.account("A1")
    assert whole.messages == ()
    assert whole.reports["vector"] == {
        "XYZ": {
            "d2": pytest.approx(-750),
            "d1": pytest.approx(-375),
            "u1": pytest.approx(375),
            "u2": pytest.approx(750),
        }
    }


def random_book(accounts: int, each: int, seed: int = 3) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    draw = random.Random(seed)
    unders: list[Any] = [
        {
            "id": f"U{i:02d}",
            "price": round(draw.uniform(5, 500), 2),
            "breadth": draw.choice(["broad", "narrow"]),
        }
        for i in range(30)
    ]
    for under in unders[20:]:
        under["tracks"] = draw.choice(unders[:20])["id"]
    shares = [{"id": u["id"], "underlying": u["id"], "kind": "share"} for u in unders]
    owners = [{"id": f"A{i:03d}", "equity": draw.uniform(0, 1e6)} for i in range(accounts)]
    held = [
        {"account": owner["id"], "instrument": draw.choice(shares)["id"], "quantity": draw.uniform(-50, 50)}
        for owner in owners
        for _ in range(draw.randint(0, each))
    ]
    return held, shares, unders, owners


def bits(
    building: Building, held: Any, shares: Any, unders: Any, owners: Any, rows: int = 1 << 20
) -> dict[str, bytes]:
    answer = bind(building.plan(), book(held, shares, unders, owners)).run(rows=rows)
    found = answer.amounts("maintenance")
    return {name: found[row].tobytes() for name, row in answer.row_of.items()}


@pytest.mark.parametrize("lots", [False, True])
def test_blocks_of_any_size_give_the_same_bits(lots: bool) -> None:
    given = random_book(60, 25)
    expected = bits(tims(lots), *given)
    for rows in (1, 7, 100, 333):
        assert bits(tims(lots), *given, rows=rows) == expected


@pytest.mark.parametrize("lots", [False, True])
def test_the_order_of_rows_in_the_file_does_not_matter(lots: bool) -> None:
    given = random_book(20, 40)
    expected = bits(tims(lots), *given)
    draw = random.Random(5)
    for _ in range(3):
        assert bits(tims(lots), *(draw.sample(part, len(part)) for part in given)) == expected


def test_an_account_by_itself_has_the_bits_it_has_among_others() -> None:
    held, shares, unders, owners = random_book(20, 20)
    expected = bits(tims(), held, shares, unders, owners)
    for owner in owners[:5]:
        mine = [row for row in held if row["account"] == owner["id"]]
        assert bits(tims(), mine, shares, unders, [owner])[owner["id"]] == expected[owner["id"]]


def test_the_binding_parts_add_up_to_the_requirement_bit_by_bit() -> None:
    given = random_book(10, 20)
    answer = bind(tims().plan(), book(*given)).run()
    for name in answer.accounts:
        traced = answer.trace(name)
        again = traced.value(answer.plan.outputs[0].node)
        assert again.tobytes() == answer.amounts("maintenance")[answer.row_of[name]].tobytes()


def test_holdings_other_than_the_books() -> None:
    from pmdsl.engine import Holdings

    held, shares, unders, owners = random_book(20, 20)
    full = book(held, shares, unders, owners)
    bound = bind(tims().plan(), book((), shares, unders, owners))
    assert np.array_equal(bound.run(Holdings.of(full)).amounts("maintenance"), bits_of(full))


def bits_of(full: Any) -> Any:
    return bind(tims().plan(), full).run().amounts("maintenance")
