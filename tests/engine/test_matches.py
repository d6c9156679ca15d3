"""Levels of matches: candidates against a search through all combinations, and what their rows are."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.diagnostics import PmdslError
from pmdsl.engine import bind, matches
from pmdsl.engine.measures import smallest_whole
from pmdsl.plan.nodes import Join, Level, Pattern, Slot
from tests.engine.building import Building, book
from tests.engine.compare import cells, values

COLUMNS = ("kind", "x", "y", "size")
LEGS = {"a": ("long", None), "b": ("short", None), "c": ("long", "even"), "d": ("any", "odd")}
POSITION = st.fixed_dictionaries(
    {
        "account": st.sampled_from("AB"),
        "under": st.integers(0, 1),
        "kind": st.sampled_from(["even", "odd", None]),
        "x": st.sampled_from([1.0, 2.0, 2.0, 3.0, None]),
        "y": st.sampled_from([1.0, 2.0]),
        "size": st.sampled_from([1.0, 10.0, 100.0, 0.1]),
        "quantity": st.integers(-2, 2).map(float),
    }
)
OPS = ("eq", "ne", "lt", "le", "gt", "ge")


@st.composite
def patterns(draw: Any) -> tuple[Pattern, ...]:
    """Places of keys: 0 to 3 say which positions the legs a to d take, 4 is x, 5 is y."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        legs = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
        same = draw(st.lists(st.sampled_from([4, 5]), max_size=1))
        joins = []
        if len(legs) > 1:
            for _ in range(draw(st.integers(0, 2))):
                pair = draw(st.permutations(range(len(legs))))[:2]
                left, right = draw(st.sampled_from([4, 5])), draw(st.sampled_from([4, 5]))
                joins.append(Join(tuple(pair), left, draw(st.sampled_from(OPS)), right))
        slots = tuple(Slot(f"s{i}", leg) for i, leg in enumerate(legs))
        found.append(Pattern(f"p{number}", slots, tuple(same), tuple(joins)))
    return tuple(found)


def built(given_patterns: tuple[Pattern, ...], held: list[dict[str, Any]]) -> tuple[Building, Any]:
    """A plan with a level of matches over positions grouped by underlying, and a book."""
    building = Building()
    under = building.input("underlying", "id", base="text")
    building.group("under", "position", "underlying", under, entity="underlying")
    bases = {"kind": "text", "x": "number", "y": "number", "size": "number"}
    read = {
        name: building.add("down", building.input("instrument", name, base=base), level="position", base=base)
        for name, base in bases.items()
    }
    quantity, zero = building.input("position", "quantity"), building.const(0)
    keys = []
    for side, kind in LEGS.values():
        op = {"long": "gt", "short": "lt", "any": "ne"}[side]
        here = building.add(op, quantity, zero, base="bool")
        if kind:
            fits = building.add("eq", read["kind"], building.word(kind), base="bool")
            here = building.add("and", here, fits, base="bool")
        keys.append(here)
    keys += [read["x"], read["y"], read["size"]]
    building.levels["ways"] = Level(
        "ways", "match", "position", tuple(keys), within="under", patterns=given_patterns, size=6
    )
    instruments = [
        {"id": f"I{i:02d}", "underlying": f"U{row['under']}", **{
            name: None if row[name] is None else str(row[name]) for name in COLUMNS
        }}
        for i, row in enumerate(held)
    ]  # fmt: skip
    positions = [
        {"account": row["account"], "instrument": f"I{i:02d}", "quantity": row["quantity"]}
        for i, row in enumerate(held)
    ]
    unders = [{"id": "U0"}, {"id": "U1"}]
    return building, book(positions, instruments, unders, [{"id": "A"}, {"id": "B"}])


def takes(leg: int, row: dict[str, Any]) -> bool | None:
    """Whether a position can fill a leg; None where that cannot be told."""
    side, kind = list(LEGS.values())[leg]
    on_side = {"long": row["quantity"] > 0, "short": row["quantity"] < 0, "any": row["quantity"] != 0}[side]
    if kind is None or not on_side:
        return on_side
    return None if row["kind"] is None else row["kind"] == kind


def holds(op: str, x: Any, y: Any) -> bool:
    if x is None or y is None:
        return False
    return bool({"eq": x == y, "ne": x != y, "lt": x < y, "le": x <= y, "gt": x > y, "ge": x >= y}[op])


def search(pattern: Pattern, held: list[dict[str, Any]]) -> set[tuple[int, ...]]:
    """Every way to fill the slots of a pattern."""
    value = {4: "x", 5: "y"}
    found = set()
    for legs in permutations(range(len(held)), len(pattern.slots)):
        rows = [held[i] for i in legs]
        good = all(takes(slot.taken, row) for slot, row in zip(pattern.slots, rows, strict=True))
        good = good and len({(row["account"], row["under"]) for row in rows}) == 1
        if len(rows) > 1:
            for place in pattern.same:
                good = good and all(holds("eq", rows[0][value[place]], row[value[place]]) for row in rows)
            for join in pattern.joins:
                one, other = (rows[slot] for slot in join.slots)
                good = good and holds(join.op, one[value[join.left]], other[value[join.right]])
            compared = {value[place] for place in pattern.same}
            good = good and not any(row[name] is None for row in rows for name in compared)
        if good:
            found.add(legs)
    return found


