"""Declared values: steps, requirements, parameters, one-column tables, points, group keys and the parent's
values.
"""

from __future__ import annotations

from dataclasses import replace

from pmdsl.plan.lower import attributes, lookups, pairs, points
from pmdsl.plan.lower.circles import once
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.units import CONTRACTS
from pmdsl.types.values import Type, common_unit

FORMULAS = (ast.Step, ast.Require)
EXAMPLES = {
    "number": "a number such as `15%` or `0.15`",
    "bool": "`yes` or `no`",
    "date": "a date such as `2026-01-31`",
    "text": "a text in quotes or a word",
}


def value_of(e: Elaborator, name: str, ctx: Context, span: Span) -> Value | None:
    """The value of a declared name, worked out once; a name that needs itself is reported."""
    made = shared_value(e, name, ctx, span)
    return attributes.seen_from(e, made, ctx, span) if made is not None else None


def shared_value(e: Elaborator, name: str, ctx: Context, span: Span) -> Value | None:
    """The value of a declared name at its own level, the same wherever it is read."""
    mark_used(e, name)
    if name in e.groups:
        return group_key(e, name, ctx)
    if name in e.axes:
        return points.axis_value(e, name, ctx, span)
    for kind in FORMULAS:
        declared = e.program.declared.get((kind, name))
        if isinstance(declared, ast.Step | ast.Require):
            return formula_once(e, declared, span)
    param = e.program.get(ast.Param, name)
    if param is not None:
        return once(e, ("declared", name), name, span, lambda: param_value(e, param))
    table = e.program.get(ast.TableDecl, name)
    if table is not None:
        return lookups.only_column(e, table, ctx, span)
    pair = e.program.get(ast.PairDecl, name)
    return pair_at(e, pair, ctx, span) if pair is not None else None


def pair_at(e: Elaborator, pair: ast.PairDecl, ctx: Context, span: Span) -> Value | None:
    """A pair at its own level, or at that of the pair that asks for it."""
    at = pairs.level_at(e, pair, ctx)
    if at is None:
        return None
    name = pair.name.text
    key = ("declared", name) if at == pairs.own_level(e, pair) else ("pair", name, at)
    return once(e, key, name, span, lambda: pairs.pair_value(e, pair, at))


def mark_used(e: Elaborator, name: str) -> None:
    for kind in (*FORMULAS, ast.Param, ast.TableDecl, ast.PairDecl, ast.Scenarios, ast.Level):
        if (kind, name) in e.program.declared:
            e.used.add((kind, name))


def formula_once(e: Elaborator, declared: ast.Step | ast.Require, span: Span) -> Value | None:
    name = declared.name.text
    return once(e, ("declared", name), name, span, lambda: formula_value(e, declared))


def formula_value(e: Elaborator, declared: ast.Step | ast.Require) -> Value | None:
    """The value of a formula; a step `for option` exists for options only."""
    ctx = Context(origin=origin_of(declared, declared.name.text))
    guard = declared.guard if isinstance(declared, ast.Step) else None
    if guard is None:
        return e.evaluate(declared.value, ctx)
    if guard.text not in e.kinds["instrument_kind"].words:
        e.error(
            "PM213",
            f"`{guard}` is no kind of instrument",
            guard.span,
            hint=f"the kinds are {', '.join(e.kinds['instrument_kind'].words)}",
        )
        return None
    value = e.evaluate(declared.value, replace(ctx, kinds=frozenset({guard.text})))
    return replace(value, type=replace(value.type, partial=guard.text)) if value is not None else None


def group_key(e: Elaborator, name: str, ctx: Context) -> Value:
    """The key of a group: the word or id that names it."""
    level = e.graph.order.levels[e.groups[name] + ".key"]
    own = e.keys[e.groups[name]][0].type
    type_ = replace(own, level=level.name, axes=(), loose="")
    if own.base == "text":
        kind = level.entity or (own.kind if own.kind in e.kinds else e.groups[name])
        type_ = Type("text", kind=kind, level=level.name)
    return e.add("key", (), type_, ctx, level=level.name, part=0)


def param_value(e: Elaborator, param: ast.Param) -> Value | None:
    """A dated value: one input a segment, chosen when the plan is made for a date."""
    ctx = Context(origin=origin_of(param, param.name.text))
    type_ = attributes.type_of(e, param.type, "")
    if type_ is None:
        return None
    segments = sorted(param.segments, key=lambda segment: segment.start)
    values = [segment_value(e, param, segment, type_, ctx) for segment in segments]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not known:
        return None
    if type_.unit.is_money:
        type_ = replace(type_, currency=known[0].type.currency or e.program.currency)
    spans = tuple(
        (s.start.isoformat(), s.end.isoformat() if s.end else None) for s in segments
    )  # fmt: skip
    return e.add("dated", known, type_, ctx, param.span, segments=spans, name=param.name.text)


def not_as_declared(e: Elaborator, param: ast.Param, segment: ast.Dated, found: Type, type_: Type) -> None:
    """Report a value of another type than its parameter."""
    declared = f"{param.type.name} per {param.type.per}" if param.type.per else param.type.name
    if type_.kind in e.kinds:
        hint = f"write one of its words: {', '.join(e.kinds[type_.kind].words)}"
    elif type_.unit.is_money:
        hint = f"write an amount such as `{e.program.currency} 100`"
    elif type_.base == "moment":
        hint = "a rule file cannot write a moment: the book gives it, as an `input`"
    elif type_.unit == CONTRACTS:
        hint = "write a number of contracts such as `100 contracts`"
    else:
        hint = f"write {EXAMPLES.get(type_.base, 'a number')}"
    message = f"this is {found.describe()}, and `{param.name}` is declared as `{declared}`"
    e.error("PM311", message, segment.value.span, hint=hint)


def segment_value(
    e: Elaborator, param: ast.Param, segment: ast.Dated, type_: Type, ctx: Context
) -> Value | None:
    """The value of one segment, which must be of the declared type and the same for the whole run."""
    value = e.evaluate(segment.value, ctx, type_)
    if value is None:
        return None
    fits = value.type.base == type_.base and (
        type_.base != "number" or common_unit(value.type, type_) is not None
    )
    if not fits:
        not_as_declared(e, param, segment, value.type, type_)
        return None
    if value.type.level or value.type.axes:
        e.error(
            "PM312", "a parameter has one value for the whole run", segment.value.span, hint="make it a step"
        )
        return None
    return replace(value, type=replace(type_, currency=value.type.currency))


def of_parent(e: Elaborator, node: ast.Path, ctx: Context) -> Value | None:
    """`base.NAME`: the parent's value, on the same book and date, as the parent alone has it."""
    if e.base is None:
        e.error(
            "PM218",
            "`base` is the parent, and there is none",
            node.span,
            hint='add `extends NAME at "VERSION"`',
        )
        return None
    inner = ast.Path(node.parts[1:], span=node.span)
    return e.base.evaluate(inner, replace(ctx, level="", entity="", locals={}))
