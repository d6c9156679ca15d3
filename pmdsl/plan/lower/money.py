"""Currencies: money of the instrument's own currency is checked, or converted, before it meets other
money.
"""

from __future__ import annotations

from dataclasses import replace

from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.source import Span
from pmdsl.types.values import Type


def settle(e: Elaborator, values: list[Value], ctx: Context, span: Span) -> list[Value] | None:
    """The values with money in one currency.

    Where money in the instrument's currency meets money in a named one, it is checked to be the same; two
    named currencies that differ are an error.
    """
    named = {v.type.currency for v in values if v.type.currency not in ("", "native")}
    if len(named) > 1:
        first, second = sorted(named)[:2]
        wanted = e.program.currency
        other = second if first == wanted else first
        hint = f"write `convert … to {wanted}` around what is in {other}"
        e.error("PM310", f"{first} meets {second}", span, hint=hint)
        return None
    if not named:
        return values
    return [checked(e, v, next(iter(named)), ctx, span) if v.type.currency == "native" else v for v in values]


def checked(e: Elaborator, value: Value, currency: str, ctx: Context, span: Span) -> Value:
    """The value where its instrument's currency is the named one, and an error of that row elsewhere."""
    code = currency_code(e, value.type.level, ctx)
    if code is None:
        return replace(value, type=replace(value.type, currency=currency))
    type_ = replace(value.type, currency=currency)
    return e.add("currency", (value, code), type_, ctx, span, currency=currency)


def currency_code(e: Elaborator, level: str, ctx: Context) -> Value | None:
    """The currency code for each row of a level below underlying, or None where the level has none."""
    order = e.graph.order
    source = "instrument" if order.reads(level, "instrument") else "underlying"
    if not order.reads(level, source):
        return None
    default = e.word(e.program.currency, "", ctx)
    type_ = Type("text", level="underlying")
    code = e.add("input", (default,), type_, ctx, table="underlying", column="currency", words=())
    if source == "instrument":
        down = e.at_level(code, "instrument", ctx)
        code = e.add(
            "input",
            (down,),
            Type("text", level="instrument"),
            ctx,
            table="instrument",
            column="currency",
            words=(),
        )
    return e.at_level(code, level, ctx)