@given(patterns(), st.lists(POSITION, max_size=7))
@settings(max_examples=150, deadline=None)
def test_candidates_are_all_ways_to_fill_the_slots(
    given_patterns: tuple[Pattern, ...], held: list[dict[str, Any]]
) -> None:
    building, given_book = built(given_patterns, held)
    width = max(len(pattern.slots) for pattern in given_patterns)
    building.output(building.add("pattern", level="ways", base="text"), "pattern")
    name = building.add(
        "down", building.input("instrument", "id", base="text"), level="position", base="text"
    )
    for slot in range(width):
        leg = building.add("down", name, level="ways", base="text", along=str(slot))
        building.output(leg, f"leg{slot}")
    answer = bind(building.plan(), given_book).run()
    words = answer.bound.world.interner
    columns = [[words.text(code) for code in answer.values[k].tolist()] for k in range(width + 1)]
    rows = list(zip(*columns, strict=True))
    expected = set()
    for pattern in given_patterns:
        for legs in search(pattern, held):
            ids = [f"I{i:02d}" for i in legs] + [""] * (width - len(legs))
            expected.add((pattern.name, *ids))
    alone = {row[1] for row in rows if row[0] == ""}
    assert {row for row in rows if row[0]} == expected
    assert len(rows) == len(expected) + len(alone)
    single = {row[1] for row in expected if sum(map(bool, row)) == 2}
    assert alone == {f"I{i:02d}" for i in range(len(held))} - single


def test_rows_stand_by_account_group_pattern_and_legs() -> None:
    two = (Pattern("pair", (Slot("l", 0), Slot("s", 1))), Pattern("one", (Slot("l", 0),)))
    held = [
        {"account": a, "under": 0, "kind": "odd", "x": 1.0, "y": 1.0, "size": 1.0, "quantity": q}
        for a in "BA"
        for q in (1.0, -1.0, 2.0)
    ]
    building, given_book = built(two, held)
    building.output(building.add("pattern", level="ways", base="text"), "pattern")
    answer = bind(building.plan(), given_book).run()
    index = answer.run.index
    assert [index.label("ways", row) for row in range(index.size("ways"))] == [
        "nothing of I04", "pair of I03, I04", "pair of I05, I04", "one of I03", "one of I05",
        "nothing of I01", "pair of I00, I01", "pair of I02, I01", "one of I00", "one of I02",
    ]  # fmt: skip
    assert index.parent("ways", "account").tolist() == [0] * 5 + [1] * 5
    assert list(answer.reports("B")["pattern"]) == [index.label("ways", row) for row in range(5, 10)]


SIZES = [
    ([100.0, 1.0], [1, 100]),
    ([100.0, 10.0], [1, 10]),
    ([0.1 * 100, 100.0], [10, 1]),
    ([12.0, 18.0], [3, 2]),
    ([33.3, 100.0], [1000, 333]),
    ([12.0, 18.0, 8.0], [6, 4, 9]),
    ([1e12, 1e12], [1, 1]),
    ([np.pi, 1.0], None),
    ([33.333333, 100.0], None),
    ([0.0, 1.0], None),
    ([-1.0, 1.0], None),
    ([np.nan, 1.0], None),
    ([1e-9, 1.0], None),
    ([np.inf, 1.0], None),
]


@pytest.mark.parametrize(("sizes", "expected"), SIZES)
def test_the_smallest_match(sizes: list[float], expected: list[float] | None) -> None:
    given_sizes = np.array([sizes, [1.0] * len(sizes)])
    found = smallest_whole(given_sizes, np.ones(given_sizes.shape, dtype=bool))
    assert cells(found) == [expected or [None] * len(sizes), [1.0] * len(sizes)]


def test_a_slot_that_is_counted_is_left_out() -> None:
    pattern = Pattern("ratio", (Slot("l", 0), Slot("s", 1, counted=True)))
    sizes = (10.0, 7.0)
    held = [
        {"account": "A", "under": 0, "kind": "odd", "x": 1.0, "y": 1.0, "size": size, "quantity": q}
        for size, q in zip(sizes, (1.0, -1.0), strict=True)
    ]
    building, given_book = built((pattern,), held)
    for slot in range(2):
        building.output(building.add("contracts", level="ways", slot=slot), f"s{slot}")
    found = [cells(x) for x in values(building, given_book)]
    assert found == [[1.0, 1.0, 1.0], [None, None, None]]


def test_too_many_combinations_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matches, "MOST_MATCHES", 3)
    pattern = Pattern("pair", (Slot("l", 0), Slot("s", 1)))
    held = [
        {"account": "A", "under": 0, "kind": "odd", "x": 1.0, "y": 1.0, "size": 1.0, "quantity": q}
        for q in (1.0, 1.0, -1.0, -1.0)
    ]
    building, given_book = built((pattern,), held)
    building.output(building.add("pattern", level="ways", base="text"), "pattern")
    with pytest.raises(PmdslError, match="the pattern `pair` would be tried on"):
        bind(building.plan(), given_book).run()
