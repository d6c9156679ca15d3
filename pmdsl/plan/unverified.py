"""How much of what an answer uses nobody has verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    lines = {name: by_line(written.rows) for name, written in plan.tables.items()}
    # Many nodes may read all rows of a table; its rows are looked at once.
    whole: set[str] = set()
    for index in found.nodes:
        node = plan.nodes[index]
        if node.origin.unverified:
            marks.add((node.origin.file, node.origin.name))
        name = str(node.params.get("table" if node.op in ("match", "model") else "axis"))
        if name in lines and node.op != "match":
            whole.add(name)
        elif name in lines:
            marks.update(marked(rows_of(node, plan.tables[name].rows, lines[name])))
    for name in whole:
        marks.update(marked(plan.tables[name].rows))
    return len(marks)


def marked(rows: Iterable[Origin]) -> Iterator[Mark]:
    """The rows that nobody has verified."""
    return ((row.file, row.line) for row in rows if row.unverified)


def by_line(rows: Sequence[Origin]) -> Mapping[int, Sequence[Origin]]:
    """The rows that stand on each line."""
    found: dict[int, list[Origin]] = {}
    for row in rows:
        found.setdefault(row.line, []).append(row)
    return found


def rows_of(match: Node, rows: Sequence[Origin], lines: Mapping[int, Sequence[Origin]]) -> Iterable[Origin]:
    """The rows of a table that a match reads, as far as they are in force."""
    patterns = match.params["rows"]
    if len(rows) == len(patterns):
        return (row for row, live in zip(rows, patterns, strict=True) if live is not None)
    # One row of a table that collects.
    return lines.get(match.origin.line, ()) if patterns[0] is not None else ()
