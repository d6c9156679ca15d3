"""Expressions to nodes: one function for each thing that can be written, in a table at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from pmdsl.plan.lower import brackets, guards, names, points, pricing, reductions
from pmdsl.plan.lower.elaborator import Context, Elaborator, Handler
from pmdsl.plan.lower.functions import call
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.money import settle
from pmdsl.plan.lower.operands import combine, condition, joined_type, numeric, partial_of, sides_of
from pmdsl.syntax import ast
from pmdsl.types.units import CONTRACTS, MONEY, NONE
from pmdsl.types.values import Type, common_unit

# ---- literals
# --------------------------------------------------------------------------------------------------------


def number(e: Elaborator, node: ast.Number, ctx: Context, expected: Type | None) -> Value:
    return e.constant(node.value, ctx, loose="zero" if node.value == 0 else "")


def percent(e: Elaborator, node: ast.Percent, ctx: Context, expected: Type | None) -> Value:
    return e.constant(node.value, ctx)


def money(e: Elaborator, node: ast.Money, ctx: Context, expected: Type | None) -> Value:
    """A money literal is money per whatever it meets."""
    unit = expected.unit if expected is not None and expected.unit.is_money else MONEY
    return e.constant(node.value, ctx, unit, loose="money", currency=node.currency)


def contracts(e: Elaborator, node: ast.Contracts, ctx: Context, expected: Type | None) -> Value:
    return e.constant(node.value, ctx, CONTRACTS)


def text(e: Elaborator, node: ast.Text, ctx: Context, expected: Type | None) -> Value:
    return e.word(node.value, expected.kind if expected is not None and expected.base == "text" else "", ctx)


def day(e: Elaborator, node: ast.Date, ctx: Context, expected: Type | None) -> Value:
    return e.add("const", (), Type("date"), ctx, value=node.value.isoformat())


def paren(e: Elaborator, node: ast.Paren, ctx: Context, expected: Type | None) -> Value | None:
    return e.evaluate(node.inner, ctx, expected)


# ---- arithmetic
# ------------------------------------------------------------------------------------------------------


def sign(e: Elaborator, node: ast.Sign, ctx: Context, expected: Type | None) -> Value | None:
    value = numeric(e, node.operand, ctx, expected)
    if value is None or node.operator == "+":
        return value
    return e.add("neg", (value,), value.type, ctx, node.span)


def binary(e: Elaborator, node: ast.Binary, ctx: Context, expected: Type | None) -> Value | None:
    if node.operator in "*/":
        return product(e, node, ctx)
    left = e.evaluate(node.left, ctx, expected)
    right = e.evaluate(node.right, ctx, left.type if left else expected)
    if left is None or right is None:
        return None
    if left.type.base == "date":
        return date_arithmetic(e, node, left, right, ctx)
    return combine(e, "add" if node.operator == "+" else "sub", [left, right], ctx, node)


def date_arithmetic(e: Elaborator, node: ast.Binary, left: Value, right: Value, ctx: Context) -> Value | None:
    """A date minus a date is a number of days; nothing else is done to dates by signs."""
    if node.operator == "-" and right.type.base == "date":
        aligned = e.aligned([right, left], ctx, node.span)
        if aligned is None:
            return None
        values, level, axes = aligned
        return e.add("days_between", values, Type(level=level, axes=axes), ctx, node.span)
    e.error(
        "PM303",
        "to a date only another date can be compared or subtracted",
        node.span,
        hint="use add_months or days_between",
    )
    return None


def factors(node: ast.Expr, inverse: bool = False) -> list[tuple[ast.Expr, bool]]:
    """A product as its factors, each with whether it divides. Parentheses that the author set are kept
    together.
    """
    if isinstance(node, ast.Binary) and node.operator in "*/":
        divides = inverse != (node.operator == "/")
        return [*factors(node.left, inverse), (node.right, divides)]
    return [(node, inverse)]


def product(e: Elaborator, node: ast.Binary, ctx: Context) -> Value | None:
    """A product, coarse levels first: what belongs to an instrument is multiplied once and not once a
    position.
    """
    found = [(numeric(e, factor, ctx), divides) for factor, divides in factors(node)]
    known = [(value, divides) for value, divides in found if value is not None]
    if len(known) < len(found):
        return None
    shared = [pair for pair in known if not e.graph.order.owned(pair[0].type.level)]
    owned = [pair for pair in known if e.graph.order.owned(pair[0].type.level)]
    ordered = [*owned, *shared] if not shared or not owned else None
    if ordered is not None:
        return multiply(e, ordered, ctx, node)
    left = multiply(e, owned, ctx, node)
    right = multiply(e, shared, ctx, node)
    if left is None or right is None:
        return None
    return multiply(e, [(left, False), (right, False)], ctx, node)


def multiply(e: Elaborator, pairs: list[tuple[Value, bool]], ctx: Context, node: ast.Expr) -> Value | None:
    """Factors from left to right; a leading divisor divides one."""
    result: Value | None = None
    for value, divides in pairs:
        if result is None:
            result = value if not divides else e.constant(Fraction(1), ctx)
            if not divides:
                continue
        aligned = e.aligned([result, value], ctx, node.span)
        if aligned is None:
            return None
        values, level, axes = aligned
        settled = settle(e, values, ctx, node.span)
        if settled is None:
            return None
        unit = settled[0].type.unit.times(settled[1].type.unit, -1 if divides else 1)
        currency = next((v.type.currency for v in settled if v.type.currency), "") if unit.is_money else ""
        type_ = Type(unit=unit, level=level, axes=axes, currency=currency, partial=partial_of(settled))
        result = e.add("div" if divides else "mul", settled, type_, ctx, node.span)
    return result


# ---- conditions
# ------------------------------------------------------------------------------------------------------


def compare(e: Elaborator, node: ast.Compare, ctx: Context, expected: Type | None) -> Value | None:
    left, right = sides(e, node.left, node.right, ctx)
    if left is None or right is None:
        return None
    op = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[node.operator]
    if not comparable(e, node, left, right, op):
        return None
    settled = settle(e, [left, right], ctx, node.span)
    aligned = e.aligned(settled, ctx, node.span) if settled else None
    if aligned is None:
        return None
    values, level, axes = aligned
    return e.add(op, values, Type("bool", level=level, axes=axes), ctx, node.span)


def sides(e: Elaborator, left: ast.Expr, right: ast.Expr, ctx: Context) -> tuple[Value | None, Value | None]:
    """Both sides of a comparison; a side that is a bare word takes its meaning from the other."""
    if names.is_bare_word(e, left, ctx):
        second = e.evaluate(right, ctx)
        return (e.evaluate(left, ctx, second.type) if second else None), second
    first = e.evaluate(left, ctx)
    return first, (e.evaluate(right, ctx, first.type) if first else None)


def comparable(e: Elaborator, node: ast.Compare, left: Value, right: Value, op: str) -> bool:
    """Whether two values can be compared by this sign; says why where they cannot."""
    a, b = left.type, right.type
    labels = sides_of(node, [left, right])
    if a.base != b.base:
        message = f"{a.describe()} cannot be compared with {b.describe()}"
        e.error("PM305", message, node.span, hint=comparing(e, a, b), labels=labels)
    elif a.base == "number" and common_unit(a, b) is None:
        message = f"{a.describe()} cannot be compared with {b.describe()}"
        hint = "bring both to one unit first, for example by a product with `multiplier` or a price"
        if {a.unit, b.unit} == {CONTRACTS, NONE}:
            hint = "a number of contracts is written as `100 contracts`"
        e.error("PM304", message, node.span, hint=hint, labels=labels)
    elif a.base in ("text", "point", "bool") and op not in ("eq", "ne"):
        hint = "name those that are meant: `x == a or x == b`, or give each a number in a table"
        e.error("PM305", f"{a.describe()} has no order", node.span, hint=hint)
    elif a.base in ("text", "point") and a.kind and b.kind and a.kind != b.kind:
        hint = "compare it with a word of its own list"
        e.error("PM305", f"{a.describe()} is never {b.describe()}", node.span, hint=hint, labels=labels)
    else:
        return True
    return False


def comparing(e: Elaborator, *types: Type) -> str:
    """What a value can be compared with, as a hint."""
    words = next((words for type_ in types if (words := names.words_of(e, type_))), ())
    if words:
        return f"compare it with one of its words: {', '.join(words)}"
    return "compare numbers with numbers, dates with dates, words with words"


def both(e: Elaborator, node: ast.And, ctx: Context, expected: Type | None) -> Value | None:
    left = condition(e, node.left, ctx)
    right = condition(e, node.right, ctx.narrowed(guards.kinds_of(e, node.left)))
    return logic(e, "and", [left, right], ctx, node)


def either(e: Elaborator, node: ast.Or, ctx: Context, expected: Type | None) -> Value | None:
    left = condition(e, node.left, ctx)
    right = condition(e, node.right, ctx.narrowed(guards.kinds_of(e, node.left, holds=False)))
    return logic(e, "or", [left, right], ctx, node)


def negation(e: Elaborator, node: ast.Not, ctx: Context, expected: Type | None) -> Value | None:
    return logic(e, "not", [condition(e, node.operand, ctx)], ctx, node)


def logic(e: Elaborator, op: str, values: list[Value | None], ctx: Context, node: ast.Expr) -> Value | None:
    known = [value for value in values if value is not None]
    aligned = e.aligned(known, ctx, node.span) if len(known) == len(values) else None
    if aligned is None:
        return None
    operands, level, axes = aligned
    return e.add(op, operands, Type("bool", level=level, axes=axes), ctx, node.span)


def member(e: Elaborator, node: ast.Member, ctx: Context, expected: Type | None) -> Value | None:
    """`x in SET`."""
    value = e.evaluate(node.operand, ctx)
    words = e.program.get(ast.SetDecl, node.set)
    if words is None:
        names.unknown(e, node.set, node.span, "set")
        return None
    e.used.add((ast.SetDecl, node.set))
    if value is None:
        return None
    if value.type.base != "text":
        e.error("PM305", f"{value.type.describe()} is in no set of words", node.span)
        return None
    listed = tuple(word.text for word in words.words)
    type_ = Type("bool", level=value.type.level, axes=value.type.axes)
    return e.add("member", (value,), type_, ctx, node.span, words=listed)


def branch(e: Elaborator, node: ast.If, ctx: Context, expected: Type | None) -> Value | None:
    """`if c then a else b`: each side is looked at only where it is taken."""
    test = condition(e, node.condition, ctx)
    then = e.evaluate(node.then, ctx.narrowed(guards.kinds_of(e, node.condition)), expected)
    hint = then.type if then is not None else expected
    otherwise = e.evaluate(
        node.otherwise, ctx.narrowed(guards.kinds_of(e, node.condition, holds=False)), hint
    )
    if test is None or then is None or otherwise is None:
        return None
    type_ = joined_type(e, [then, otherwise], node, [node.then, node.otherwise])
    settled = settle(e, [then, otherwise], ctx, node.span)
    aligned = e.aligned([test, *settled], ctx, node.span) if settled and type_ else None
    if aligned is None or type_ is None:
        return None
    values, level, axes = aligned
    return e.add("if", values, replace(type_, level=level, axes=axes), ctx, node.span)


# ---- places
# ----------------------------------------------------------------------------------------------------------


def at(e: Elaborator, node: ast.At, ctx: Context, expected: Type | None) -> Value | None:
    """`value at (…)`, `x at chosen`, `x at d5`, `x at last(day)`."""
    if isinstance(node.place, tuple):
        return pricing.shocked(e, node, ctx)
    if isinstance(node.place, ast.Text):
        e.error(
            "PM308",
            "a citation is no value",
            node.span,
            hint='write `cite SOURCE at "…"` after the declaration',
        )
        return None
    return points.at_point(e, node, ctx)


def unexpected_cell(e: Elaborator, node: ast.Expr, ctx: Context, expected: Type | None) -> None:
    """A form that means something in a key cell only."""
    hint = "here stands a value: a number, a word or a formula"
    e.error("PM309", f"`{node.span.text}` is for the key columns of a table", node.span, hint=hint)


HANDLERS: Mapping[type[ast.Expr], Handler] = {
    ast.Number: number,
    ast.Percent: percent,
    ast.Money: money,
    ast.Contracts: contracts,
    ast.Text: text,
    ast.Date: day,
    ast.Paren: paren,
    ast.Sign: sign,
    ast.Binary: binary,
    ast.Compare: compare,
    ast.And: both,
    ast.Or: either,
    ast.Not: negation,
    ast.Member: member,
    ast.If: branch,
    ast.At: at,
    ast.Path: names.path,
    ast.Call: call,
    ast.Index: points.index,
    ast.Fold: reductions.fold,
    ast.Net: reductions.net,
    ast.Worst: reductions.worst,
    ast.Quantile: reductions.quantile,
    ast.Ewma: reductions.ewma,
    ast.Aggregate: reductions.aggregate,
    ast.Choose: reductions.choose,
    ast.Marginal: brackets.marginal,
    ast.Convert: reductions.convert,
    ast.AnyCell: unexpected_cell,
    ast.AloneCell: unexpected_cell,
    ast.EachCell: unexpected_cell,
    ast.BoundCell: unexpected_cell,
    ast.RangeCell: unexpected_cell,
}
