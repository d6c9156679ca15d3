"""`expect fires range[alone]`: the row that a look-up of these keys takes mattered to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.plan.lower.tables import Layout, header_word
from pmdsl.plan.nodes import Node
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.testing.constants import Constant, constant
from pmdsl.testing.coverage.items import ROW, Place, place_of, place_of_node
from pmdsl.testing.coverage.observed import Seen, marks, scenes
from pmdsl.testing.coverage.recorder import spans_of
from pmdsl.testing.coverage.written import layout_in
from pmdsl.testing.situation import Situation


def expect_fires(expect: ast.ExpectFires, situation: Situation, findings: Findings) -> None:
    """Report a row that nothing of the answer stands on."""
    answer = situation.answer
    keys = [constant(arg.value, findings) for arg in expect.args]
    known = [key for key in keys if key is not None]
    if answer is None or len(known) < len(keys):
        return
    table = find_table(expect, situation, findings)
    if table is None:
        return
    declared, layout = table
    name, place = str(getattr(declared, "name", "pricing")), place_of(declared.span)
    nodes = [n for n in answer.plan.nodes if n.params.get("table") == name and place_of_node(n) == place]
    spans = rows_of(layout, known, nodes, expect, findings)
    fired = rows_fired(situation)
    if not spans or any(place_of(span) in fired for span in spans):
        return
    others = [span for span in layout.spans if place_of(span) in fired]
    told = "; ".join(said(span) for span in others[:4])
    hint = f"these were: {told}" if others else f"no row of `{expect.table}` was"
    message = f"this row of `{expect.table}` was not reached: {said(spans[0])}"
    findings.add("PM806", message, expect.span, hint=hint)


def find_table(
    expect: ast.ExpectFires, situation: Situation, findings: Findings
) -> tuple[ast.Declaration, Layout] | None:
    """The table of a name with its rows; `base.range` is the parent's."""
    elaborator = situation.rules.compiled.elaborator
    parts = expect.table.parts
    if parts[0] == "base" and elaborator.base is not None:
        elaborator, parts = elaborator.base, parts[1:]
    program = elaborator.program
    tables = {
        str(getattr(d, "name", "pricing")): d for d in program.declared.values() if layout_in(d) is not None
    }
    declared = tables.get(".".join(parts))
    layout = layout_in(declared) if declared is not None else None
    if declared is None or layout is None:
        hint = did_you_mean(".".join(parts), tables)
        findings.add(
            "PM813", f"`{situation.rules.name}` has no table `{expect.table}`", expect.table.span, hint=hint
        )
        return None
    return declared, layout


# ---- which row ---------------------------------------------------------------------------------------------


def rows_of(
    layout: Layout,
    keys: Sequence[Constant],
    nodes: Sequence[Node],
    expect: ast.ExpectFires,
    findings: Findings,
) -> list[Span]:
    """The rows that the keys may take: the first that fits, and those before it that a condition may leave
    out.

    A table whose rows have conditions only is asked by what its rows say.
    """
    sizes = [n.params["rows"] for n in nodes if "rows" in n.params]
    patterns = next((rows for rows in sizes if len(rows) == len(layout.rows)), None)
    written = [key for key in layout.keys if layout.rows and key in layout.rows[0]]
    if patterns is None or not written:
        rows = [
            row
            for row, cells in enumerate(layout.rows)
            if len(keys) == 1 and keys[0].said in spoken(cells, layout)
        ]
    elif len(keys) != len(written):
        findings.add("PM814", f"`{expect.table}` has {len(written)} keys: {', '.join(written)}", expect.span)
        return []
    else:
        rows = fitting(layout, patterns, [layout.keys.index(key) for key in written], keys)
    if not rows:
        hint = f"its rows are {'; '.join(said(span) for span in layout.spans[:6])}"
        findings.add("PM814", f"`{expect.table}` has no such row on this date", expect.span, hint=hint)
    return [layout.spans[row] for row in rows]


def fitting(layout: Layout, patterns: Sequence[Any], at: list[int], keys: Sequence[Constant]) -> list[int]:
    """The rows in force that fit some keys, up to the first that has no further condition."""
    found = []
    for row, parts in enumerate(patterns):
        if parts and all(fits(parts[k], key) for k, key in zip(at, keys, strict=True)):
            found.append(row)
            if isinstance(layout.rows[row].get("when"), ast.AnyCell | None):
                break
    return found


def spoken(cells: dict[str, ast.Expr | None], layout: Layout) -> set[str]:
    """What the value cells of a row say."""
    found = [cells.get(word) for word in (*layout.values, *layout.keys)]
    names = {header_word(cell) for cell in found if isinstance(cell, ast.Call)}
    return names | {
        "alone" if isinstance(cell, ast.AloneCell) else cell.span.text.strip('"')
        for cell in found
        if cell is not None
    }


def fits(pattern: dict[str, Any] | None, key: Constant) -> bool:
    """Whether a key lies in a pattern of a plan."""
    if pattern is None:
        return True
    if "is" in pattern:
        return any(same(text, key) for text in pattern["is"])
    x = ordered(key)
    low, high = (None if pattern[end] is None else edge(str(pattern[end])) for end in ("from", "to"))
    above = low is None or x > low or (x == low and not pattern.get("from_open"))
    below = high is None or x < high or (x == high and bool(pattern.get("to_closed")))
    return above and below


def same(text: str, key: Constant) -> bool:
    return edge(text) == key.value if key.is_number else text == key.said


def ordered(key: Constant) -> Fraction:
    return Fraction(key.day.toordinal()) if key.day is not None else key.value


def edge(text: str) -> Fraction:
    """A number or a date as something that has an order."""
    try:
        return Fraction(text)
    except ValueError:
        return Fraction(date.fromisoformat(text).toordinal())


# ---- what fired --------------------------------------------------------------------------------------------


def rows_fired(situation: Situation) -> set[Place]:
    """The places of all rows that mattered to what the rule set answers."""
    assert situation.answer is not None
    rows = {key: tuple(map(place_of, spans)) for key, spans in spans_of(situation.rules).items()}
    found: set[Place] = set()
    for scene, needed in scenes(situation.answer):
        found |= {place for kind, place, _ in marks(Seen(scene, needed, rows)) if kind == ROW}
    return found


def said(span: Span) -> str:
    return " ".join(span.text.split())
