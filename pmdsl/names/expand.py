"""Writes `params { | name | unit | from | value | }` out as one `param` a name, so that later passes know
one form.
"""

from __future__ import annotations

from datetime import date

from pmdsl.diagnostics import Findings
from pmdsl.syntax import ast

REQUIRED = ("name", "unit", "value")
ALLOWED = (*REQUIRED, "from", "to")


def expand_params(methodology: ast.Methodology, findings: Findings) -> list[ast.Declaration]:
    """The members of a methodology with every `params` replaced by its parameters."""
    members: list[ast.Declaration] = []
    for member in methodology.members:
        members.extend(params_of(member, findings) if isinstance(member, ast.Params) else [member])
    return members


def params_of(table: ast.Params, findings: Findings) -> list[ast.Declaration]:
    """One parameter for each name, its rows as segments in the order written."""
    header, *rows = table.body.rows or (ast.Row((), span=table.span),)
    columns = [str(cell) for cell in header.cells]
    for word in columns:
        if word not in ALLOWED:
            findings.add(
                "PM203",
                f"`params` has no column `{word}`",
                header.span,
                hint=f"its columns are {', '.join(ALLOWED)}",
            )
    for word in REQUIRED:
        if word not in columns:
            findings.add("PM203", f"`params` needs a column `{word}`", header.span)
            return []
    found: dict[str, ast.Param] = {}
    for row in rows:
        param = param_of(dict(zip(columns, row.cells, strict=False)), row, table, findings)
        if param is None:
            continue
        known = found.get(param.name.text)
        found[param.name.text] = (
            param if known is None else with_segments(known, known.segments + param.segments)
        )
    return list(found.values())


def with_segments(param: ast.Param, segments: tuple[ast.Dated, ...]) -> ast.Param:
    """The same parameter with other segments."""
    return ast.Param(param.name, param.type, segments, param.stricter, param.notes, span=param.span)


def param_of(
    cells: dict[str, ast.Expr | None], row: ast.Row, table: ast.Params, findings: Findings
) -> ast.Param | None:
    """The parameter that one row writes."""
    name, unit, value, start, end = (cells.get(word) for word in ("name", "unit", "value", "from", "to"))
    if not isinstance(name, ast.Path) or not isinstance(unit, ast.Path) or value is None:
        findings.add("PM203", "a row of `params` needs a name, a unit and a value", row.span)
        return None
    first = start.value if isinstance(start, ast.Date) else None
    last = end.value if isinstance(end, ast.Date) else None
    if first is None:
        findings.add(
            "PM203",
            f"`{name}` needs a date in `from`",
            row.span,
            hint="say from which day it holds: `2020-01-01`",
        )
        first = date.min
    segment = ast.Dated(first, last, value, span=row.span)
    notes = ast.Notes(
        table.body.notes.cites + table.notes.cites, unverified=table.body.notes.unverified, span=table.span
    )
    return ast.Param(
        ast.Name(str(name), span=name.span),
        ast.TypeName(str(unit), None, span=unit.span),
        (segment,),
        None,
        notes,
        span=row.span,
    )
