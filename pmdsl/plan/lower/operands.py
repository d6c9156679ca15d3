"""What several operations ask of their operands: numbers, conditions, one unit, one level, one kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pmdsl.diagnostics import Label
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.money import settle
from pmdsl.syntax import ast
from pmdsl.types.values import Type, common_unit

# What helps where a number is needed and something else stands.
NUMBERS = {
    "date": "dates are compared with each other; `days_between(a, b)` is a number",
    "moment": "moments are compared with each other; `seconds_between(a, b)` is a number",
    "text": "words are compared: `x == WORD`; a table gives a number for each",
    "bool": "write `if … then … else …` for a number that depends on a condition",
    "point": "a point has columns: write which",
}


def no_number(e: Elaborator, value: Value, node: ast.Expr) -> None:
    """Report something else where a number is needed."""
    message = f"a number is needed here, and this is {value.type.describe()}"
    e.error("PM303", message, node.span, hint=NUMBERS.get(value.type.base))


def sides_of(node: ast.Expr, values: list[Value]) -> list[Label]:
    """The operands of an expression, each with what it is."""
    if isinstance(node, ast.Binary | ast.Compare):
        parts: list[ast.Node] = [node.left, node.right]
    else:
        parts = [arg for arg in node.args if arg.name is None] if isinstance(node, ast.Call) else []
    if len(parts) != len(values):
        return []
    return [
        Label(part.span, f"this is {value.type.describe()}")
        for part, value in zip(parts, values, strict=True)
    ]


def apart(e: Elaborator, first: Type, other: Type, parts: Sequence[ast.Node | None], node: ast.Node) -> None:
    """Report alternatives of different kinds, at the one that differs from the first."""
    known = [part for part in parts if part is not None]
    place, labels = node.span, []
    if len(known) == 2:
        place, labels = known[1].span, [Label(known[0].span, f"this is {first.describe()}")]
    message = f"one alternative is {first.describe()}, another is {other.describe()}"
    e.error("PM307", message, place, hint="all of them must be of one kind", labels=labels)


def numeric(e: Elaborator, node: ast.Expr, ctx: Context, expected: Type | None = None) -> Value | None:
    """An expression that must be a number."""
    value = e.evaluate(node, ctx, expected)
    if value is not None and value.type.base != "number":
        no_number(e, value, node)
        return None
    return value


def condition(e: Elaborator, node: ast.Expr, ctx: Context) -> Value | None:
    """An expression that must be true or false."""
    value = e.evaluate(node, ctx, Type("bool"))
    if value is not None and value.type.base != "bool":
        e.error(
            "PM306",
            f"a condition is needed here, and this is {value.type.describe()}",
            node.span,
            hint="compare it with something: `x > 0`, `x == WORD`",
        )
        return None
    return value


def combine(e: Elaborator, op: str, values: list[Value], ctx: Context, node: ast.Expr) -> Value | None:
    """Numbers of one unit joined by an operation that keeps the unit: sums, differences, the larger, the
    smaller.
    """
    for value in values:
        if value.type.base != "number":
            no_number(e, value, node)
            return None
    first = values[0].type
    for value in values[1:]:
        unit = common_unit(first, value.type)
        if unit is None:
            e.error(
                "PM304",
                f"{first.describe()} and {value.type.describe()} cannot be put together",
                node.span,
                hint="bring both to one unit: quantity is in contracts, multiplier in units per contract, "
                "price in money per unit",
                labels=sides_of(node, values),
            )
            return None
        loose = first.loose if first.loose == value.type.loose else ""
        first = replace(first, unit=unit, loose=loose)
    settled = settle(e, values, ctx, node.span)
    aligned = e.aligned(settled, ctx, node.span) if settled else None
    if settled is None or aligned is None:
        return None
    values, level, axes = aligned
    currency = next((v.type.currency for v in settled if v.type.currency), "")
    type_ = replace(first, level=level, axes=axes, currency=currency, partial=partial_of(values))
    return e.add(op, values, type_, ctx, node.span)


def partial_of(values: list[Value]) -> str:
    """The kind of instrument outside of which one of the values does not exist."""
    return next((value.type.partial for value in values if value.type.partial), "")


def joined_type(
    e: Elaborator, values: list[Value], node: ast.Node, parts: Sequence[ast.Node | None] = ()
) -> Type | None:
    """The one type that several alternatives share: branches, cells of a column; `parts` are their places."""
    first = values[0].type
    for position, value in enumerate(values[1:], start=1):
        other = value.type
        if other == first:
            continue
        unit = common_unit(first, other) if first.base == other.base == "number" else first.unit
        kinds = first.kind == other.kind or not first.kind or not other.kind or first.base != "text"
        if first.base != other.base or unit is None or not kinds:
            apart(e, first, other, [parts[0], parts[position]] if len(parts) == len(values) else [], node)
            return None
        first = replace(
            first,
            unit=unit,
            kind=first.kind or other.kind,
            loose=first.loose if first.loose == other.loose else "",
            currency=first.currency or other.currency,
            partial=first.partial or other.partial,
        )
    return first
