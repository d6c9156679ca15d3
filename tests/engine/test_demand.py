"""What mattered, on plans drawn at random: what did not may be anything, and the answer stays bit for bit.

And whatever could not be had is explained.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import bind
from tests.engine.building import Building, book

INPUTS = "abcde"
CELL = st.sampled_from([None, -2.0, -1.0, 0.0, 1.0, 3.0])
OPS = st.sampled_from(
    ["add", "mul", "div", "max", "if", "and", "ratio", "match", "stack", "pick", "clamp", "or"]
)
STEP = st.tuples(OPS, st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))


def drawn(steps: list[tuple[str, int, int, int]]) -> tuple[Building, list[int], int]:
    """A plan over underlyings and positions from random steps; each takes any of the values before it."""
    building = Building()
    building.axis("point", "p", "q", "r")
    inputs = [building.input("underlying", name) for name in INPUTS]
    values = list(inputs)
    for op, *picks in steps:
        x, y, z = (values[pick % len(values)] for pick in picks)
        values.append(step(building, op, x, y, z))
    return building, inputs, values[-1]


def step(building: Building, op: str, x: int, y: int, z: int) -> int:
    """One operation on three numbers of each underlying."""
    zero = building.const(0)
    above = building.add("gt", x, zero, base="bool")
    if op in ("add", "mul", "div", "max"):
        return building.add(op, x, y)
    if op == "if":
        return building.add("if", above, y, z)
    if op in ("and", "or"):
        other = building.add("gt", y, zero, base="bool")
        return building.add("if", building.add(op, above, other, base="bool"), z, zero)
    if op == "ratio":
        return building.add("ratio", x, y, z)
    if op == "clamp":
        return building.add("clamp", x, building.const(-1), building.const(2))
    if op == "match":
        row = building.add(
            "match", x, above, base="row", table="t", keys=1, first=True,
            rows=(({"is": ("1",)},), ({"from": "0", "to": None},), (None,)), whens=(-1, 0, -1),
        )  # fmt: skip
        return building.add("select", row, y, z, zero, table="t", column="c")
    along = building.add("stack", x, y, z, axes=("point",), axis="point")
    if op == "stack":
        where = building.add("gt", along, building.const(-2), base="bool")
        params: dict[str, Any] = {
            "axis": "point",
            "kind": "largest",
            "axes": (),
            "where": True,
            "if_empty": True,
        }
        return building.add("fold_over", along, where, y, **params)
    point = building.add(
        "if", above, point_of(building, "p"), point_of(building, "r"), base="point", unit="point"
    )
    return building.add("pick", along, point, axes=(), axis="point")


def point_of(building: Building, name: str) -> int:
    return building.add("point", base="point", unit="point", axis="point", value=name)


def answers(building: Building, cells: list[list[Any]]) -> tuple[Any, Any]:
    """The requirement of two accounts that hold two underlyings each, and the trace of the first."""
    unders = [
        {"id": f"U{i}", **{n: None if x is None else repr(x) for n, x in zip(INPUTS, row, strict=True)}}
        for i, row in enumerate(cells)
    ]
    shares = [{"id": u["id"], "underlying": u["id"]} for u in unders]
    held = [{"account": "AB"[i // 2], "instrument": f"U{i}", "quantity": 1.0 + i} for i in range(4)]
    answer = bind(building.plan(), book(held, shares, unders, [{"id": "A"}, {"id": "B"}])).run()
    assert [bool(answer.messages(name)) for name in "AB"] == answer.failed().tolist()
    return answer.amounts("out"), answer.trace("A")


@given(
    steps=st.lists(STEP, min_size=1, max_size=6),
    cells=st.lists(st.lists(CELL, min_size=5, max_size=5), min_size=4, max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_what_did_not_matter_may_be_anything(steps: list[Any], cells: list[list[Any]]) -> None:
    building, inputs, last = drawn(steps)
    value = building.add("down", building.add("down", last, level="instrument"), level="position")
    product = building.add("mul", value, building.input("position", "quantity"))
    where = building.add("ge", building.input("position", "quantity"), building.const(2), base="bool")
    total = building.add("fold_into", product, where, level="account", kind="sum", where=True, if_empty=False)
    building.output(total, "out", "requirement")
    before, trace = answers(building, cells)
    needed = trace.demand()
    other = [list(row) for row in cells]
    for k, node in enumerate(inputs):
        rows = set(needed[node].rows.tolist()) if node in needed else set()
        for row in set(range(4)) - rows:
            other[row][k] = None if other[row][k] is not None else 7.0
    after, _ = answers(building, other)
    assert before[:1].tobytes() == after[:1].tobytes()
