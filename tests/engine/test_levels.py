"""Going down and going up: levels, groups, folds, nets and agreement, against the oracle."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import bind
from tests.engine.building import Building, book
from tests.engine.compare import cells, close, values
from tests.oracle import operators as oracle

KINDS = ("sum", "largest", "smallest", "average")
NUMBER = st.one_of(st.none(), st.integers(-8, 8).map(float), st.floats(-100, 100).map(lambda x: round(x, 3)))
TRUTH = st.sampled_from([None, 0.0, 1.0, 1.0, 0.0])
POSITION = st.fixed_dictionaries(
    {
        "account": st.sampled_from("ABC"),
        "under": st.integers(0, 3),
        "x": NUMBER,
        "where": TRUTH,
        "credit": NUMBER,
    }
)
HELD = st.lists(POSITION, max_size=14)


def market(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Four underlyings in two families, and one instrument a position."""
    unders = [{"id": f"U{i}", "family": "even" if i % 2 == 0 else "odd"} for i in range(4)]
    return unders, [{"id": f"I{i:02d}", "kind": "share"} for i in range(count)]


def held_book(held: list[dict[str, Any]]) -> Any:
    unders, instruments = market(len(held))
    positions = []
    for i, row in enumerate(held):
        instruments[i]["underlying"] = f"U{row['under']}"
        instruments[i].update({k: None if row[k] is None else repr(row[k]) for k in ("x", "credit")})
        instruments[i]["where"] = None if row["where"] is None else str(int(row["where"]))
        positions.append({"account": row["account"], "instrument": f"I{i:02d}", "quantity": 1.0})
    return book(positions, instruments, unders, [{"id": a} for a in "ABC"])


def chain(building: Building) -> tuple[int, int, int]:
    """position -> under -> family -> account, and x, where, credit at positions."""
    key = building.input("underlying", "id", base="text")
    building.group("under", "position", "underlying", key, entity="underlying")
    family = building.input("underlying", "family", base="text")
    agreed = building.add("agree", family, level="under.key", base="text")
    building.group("family", "under", "under.key", agreed)
    bases = {"x": "number", "where": "bool", "credit": "number"}
    read = [building.input("instrument", name, base=base) for name, base in bases.items()]
    x, where, credit = (building.add("down", i, level="position", base=building.nodes[i].base) for i in read)
    return x, where, credit


