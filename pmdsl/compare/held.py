"""What one position shows in an explanation: its size, what a unit is worth, and at the point that bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmdsl.compare.explanation import Held
from pmdsl.engine.columns import plain
from pmdsl.engine.demand.matches import inputs_of
from pmdsl.engine.listing import legs_of
from pmdsl.engine.trace import Trace
from pmdsl.plan.nodes import Node


def held_of(traced: Trace, term: int, row: int, points: Mapping[str, int], amount: float) -> Held:
    """A row of a finest table under a term of its level, at some points."""
    level = traced.scene.node(term).level
    nodes = list(near(traced, term))
    shocked = next((n for n in nodes if is_value(traced, n, True)), None)
    plain = next((n for n in nodes if is_value(traced, n, False)), None)

    def read(number: int | None) -> float | None:
        return cell(traced, number, level, row, points) if number is not None else None

    model = next((n for n in nodes if traced.scene.node(n).op == "model"), None)
    return Held(
        position=traced.label(level, row),
        quantity=read(attribute(traced, nodes, "position", "quantity")),
        multiplier=read(attribute(traced, nodes, "instrument", "multiplier")),
        model=model_name(traced, model, read(model)),
        value=read(plain),
        shocked=read(shocked),
        amount=amount,
    )


def match_of(traced: Trace, term: int, row: int, points: Mapping[str, int], amount: float) -> Held:
    """A match that a pairing took, with the contracts of each leg: `straddle: -8 XYZ-C, -8 XYZ-P`."""
    level = traced.scene.node(term).level
    found = next((n for n in near(traced, term) if traced.scene.node(n).op == "pairing"), None)
    count = cell(traced, found, level, row, points) if found is not None else None
    if found is None or count is None:
        return Held(traced.label(level, row), None, None, "", None, None, amount)
    axes = traced.scene.node(found).axes
    inputs = inputs_of(traced.scene, found, tuple(points[axis] for axis in axes))
    legs = ", ".join(f"{plain(leg.contracts)} {leg.position}" for leg in legs_of(traced, inputs, row, count))
    pattern = inputs.level.patterns[int(inputs.pattern[row])].name.partition(".")[0]
    return Held(f"{pattern}: {legs}", None, None, "", None, None, amount)


def near(traced: Trace, term: int) -> Iterator[int]:
    """The nodes that a term is made of, on its own level and on instruments, nearest first."""
    own = (traced.scene.node(term).level, "instrument")
    seen: set[int] = set()
    queue = [term]
    for number in queue:
        if number in seen or traced.scene.node(number).level not in own:
            continue
        seen.add(number)
        yield number
        queue.extend(traced.scene.node(number).inputs)


def is_value(traced: Trace, number: int, shocked: bool) -> bool:
    """Whether a node is the theoretical value of instruments, under shocks or without."""
    node = traced.scene.node(number)
    return node.op == "revalue" and bool(node.params["shocks"]) is shocked


def attribute(traced: Trace, nodes: list[int], table: str, column: str) -> int | None:
    """The node that reads an attribute."""

    def reads(node: Node) -> bool:
        return node.op == "input" and node.params["table"] == table and node.params["column"] == column

    return next((number for number in nodes if reads(traced.scene.node(number))), None)


def cell(traced: Trace, number: int, level: str, row: int, points: Mapping[str, int]) -> float | None:
    """The value of a node for a row of a finest table; None where it is not there, or still along an axis."""
    node, values = traced.scene.node(number), traced.value(number)
    if values is None or any(axis not in points for axis in node.axes):
        return None
    at = row if node.level == level else int(traced.scene.block.parent(level, node.level)[row])
    if at < 0:
        return None
    found = values[min(at, len(values) - 1)]
    for axis in node.axes:
        found = found[min(points[axis], len(found) - 1)]
    return None if found != found else float(found)


def model_name(traced: Trace, number: int | None, row: float | None) -> str:
    """The pricing model of a position."""
    if number is None or row is None or row < 0:
        return ""
    return str(traced.scene.node(number).params["models"][int(row)]["name"])
