"""A plan for one date: segments and rows chosen, constants folded exactly, dead parts dropped.

Every pass is a pure function over nodes; the result is a plan that the engine runs as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pmdsl.data import shown_path
from pmdsl.diagnostics import PmdslError
from pmdsl.plan.folding import folded
from pmdsl.plan.nodes import Axis, Binding, DataTable, Level, Node, Output, Plan
from pmdsl.plan.reach import needed, stands_on
from pmdsl.plan.unverified import count_unverified


def simplify(plan: Plan, on: date) -> Plan:
    """The plan for a date inside the dates that its rule set covers. Raises PmdslError outside them."""
    start, end = plan.covers
    if on < start or (end is not None and on > end):
        until = f"to {end}" if end else "onward"
        raise PmdslError.single("PM407", f"{plan.name} covers {start} {until}, and is asked for {on}")
    nodes = reached([chosen(node, on, plan) for node in plan.nodes])
    # What is folded away below was used all the same.
    used = count_unverified(replace(plan, nodes=tuple(nodes)))
    nodes = shortened(fold_all(nodes))
    return compact(replace(plan, nodes=tuple(nodes), on=on, unverified=used))


# ---- dates
# -----------------------------------------------------------------------------------------------------------


def chosen(node: Node, on: date, plan: Plan) -> Node:
    """A dated node takes its segment; a table keeps the rows in force."""
    if node.op == "dated":
        return replace(node, op="same", inputs=(segment(node, on, plan),), params={})
    if node.op == "match":
        rows = tuple(
            row if in_force(period, on) else None
            for row, period in zip(node.params["rows"], node.params["periods"], strict=True)
        )
        params = {key: value for key, value in node.params.items() if key != "periods"}
        return replace(node, params={**params, "rows": rows})
    return node


def in_force(period: tuple[str | None, str | None], on: date) -> bool:
    """Whether a date lies in a period; both ends are inclusive, None is open."""
    start, end = period
    return (start is None or start <= on.isoformat()) and (end is None or on.isoformat() <= end)


def segment(node: Node, on: date, plan: Plan) -> int:
    """The input of the segment in force: the last one that has begun, unless it has ended."""
    begun = [(i, period) for i, period in enumerate(node.params["segments"]) if period[0] <= on.isoformat()]
    if not begun or not in_force(begun[-1][1], on):
        name = node.params.get("name", "")
        place = f"{shown_path(node.origin.file)}:{node.origin.line}"
        raise PmdslError.single("PM408", f"{plan.name}: `{name}` has no value on {on} ({place})")
    return node.inputs[begun[-1][0]]


def reached(nodes: list[Node]) -> list[Node]:
    """Conditions and cells of rows that are not in force are cut off, so that what only they need can be
    dropped.
    """
    out = list(nodes)
    for index, node in enumerate(nodes):
        if node.op == "match":
            out[index] = without_dead_whens(node)
        elif node.op == "select":
            rows = behind(nodes, node.inputs[0]).params["rows"]
            row, *cells = node.inputs
            live = [pattern is not None for pattern in rows]
            out[index] = replace(node, inputs=(row, *cells_in_force(row, cells, live)))
        elif node.op == "collect":
            out[index] = replace(node, inputs=tuple(collected(nodes, node)))
    return out


def cells_in_force(row: int, cells: Sequence[int], live: Sequence[bool]) -> Iterator[int]:
    """The cells of a column; instead of one that is not in force stands one that is, and is not read there.

    Where none is in force, the row stands for all of them.
    """
    other = next((cell for cell, there in zip(cells, live, strict=True) if there), row)
    return (cell if there else other for cell, there in zip(cells, live, strict=True))


def collected(nodes: list[Node], node: Node) -> Iterator[int]:
    """The inputs of a sum over rows; what is summed of a row that is not in force is whether it fits: 0."""
    for fits, cell in zip(node.inputs[::2], node.inputs[1::2], strict=True):
        rows = behind(nodes, behind(nodes, fits).inputs[0]).params["rows"]
        yield from (fits, fits if rows == (None,) else cell)


def behind(nodes: list[Node], number: int) -> Node:
    """A node, or the coarser one that it is seen from below."""
    node = nodes[number]
    while node.op == "down":
        node = nodes[node.inputs[0]]
    return node


def without_dead_whens(node: Node) -> Node:
    """A match whose conditions are those of the rows in force."""
    keys = node.params["keys"]
    whens: list[int] = []
    positions: list[int] = []
    for row, position in zip(node.params["rows"], node.params["whens"], strict=True):
        if row is None or position < 0:
            positions.append(-1)
            continue
        positions.append(len(whens))
        whens.append(node.inputs[keys + position])
    return replace(
        node, inputs=(*node.inputs[:keys], *whens), params={**node.params, "whens": tuple(positions)}
    )


def fold_all(nodes: list[Node]) -> list[Node]:
    """Constants folded in running order, so that one folded feeds the next."""
    out: list[Node] = []
    for node in nodes:
        out.append(folded(node, out))
    return out


def shortened(nodes: list[Node]) -> list[Node]:
    """`same` nodes are stepped over by those that read them."""
    target: list[int] = []
    for index, node in enumerate(nodes):
        target.append(target[node.inputs[0]] if node.op == "same" else index)
    return [reading(node, tuple(target[i] for i in node.inputs)) for node in nodes]


def reading(node: Node, inputs: tuple[int, ...]) -> Node:
    """The node with other inputs; itself where they are the same, as those of most nodes are."""
    return node if inputs == node.inputs else replace(node, inputs=inputs)


# ---- renumbering
# -----------------------------------------------------------------------------------------------------


def compact(plan: Plan) -> Plan:
    """The plan with equal nodes shared and nodes that nothing needs dropped."""
    live = needed(plan)
    number: dict[int, int] = {}
    known: dict[str, int] = {}
    kept: list[Node] = []
    for index, node in enumerate(plan.nodes):
        if node.op == "same":
            number[index] = number.get(node.inputs[0], -1)
            continue
        if index not in live:
            continue
        moved = reading(node, tuple(number[i] for i in node.inputs))
        params = sorted(moved.params.items())
        key = f"{moved.op} {moved.inputs} {params!r} {moved.level} {moved.axes} {moved.base} {moved.unit}"
        if key not in known:
            known[key] = len(kept)
            kept.append(moved)
        number[index] = known[key]
    return renumbered(plan, kept, number)


def standing(levels: Mapping[str, Level]) -> dict[str, Level]:
    """The levels that have everything they stand on."""
    left = {
        name: level for name, level in levels.items() if all(other in levels for other in stands_on(level))
    }
    return left if len(left) == len(levels) else standing(left)


def renumbered(plan: Plan, kept: list[Node], number: Mapping[int, int]) -> Plan:
    """Every reference to a node by its new number; levels and axes that are gone are dropped."""

    def moved_level(level: Level) -> Level | None:
        return (
            replace(level, keys=tuple(number[i] for i in level.keys))
            if all(i in number for i in level.keys)
            else None
        )

    def moved_axis(axis: Axis) -> Axis:
        return replace(axis, node=number.get(axis.node, -1))

    def moved_binding(b: Binding) -> Binding:
        return replace(
            b, amount=number[b.amount], by=number[b.by], active=number[b.active] if b.active >= 0 else -1
        )

    def moved_output(output: Output) -> Output:
        return replace(output, node=number[output.node], binding=tuple(map(moved_binding, output.binding)))

    read = {(node.params["table"], node.params["column"]) for node in kept if node.op == "input"}
    asked = asked_tables(kept)
    levels = {name: moved for name, level in plan.levels.items() if (moved := moved_level(level)) is not None}
    return replace(
        plan,
        nodes=tuple(kept),
        levels=standing(levels),
        axes={name: moved_axis(axis) for name, axis in plan.axes.items()},
        outputs=tuple(map(moved_output, plan.outputs)),
        inputs=tuple(column for column in plan.inputs if (column.table, column.column) in read),
        data={name: table for name, table in plan.data.items() if is_asked(table, asked)},
        steps={name: number[i] for name, i in plan.steps.items() if number.get(i, -1) >= 0},
    )


ASKING = {"given": "data", "lookup": "table", "cell": "table", "has": "table"}


def asked_tables(nodes: Sequence[Node]) -> frozenset[tuple[str, str]]:
    """The tables that nodes ask for: `data` by the name under which it is given, `table` by its own."""
    return frozenset((what, node.params[what]) for node in nodes if (what := ASKING.get(node.op)))


def is_asked(table: DataTable, asked: frozenset[tuple[str, str]]) -> bool:
    """Whether a table is among those that are asked for."""
    return ("data", table.given_as) in asked or ("table", table.name) in asked