def grouped(held: list[dict[str, Any]], by: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Members of each group in the order of the groups: by account, then by name."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in held:
        name = {"account": "", "under": f"U{row['under']}", "family": "odd" if row["under"] % 2 else "even"}[
            by
        ]
        found[row["account"], name].append(row)
    if by == "account":
        return {(a, ""): found[a, ""] for a in "ABC"}
    order = {"U0": 0, "U2": 1, "U1": 2, "U3": 3} if by == "under" else {"even": 0, "odd": 1}
    return dict(sorted(found.items(), key=lambda item: (item[0][0], order[item[0][1]])))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("into", ["under", "family", "account"])
@given(held=HELD)
@settings(max_examples=25, deadline=None)
def test_fold_into(kind: str, into: str, held: list[dict[str, Any]]) -> None:
    building = Building()
    x, where, _ = chain(building)
    empty = building.const(-7)
    plain: dict[str, Any] = {"level": into, "kind": kind}
    building.output(building.add("fold_into", x, **plain, where=False, if_empty=False))
    building.output(building.add("fold_into", x, where, **plain, where=True, if_empty=False))
    building.output(building.add("fold_into", x, where, empty, **plain, where=True, if_empty=True))
    found = values(building, held_book(held))
    groups = grouped(held, into).values()
    xs = [[row["x"] for row in group] for group in groups]
    ws = [[row["where"] for row in group] for group in groups]
    close(cells(found[0]), [oracle.fold(kind, x) for x in xs])
    close(cells(found[1]), [oracle.fold(kind, x, w) for x, w in zip(xs, ws, strict=True)])
    close(cells(found[2]), [oracle.fold(kind, x, w, -7.0) for x, w in zip(xs, ws, strict=True)])


@given(held=HELD)
@settings(max_examples=40, deadline=None)
def test_net_into(held: list[dict[str, Any]]) -> None:
    building = Building()
    x, where, credit = chain(building)
    building.output(building.add("net_into", x, credit, level="family", where=False))
    building.output(building.add("net_into", x, building.const("9/10"), level="family", where=False))
    building.output(building.add("net_into", x, credit, where, level="account", where=True))
    found = values(building, held_book(held))
    groups = grouped(held, "family").values()
    close(cells(found[0]), [oracle.net([r["x"] for r in g], [r["credit"] for r in g]) for g in groups])
    close(cells(found[1]), [oracle.net([r["x"] for r in g], [0.9 for _ in g]) for g in groups])
    nets = [
        oracle.net([r["x"] for r in g], [r["credit"] for r in g], [r["where"] for r in g])
        for g in grouped(held, "account").values()
    ]
    close(cells(found[2]), nets)


def test_net_by_hand() -> None:
    held = [{"account": "A", "under": 0, "x": x, "where": 1.0, "credit": 0.9} for x in (-100.0, 40.0, 10.0)]
    building = Building()
    x, _, credit = chain(building)
    building.output(building.add("net_into", x, credit, level="account", where=False))
    assert values(building, held_book(held))[0][0] == -100 + 0.9 * 50


def by_value(pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Pairs in an order that does not tell 0 from -0 nor sums that differ by round-off."""
    return sorted(pairs, key=lambda pair: [(x is None, round(x or 0.0, 6) + 0.0) for x in pair])


@given(held=HELD)
@settings(max_examples=30, deadline=None)
def test_down_takes_the_parents_value(held: list[dict[str, Any]]) -> None:
    building = Building()
    x, _, _ = chain(building)
    total = building.add("fold_into", x, level="family", kind="sum", where=False, if_empty=False)
    building.output(building.add("down", total, level="position"))
    building.output(building.add("down", building.input("account", "equity"), level="position"))
    building.output(x)
    found = values(building, held_book(held))
    sums = {name: oracle.fold("sum", [r["x"] for r in g]) for name, g in grouped(held, "family").items()}
    expected = by_value([(r["x"], sums[r["account"], "odd" if r["under"] % 2 else "even"]) for r in held])
    got = by_value(list(zip(cells(found[2]), cells(found[0]), strict=True)))
    for (x1, t1), (x2, t2) in zip(got, expected, strict=True):
        close([x1, t1], [x2, t2])
    assert np.isnan(found[1]).all()


def test_an_entity_speaks_for_its_group_and_members_must_agree_elsewhere() -> None:
    building = Building()
    tracks = building.input("underlying", "tracks", base="text")
    building.group("class", "position", "underlying", tracks, entity="underlying")
    breadth = building.input("underlying", "breadth", base="text")
    building.output(building.add("agree", breadth, level="class.key", base="text"))
    unders = [
        {"id": "SPX", "tracks": "SPX", "breadth": "broad"},
        {"id": "SPY", "tracks": "SPX", "breadth": "narrow"},
        {"id": "X1", "tracks": "ABC", "breadth": "broad"},
        {"id": "X2", "tracks": "ABC", "breadth": "broad"},
        {"id": "Y1", "tracks": "DEF", "breadth": "broad"},
        {"id": "Y2", "tracks": "DEF", "breadth": "narrow"},
        {"id": "Z1", "tracks": "GHI", "breadth": "narrow"},
        {"id": "Z2", "tracks": "GHI"},
    ]
    bound = bind(building.plan(), book(underlyings=unders))
    found = bound.run().values[0]
    words = [bound.world.interner.text(int(code)) for code in found]
    assert words == ["broad", "", "", "broad"]


def test_alone_makes_each_member_a_group_of_its_own_that_still_reads_alone() -> None:
    building = Building()
    key = building.input("underlying", "id", base="text")
    building.group("class", "position", "underlying", key, entity="underlying")
    kind = building.add(
        "agree", building.input("underlying", "group", base="text"), level="class.key", base="text"
    )
    building.group("product", "class", "class.key", kind)
    part = building.add("key", level="product.key", base="text", part=0)
    building.nodes[part] = building.nodes[part].__class__(
        "key", (), {"level": "product.key", "part": 0}, "product.key", (), "text"
    )
    quantity = building.input("position", "quantity")
    total = building.add("fold_into", quantity, level="product", kind="sum", where=False, if_empty=False)
    building.output(total, "total")
    building.output(part, "part")
    unders = [
        {"id": "A1", "group": "alone"},
        {"id": "B1", "group": "indexes"},
        {"id": "C1", "group": "alone"},
    ]
    unders.append({"id": "D1", "group": "indexes"})
    instruments = [{"id": u["id"], "underlying": u["id"]} for u in unders]
    positions = [{"instrument": u["id"], "quantity": 2.0**i} for i, u in enumerate(unders)]
    answer = bind(building.plan(), book(positions, instruments, unders)).run()
    assert answer.reports("A")["total"] == {"A1": 1.0, "C1": 4.0, "indexes": 10.0}
    assert answer.reports("A")["part"] == {"A1": "alone", "C1": "alone", "indexes": "indexes"}


def test_a_group_that_cannot_be_told_is_poison_unless_nothing_in_it_counts() -> None:
    building = Building()
    key = building.input("underlying", "id", base="text")
    building.group("class", "position", "underlying", key, entity="underlying")
    quantity = building.input("position", "quantity")
    kind = building.add(
        "down", building.input("instrument", "kind", base="text"), level="position", base="text"
    )
    option = building.add("eq", kind, building.word("option"), base="bool")
    by_class: dict[str, Any] = {"level": "class", "kind": "sum", "if_empty": False}
    everything = building.add("fold_into", quantity, **by_class, where=False)
    options = building.add("fold_into", quantity, option, **by_class, where=True)
    for node in (everything, options):
        building.output(
            building.add("fold_into", node, level="account", kind="sum", where=False, if_empty=False)
        )
    instruments = [
        {"id": "cash", "kind": "cash"},
        {"id": "opt", "kind": "option", "underlying": "U"},
    ]
    positions = [{"instrument": "cash", "quantity": 5.0}, {"instrument": "opt", "quantity": 3.0}]
    found = values(building, book(positions, instruments, [{"id": "U"}]))
    assert cells(found[0]) == [None]
    assert cells(found[1]) == [3.0]


def test_a_group_with_a_condition_takes_only_some_members() -> None:
    building = Building()
    kind = building.input("instrument", "kind", base="text")
    option = building.add("eq", kind, building.word("option"), base="bool")
    strike = building.input("instrument", "strike")
    building.group("strike", "position", "instrument", strike, where=option)
    quantity = building.input("position", "quantity")
    total = building.add("fold_into", quantity, level="strike", kind="sum", where=False, if_empty=False)
    building.output(total, "total")
    building.output(building.add("down", total, level="position"), "back")
    instruments = [
        {"id": "S", "kind": "share", "strike": None},
        {"id": "O1", "kind": "option", "strike": 50},
        {"id": "O2", "kind": "option", "strike": 50},
        {"id": "O3", "kind": "option", "strike": 60},
    ]
    positions = [{"instrument": row["id"], "quantity": 1.0} for row in instruments]
    answer = bind(building.plan(), book(positions, instruments)).run()
    assert answer.reports("A")["total"] == {"50": 2.0, "60": 1.0}
    assert answer.reports("A")["back"] == {"S": None, "O1": 2.0, "O2": 2.0, "O3": 1.0}


def test_a_group_may_ask_what_the_account_itself_holds() -> None:
    building = Building()
    quantity = building.input("position", "quantity")
    held = building.add("gt", quantity, building.const(0), base="bool")
    key = building.input("instrument", "strike")
    building.group("long", "position", "instrument", key, where=held)
    building.output(
        building.add("fold_into", quantity, level="long", kind="sum", where=False, if_empty=False), "total"
    )
    instruments = [{"id": f"O{i}", "kind": "option", "strike": 50} for i in range(3)]
    positions = [
        {"account": account, "instrument": f"O{i}", "quantity": q}
        for account in "AB"
        for i, q in enumerate((1.0, -2.0, 4.0))
    ]
    answer = bind(building.plan(), book(positions, instruments, accounts=[{"id": "A"}, {"id": "B"}])).run(
        rows=1
    )
    assert [answer.reports(account)["total"] for account in "AB"] == [{"50": 5.0}] * 2


def test_currencies_that_meet_are_poison_and_rates_convert() -> None:
    building = Building()
    code = building.input("instrument", "currency", base="text")
    x = building.input("instrument", "x")
    building.output(building.add("currency", x, code, currency="USD"))
    building.output(building.add("mul", x, building.add("fx", code, to="USD")))
    codes = ("USD", "EUR", "JPY", "CHF")
    instruments = [{"id": f"I{i}", "currency": c, "x": "100"} for i, c in enumerate(codes)]
    found = values(building, book(instruments=instruments, fx={"EURUSD": 1.085, "USDJPY": 150.0}))
    assert cells(found[0]) == [100.0, None, None, None]
    close(cells(found[1]), [100.0, 108.5, 100 / 150.0, None])


def test_levels_that_stand_beside_the_chain_are_grouped_too() -> None:
    """A level whose groups are not contiguous in the order of the chain gives the same sums."""
    building = Building()
    under = building.input("underlying", "id", base="text")
    building.group("under", "position", "underlying", under, entity="underlying")
    issuer = building.input("instrument", "issuer", base="text")
    building.group("issuer", "position", "instrument", issuer)
    quantity = building.input("position", "quantity")
    total = building.add("fold_into", quantity, level="issuer", kind="sum", where=False, if_empty=False)
    building.output(total, "total")
    building.output(building.add("down", total, level="position"), "back")
    building.output(
        building.add("fold_into", total, level="account", kind="largest", where=False, if_empty=False), "most"
    )
    unders = [{"id": "U0"}, {"id": "U1"}]
    instruments = [{"id": f"I{i}", "underlying": f"U{i % 2}", "issuer": "ABC"[i % 3]} for i in range(6)]
    positions = [
        {"account": a, "instrument": f"I{i}", "quantity": float(10**i)}
        for a in "PQ"
        for i in range(6)
        if a == "P" or i < 3
    ]
    answer = bind(building.plan(), book(positions, instruments, unders, [{"id": "P"}, {"id": "Q"}])).run()
    assert answer.reports("P")["total"] == {"A": 1001.0, "B": 10010.0, "C": 100100.0}
    assert answer.reports("Q")["total"] == {"A": 1.0, "B": 10.0, "C": 100.0}
    assert answer.reports("P")["back"]["I3"] == 1001.0
    assert answer.reports("Q")["most"] == 100.0
