"""Which days of a data table are an axis: `from returns.date where date >= 2008-09-01`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.nodes import Axis
from pmdsl.syntax import ast

# Ends of a history that are known when it is run.
TODAY, BEFORE_TODAY = "today", "yesterday"
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def history(e: Elaborator, name: str, content: ast.History) -> Axis:
    """The distinct dates of a column: the last so many, or those between two days, where it says so."""
    source: dict[str, object] = {"path": content.path.parts, "last": content.last or 0}
    if content.where is not None:
        source |= bounds(e, content.where, content.path.parts[-1])
    return Axis(name, "history", source=source)


def bounds(e: Elaborator, where: ast.Expr, column: str) -> Mapping[str, str]:
    """The first and the last day, both inclusive, that a condition leaves; what else it says is reported."""
    first, last, run = date.min, date.max, ""
    for part in parts(where):
        if (end := until_today(part, column)) and not run:
            run = end
            continue
        found = compared(part, column)
        if found is None:
            message = "the days of a history are chosen by comparing its dates with days"
            hint = f"write `where {column} >= 2008-09-01 and {column} <= 2009-08-31`"
            e.error("PM252", message, part.span, hint=hint)
            continue
        low, high = found
        first, last = max(first, low), min(last, high)
    if run and last < date.max:
        hint = "leave one of the two out"
        e.error("PM252", "a history ends on a day or with the day of the run", where.span, hint=hint)
    limits = {"from": first, "to": last}
    written = {key: day.isoformat() for key, day in limits.items() if day not in (date.min, date.max)}
    return {**written, "to": run} if run else written


def parts(where: ast.Expr) -> Iterator[ast.Expr]:
    """What a condition joins by `and`."""
    if isinstance(where, ast.Paren):
        yield from parts(where.inner)
    elif isinstance(where, ast.And):
        yield from parts(where.left)
        yield from parts(where.right)
    else:
        yield where


def until_today(node: ast.Expr, column: str) -> str:
    """Where `date < today` or `date <= today` ends, either way round; nothing for other conditions."""
    if not isinstance(node, ast.Compare) or node.operator not in TURNED:
        return ""
    left, right, operator = node.left, node.right, node.operator
    if isinstance(left, ast.Path) and left.parts == ("today",):
        left, right, operator = right, left, TURNED[operator]
    if not isinstance(left, ast.Path) or left.parts[-1] != column:
        return ""
    if not isinstance(right, ast.Path) or right.parts != ("today",):
        return ""
    return {"<": BEFORE_TODAY, "<=": TODAY}.get(operator, "")


def compared(node: ast.Expr, column: str) -> tuple[date, date] | None:
    """The first and the last day that `date >= 2008-09-01` leaves, either way round."""
    if not isinstance(node, ast.Compare) or node.operator not in TURNED:
        return None
    left, right, operator = node.left, node.right, node.operator
    if isinstance(left, ast.Date):
        left, right, operator = right, left, TURNED[operator]
    if not isinstance(left, ast.Path) or left.parts[-1] != column or not isinstance(right, ast.Date):
        return None
    day, one = right.value, timedelta(days=1)
    low = day + one if operator == ">" else day if operator in (">=", "==") else date.min
    high = day - one if operator == "<" else day if operator in ("<=", "==") else date.max
    return low, high
