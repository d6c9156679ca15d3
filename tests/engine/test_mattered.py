"""What mattered to an account: the rows and branches that were taken, the keys of its groups."""

from __future__ import annotations

from pmdsl.engine import bind
from tests.engine.building import Building, book
from tests.engine.two_accounts import ACCOUNTS, FOLD, HELD, SHARES


def test_rows_and_branches_that_mattered() -> None:
    building = Building()
    breadth = building.input("underlying", "breadth", building.word("narrow"), base="text")
    row = building.add(
        "match", breadth, base="row", table="size", keys=1, names=("breadth",), whens=(-1, -1, -1),
        first=False,
        rows=tuple(({"is": (word,)},) for word in ("broad", "narrow", "odd")),
    )  # fmt: skip
    price = building.input("underlying", "price")
    cell = building.add("select", row, price, building.const(2), price, table="size", column="x")
    value = building.add("down", building.add("down", cell, level="instrument"), level="position")
    quantity = building.input("position", "quantity")
    long = building.add("gt", quantity, building.const(0), base="bool")
    branch = building.add("if", long, value, building.input("position", "trade_price"))
    out = building.add("fold_into", branch, long, level="account", kind="sum", where=True, if_empty=False)
    building.output(out, "initial", "requirement")
    held = [*HELD, {"account": "A1", "instrument": "ABC", "quantity": -5.0}]
    unders = [{"id": "XYZ", "price": 5.0, "breadth": "broad"}, {"id": "ABC", "breadth": "narrow"}]
    answer = bind(building.plan(), book(held, SHARES, unders, ACCOUNTS)).run()
    assert answer.amounts("initial").tolist() == [5.0, 2.0]
    trace = answer.trace("A1")
    assert [(f.table, f.row, f.labels) for f in trace.fired()] == [("size", 0, ("XYZ",))]
    assert [(t.node, t.first) for t in trace.taken()] == [(branch, True)]
    assert [f.row for f in answer.trace("A2").fired()] == [1]
    needed = trace.demand()
    assert [trace.label("position", int(r)) for r in needed[branch].rows] == ["XYZ"]
    assert price in needed
    assert price not in answer.trace("A2").demand()


def test_keys_of_groups_matter_to_what_is_summed_into_them() -> None:
    building = Building()
    family = building.input("underlying", "family", building.word("rest"), base="text")
    row = building.add(
        "match",
        family,
        base="row",
        table="g",
        keys=1,
        whens=(-1, -1),
        first=True,
        rows=(({"is": ("f",)},), (None,)),
    )
    group = building.add(
        "select", row, building.word("one"), building.word("two"), base="text", table="g", column="g"
    )
    building.group("product", "position", "underlying", group)
    sums = building.add(
        "fold_into", building.input("position", "quantity"), level="product", kind="sum", **FOLD
    )
    building.output(
        building.add("fold_into", sums, level="account", kind="sum", **FOLD), "initial", "requirement"
    )
    unders = [{"id": "XYZ", "family": "f"}, {"id": "ABC"}]
    answer = bind(building.plan(), book(HELD, SHARES, unders, ACCOUNTS)).run()
    assert [(f.row, f.labels) for f in answer.trace("A1").fired()] == [(0, ("XYZ",))]
    assert [(f.row, f.labels) for f in answer.trace("A2").fired()] == [(1, ("ABC",))]
