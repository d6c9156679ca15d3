"""Brackets: `marginal rate.percent of (x)`, each bracket's rate on the part of x that lies in the bracket."""

from __future__ import annotations

from fractions import Fraction

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower import lookups, names, tables
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import numeric
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type

EXAMPLE = "for example `| < 100_000 | 5% |`, then `| >= 100_000 | 8% |`"


def marginal(e: Elaborator, node: ast.Marginal, ctx: Context, expected: Type | None) -> Value | None:
    """The sum over the brackets of a table."""
    name, column = node.column.parts[0], node.column.parts[-1]
    decl = e.program.get(ast.TableDecl, name)
    operand = numeric(e, node.operand, ctx)
    if decl is None:
        names.unknown(e, name, node.column.span, "table")
        return None
    e.used.add((ast.TableDecl, name))
    layout = tables.layout_of(decl)
    if operand is None or not is_schedule(e, decl, layout, column, node.column.span):
        return None
    inner = lookups.table_context(e, decl)
    patterns = [tables.pattern(e, row.get(layout.keys[0]), operand.type, inner) for row in layout.rows]
    rates = [
        rate_of(e, row.get(column), span, inner) for row, span in zip(layout.rows, layout.spans, strict=True)
    ]
    known = [rate for rate in rates if rate is not None]
    bounds = lower_bounds(e, patterns, layout)
    aligned = e.aligned([operand, *known], ctx, node.span) if len(known) == len(rates) else None
    if bounds is None or aligned is None:
        return None
    values, level, axes = aligned
    return e.add("marginal", values, operand.type.at(level, axes), ctx, node.span, bounds=bounds, table=name)


def is_schedule(e: Elaborator, decl: ast.TableDecl, layout: tables.Layout, column: str, span: Span) -> bool:
    """Whether a table can be read bracket by bracket: one key, no dates, no conditions, that column."""
    if column not in layout.values:
        hint = did_you_mean(column, layout.values) or f"its columns are {', '.join(layout.values)}"
        e.error("PM211", f"table `{decl.name}` has no column `{column}`", span, hint=hint)
        return False
    dated = any(row.get(word) is not None for row in layout.rows for word in ("from", "to", "when"))
    if len(layout.keys) != 1 or dated or not layout.rows:
        message = f"`{decl.name}` cannot be read by `marginal`: it has more than brackets of one key"
        e.error("PM405", message, span, hint="its rows have one key, and no `from`, `to` or `when`")
        return False
    return True


def rate_of(e: Elaborator, cell: ast.Expr | None, span: Span, ctx: Context) -> Value | None:
    if cell is None:
        e.error("PM404", "this bracket has no rate", span, hint="every cell of a table is filled")
        return None
    return numeric(e, cell, ctx)


def lower_bounds(
    e: Elaborator, patterns: list[tables.Pattern], layout: tables.Layout
) -> tuple[str, ...] | None:
    """Where each bracket begins; each must begin where the one before it ends."""
    found: list[str] = []
    previous: str | None = None
    for number, (pattern, span) in enumerate(zip(patterns, layout.spans, strict=True)):
        if pattern is not None and "" in (pattern.get("from"), pattern.get("to")):
            return None  # an edge that is no number, which has been said
        if pattern is None or "is" in pattern:
            e.error("PM405", "a bracket of `marginal` is a range", span, hint=EXAMPLE)
            return None
        begins = pattern["from"]
        if number == 0 and begins is not None and Fraction(begins) != 0:
            e.error("PM405", "the first bracket does not begin at 0", span, hint=EXAMPLE)
            return None
        if number > 0 and (begins is None or previous is None or Fraction(begins) != Fraction(previous)):
            message = "this bracket does not begin where the one before it ends"
            e.error(
                "PM405", message, span, hint="write the brackets from the lowest to the highest, without gaps"
            )
            return None
        found.append(str(begins or "0"))
        previous = pattern["to"]
    return tuple(found)
