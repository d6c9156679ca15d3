"""Attributes of accounts, underlyings, instruments, positions and other input rows."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower import pricing, ragged
from pmdsl.plan.lower.circles import once
from pmdsl.plan.lower.elaborator import Context, Elaborator, stated_by
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.nodes import InputColumn
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.attributes import ATTRIBUTES, TABLES, Attribute, columns_of
from pmdsl.types.units import unit_of
from pmdsl.types.values import Type

SCALAR_TABLES = ("market",)
# The tables whose money is in the currency of an instrument or an underlying; elsewhere it is the rule set's.
NATIVE = ("underlying", "instrument", "position")


def finest(e: Elaborator) -> list[str]:
    """The input tables, other than positions, whose rows belong to accounts."""
    return [d.name.text for d in e.program.all(ast.Input) if d.name.text not in TABLES and not d.keys]


def field_of(e: Elaborator, table: str, column: str) -> ast.Field | None:
    """The declared attribute, or None."""
    declared = e.program.get(ast.Input, table)
    fields = declared.fields if declared else ()
    return next((field for field in fields if field.name.text == column), None)


def exists(e: Elaborator, table: str, column: str) -> bool:
    return (table, column) in ATTRIBUTES or field_of(e, table, column) is not None


def attribute(e: Elaborator, table: str, column: str, ctx: Context, span: Span) -> Value | None:
    """An attribute, as the place where it stands sees it: agreed upon the group inside a table by groups."""
    found = own_attribute(e, table, column, ctx, span)
    return seen_from(e, found, ctx, span) if found is not None else None


def seen_from(e: Elaborator, value: Value, ctx: Context, span: Span) -> Value:
    """A value read inside a table by groups: what is finer than the group is agreed upon it."""
    order = e.graph.order
    if not ctx.level or value.type.level in (ctx.level, ctx.pair):
        return value
    if not order.reads(value.type.level, ctx.level):
        return value
    return e.add("agree", (value,), value.type.at(ctx.level, value.type.axes), ctx, span)


def own_attribute(e: Elaborator, table: str, column: str, ctx: Context, span: Span) -> Value | None:
    """An attribute at the level of its own table."""
    if (table, column) in (("instrument", "price"), ("position", "price")):
        return pricing.market_price(e, ctx, span)
    field = field_of(e, table, column)
    known = ATTRIBUTES.get((table, column))
    if field is None and known is None:
        unknown_attribute(e, table, column, span)
        return None
    if known is not None and known.kinds:
        guarded(e, table, column, known, ctx, span)
    e.read_columns.add((table, column))
    key = (table, column)
    if key not in e.columns:
        own = replace(ctx, origin=stated_by(e.program.get(ast.Input, table), table, ctx.origin))
        made = (
            once(
                e,
                ("attribute", table, column),
                f"{table}.{column}",
                span,
                lambda: declared_column(e, table, field, own),
            )
            if field is not None
            else built_in_column(e, table, column, known or Attribute(), own)
        )
        if made is None:
            return None
        e.columns[key] = made
    return of_key(e, e.columns[key], ctx)


def of_key(e: Elaborator, value: Value, ctx: Context) -> Value:
    """An attribute that is part of a group's key belongs to the coarsest group of the chain that has it."""
    if not e.chained or e.graph.order.levels[value.type.level or ""].kind != "table":
        return value
    for name in reversed([name.text for name in e.program.chain]):
        group = e.program.get(ast.Group, name)
        nodes = [key.node for key in e.keys.get(e.groups.get(name, ""), ())]
        if group is not None and group.where is None and value.node in nodes:
            level = e.groups[name] + ".key"
            part = nodes.index(value.node)
            return e.add("key", (), value.type.at(level, ()), ctx, level=level, part=part)
    return value


def guarded(e: Elaborator, table: str, column: str, known: Attribute, ctx: Context, span: Span) -> None:
    """Report an attribute that some instruments lack where nothing has ruled those out."""
    if ctx.kinds is not None and ctx.kinds <= known.kinds:
        return
    unguarded(e, f"`{column}` is something that not every instrument has", known, span)


def partial_attribute(e: Elaborator, path: ast.Path) -> Attribute | None:
    """The built-in attribute that a name means, where some instruments lack it."""
    if path.parts[0] in ("instrument", "position") and len(path.parts) == 2:
        found = ATTRIBUTES.get(("instrument", path.parts[1]))
    else:
        found = ATTRIBUTES.get(("instrument", path.parts[0])) if len(path.parts) == 1 else None
    declared = len(path.parts) == 1 and (
        path.parts[0] in e.groups
        or any(kind is not ast.Input for kind, name in e.program.declared if name == path.parts[0])
    )
    return found if found is not None and found.kinds and not declared else None


def unguarded(e: Elaborator, message: str, known: Attribute, span: Span) -> None:
    """Report something read where instruments that lack it have not been ruled out."""
    word = "option" if "option" in known.kinds else sorted(known.kinds)[0]
    e.error(
        "PM214",
        message,
        span,
        hint=f"read it where the kind is known: `step … for {word}`, `where instrument.kind == {word}`, "
        f"or after `instrument.kind == {word} and`",
    )


