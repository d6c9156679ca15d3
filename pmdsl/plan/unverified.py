"""How much of what an answer uses nobody has verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pmdsl.plan.nodes import Node, Origin, Plan
from pmdsl.plan.reach import reach

Mark = tuple[str, str | int]


def count_unverified(plan: Plan) -> int:
    """How many declarations and rows marked `unverified` the answers of a plan use.

    The plan is for one date, its dates chosen and nothing folded yet: the nodes of an unverified declaration
    are its own then (`Graph.enter`). Claims are no part of an answer.
    """
    answers = tuple(output for output in plan.outputs if output.kind != "check")
    found = reach(replace(plan, outputs=answers))
    marks: set[Mark] = {("level", name) for name in found.levels if plan.levels[name].unverified}
    for index in found.nodes:
        node = plan.nodes[index]
        if node.origin.unverified:
            marks.add((node.origin.file, node.origin.name))
        marks.update((row.file, row.line) for row in rows_of(node, plan) if row.unverified)
    return len(marks)


def rows_of(node: Node, plan: Plan) -> Iterator[Origin]:
    """The rows that a node reads, of a table or of an axis, as far as they are in force."""
    written = plan.tables.get(str(node.params.get("table" if node.op in ("match", "model") else "axis")))
    if written is None:
        return
    if node.op != "match":
        yield from written.rows
        return
    patterns = node.params["rows"]
    if len(written.rows) == len(patterns):
        yield from (row for row, live in zip(written.rows, patterns, strict=True) if live is not None)
    elif patterns[0] is not None:  # one row of a table that collects
        yield from (row for row in written.rows if row.line == node.origin.line)
