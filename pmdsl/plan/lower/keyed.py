"""Reference tables that come with the book: `term.rate`, `returns[underlying, day].move`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pmdsl.diagnostics import did_you_mean, listed
from pmdsl.plan.lower import attributes, lookups
from pmdsl.plan.lower.circles import unless_busy
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.nodes import DataTable
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type


def read(
    e: Elaborator, name: str, column: str, ctx: Context, span: Span, args: tuple[ast.Arg, ...] | None = None
) -> Value | None:
    """A column of a reference table that came with the book, by keys given or found where it is read."""
    declared = e.program.get(ast.Input, name)
    if declared is None:
        return None
    e.used.add((ast.Input, name))
    e.read_columns.add((name, column))
    field = attributes.field_of(e, name, column)
    if field is None:
        fields = [f.name.text for f in declared.fields]
        e.error(
            "PM215",
            f"`{name}` has no attribute `{column}`",
            span,
            hint=did_you_mean(column, fields, e.findings) or f"it has {listed(fields)}",
        )
        return None
    if args is not None and len(args) != len(declared.keys):
        wanted = f"`{name}[{', '.join(k.text for k in declared.keys)}].{column}`"
        e.error(
            "PM221",
            f"`{name}` is an input by {len(declared.keys)} keys, and {len(args)} are given",
            span,
            hint=f"write {wanted}",
        )
        return None
    written = (
        [arg.value for arg in args]
        if args is not None
        else [ast.Path((k.text,), span=span) for k in declared.keys]
    )
    keys = [key_value(e, expr, ctx) for expr in written]
    known = [value for value in keys if value is not None]
    type_ = attributes.type_of(e, field.type, "")
    aligned = e.aligned(known, ctx, span) if len(known) == len(keys) else None
    if aligned is None or type_ is None:
        return None
    values, level, axes = aligned
    table_of_input(e, declared, [value.type for value in values])
    row = e.add("lookup", values, Type("row", level=level, axes=axes), ctx, span, table=name, source="input")
    cell = e.add("cell", (row,), type_.at(level, axes), ctx, span, table=name, source="input", column=column)
    if field.default is None:
        return cell
    default = unless_busy(e, f"{name}.{column}", span, partial(e.evaluate, field.default, ctx, type_))
    if default is None:
        return None
    given = e.add(
        "has",
        (row,),
        Type("bool", level=level, axes=axes),
        ctx,
        span,
        table=name,
        source="input",
        column=column,
    )
    triple = e.aligned([given, cell, default], ctx, span)
    if triple is None:
        return None
    values, level, axes = triple
    return e.add("if", values, type_.at(level, axes), ctx, span)


def key_value(e: Elaborator, expr: ast.Expr, ctx: Context) -> Value | None:
    """A key of a reference table; the name of an entity means its id, the name of a history axis its
    dates.
    """
    if isinstance(expr, ast.Path) and expr.parts in (("underlying",), ("instrument",), ("account",)):
        return attributes.attribute(e, expr.parts[0], "id", ctx, expr.span)
    return e.evaluate(expr, replace(ctx, kinds=names_all(e)))


def names_all(e: Elaborator) -> frozenset[str] | None:
    """A key that an instrument lacks finds no row: that is said where the row is needed, not here."""
    return frozenset({"option"})


def table_of_input(e: Elaborator, declared: ast.Input, types: list[Type]) -> None:
    columns: list[tuple[str, str, str, tuple[str, ...]]] = [
        (key.text, key.text, type_.base, ()) for key, type_ in zip(declared.keys, types, strict=True)
    ]
    for field in declared.fields:
        type_ = attributes.type_of(e, field.type, "")
        info = e.kinds.get(type_.kind) if type_ else None
        words = info.words if info and not info.open else ()
        columns.append((field.name.text, field.name.text, lookups.base_of(type_), words))
    name = declared.name.text
    e.data[name] = DataTable(name, len(declared.keys), tuple(columns), "input", name)