def unknown_attribute(e: Elaborator, table: str, column: str, span: Span) -> None:
    declared = e.program.get(ast.Input, table)
    names = chain(columns_of(table), (field.name.text for field in (declared.fields if declared else ())))
    hint = did_you_mean(column, names, e.findings) or f"declare it: `input {table} {{ {column}: TYPE }}`"
    e.error("PM215", f"the {table} has no attribute `{column}`", span, hint=hint)


def level_of(table: str) -> str:
    """The level at which a table's attributes live."""
    return "" if table in SCALAR_TABLES else table


def built_in_column(e: Elaborator, table: str, column: str, known: Attribute, ctx: Context) -> Value:
    """A built-in attribute without a default."""
    currency = e.program.currency if known.currency == "base" else known.currency
    type_ = Type(known.base, known.unit, known.kind, level_of(table), currency=currency)
    words = e.kinds[known.kind].words if known.kind in e.kinds and not e.kinds[known.kind].open else ()
    e.inputs[table, column] = InputColumn(table, column, known.base, str(known.unit), words, True, True)
    return e.add("input", (), type_, ctx, None, table=table, column=column, words=words)


def declared_column(e: Elaborator, table: str, field: ast.Field, ctx: Context) -> Value | None:
    """An attribute that the rule set declares, perhaps with a default."""
    column = field.name.text
    type_ = type_of(e, field.type, level_of(table))
    if type_ is None:
        return None
    inner = replace(ctx, level="", entity=table if table in TABLES else "", locals={}, kinds=None)
    default = e.evaluate(field.default, inner, type_) if field.default is not None else None
    if field.default is not None and default is None:
        return None
    if default is not None:
        if not e.graph.order.reads(type_.level, default.type.level):
            e.error(
                "PM301",
                f"the default of `{column}` is not known for each {table}",
                field.span,
                hint=f"write a constant, or another attribute of the {table}",
            )
            return None
        default = e.at_level(default, type_.level, inner) if default.type.level != type_.level else default
    if default is not None and type_.base == "text" and not type_.kind:
        # An id that is an entity's own id where it is not given names such an entity.
        type_ = replace(type_, kind=default.type.kind if default.type.kind in TABLES else "")
    info = e.kinds.get(type_.kind)
    words = info.words if info and not info.open else ()
    base = "percent" if type_.kind == "percent" else type_.base
    e.inputs[table, column] = InputColumn(
        table, column, base, str(type_.unit), words, default is None, (table, column) in ATTRIBUTES
    )
    inputs = [default] if default else []
    return e.add("input", inputs, type_, ctx, field.span, table=table, column=column, words=words)


def type_of(e: Elaborator, written: ast.TypeName, level: str) -> Type | None:
    """The type that a declaration writes: a unit, `bool`, `date`, `moment`, `text`, `id`, an entity, a kind
    or an axis. A kind and an axis of the rule set stand before a type of the language with their name.
    """
    unit = unit_of(written.name, written.per)
    if unit is not None:
        currency = "" if not unit.is_money else "native" if level in NATIVE else e.program.currency
        return Type("number", unit, "percent" if written.name == "percent" else "", level, currency=currency)
    if written.name in e.kinds:
        e.used.add((ast.Kind, written.name))
        return Type("text", kind=written.name, level=level)
    if written.name in e.axes:
        hint = "name the points in a table of `scenarios`, or give the value itself as a number"
        if not ragged.shared(e, written.name, "a book can name none of them", written.span, hint):
            return None
        return Type("point", kind=written.name, level=level)
    if written.name in ("bool", "date", "moment"):
        return Type(written.name, level=level)
    if written.name in ("text", "id"):
        return Type("text", level=level)
    if written.name in ("underlying", "instrument", "account"):
        return Type("text", kind=written.name, level=level)
    candidates = [
        *e.kinds,
        "money",
        "price",
        "percent",
        "count",
        "factor",
        "date",
        "moment",
        "text",
        "bool",
        "id",
        "underlying",
    ]
    e.error(
        "PM216",
        f"there is no type `{written.name}`",
        written.span,
        hint=did_you_mean(written.name, candidates, e.findings),
    )
    return None


def of_group(e: Elaborator, group: str, column: str, ctx: Context, span: Span) -> Value | None:
    """`class_group.breadth`: the attribute of the entity that names the group, or the one value of all its
    members.
    """
    e.used.add((ast.Level, group))
    level = e.graph.order.levels[e.groups[group] + ".key"]
    tables = ([level.entity] if level.entity else []) + ["underlying", "instrument"]
    table = next((name for name in tables if exists(e, name, column)), None)
    if table is None:
        unknown_attribute(e, level.entity or "underlying", column, span)
        return None
    found = own_attribute(e, table, column, ctx, span)
    return seen_from(e, found, replace(ctx, level=level.name), span) if found is not None else None
