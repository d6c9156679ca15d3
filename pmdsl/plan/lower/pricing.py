"""Theoretical values: which model prices an instrument, and under which shocks it is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower.circles import once
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition
from pmdsl.plan.nodes import InputColumn
from pmdsl.pricing.catalogue import MODELS
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.units import NONE, PRICE
from pmdsl.types.values import Type, common_unit

SHOCKS = {
    "price_by": NONE, "price_to": PRICE, "price_plus": PRICE, "volatility_by": NONE, "volatility_to": NONE,
    "volatility_plus": NONE, "rate_plus": NONE, "days_on": NONE,
}  # fmt: skip
WAYS = "`price_by` moves by a part of the price, `price_plus` by an amount, `price_to` to a price"
SHOCKED = {"value": "revalue", "model_delta": "model_delta"}
AT_INSTRUMENT = Type(level="instrument")


def built_in(e: Elaborator, name: str, ctx: Context, span: Span) -> Value | None:
    """`value`, `volatility`, `model_delta`, `price` and `today`."""
    if name == "today":
        return e.add("valuation", (), Type("date"), ctx, span, what="date")
    if name == "price":
        return market_price(e, ctx, span)
    model = model_node(e, span)
    if model is None:
        return None
    if name == "volatility":
        return e.add("volatility", (model,), AT_INSTRUMENT, ctx, span)
    return revalued(e, SHOCKED[name], [], [], ctx, span)


def market_price(e: Elaborator, ctx: Context, span: Span) -> Value | None:
    """The instrument's price in the market, else its value; the price alone where nothing prices."""
    if e.program.get(ast.Pricing, "") is None:
        return quoted_price(e, ctx, span)
    value = revalued(e, "revalue", [], [], ctx, span)
    return e.add("market_price", (value,), value.type, ctx, span) if value is not None else None


def quoted_price(e: Elaborator, ctx: Context, span: Span) -> Value:
    """The price that the book gives; a share without one has that of its underlying, which it is."""
    money = Type(unit=PRICE, level="instrument", currency="native")
    known = InputColumn("instrument", "price", "number", str(PRICE), (), False, True)
    e.inputs["instrument", "price"] = known
    where: dict[str, Any] = {"table": "instrument", "column": "price", "words": ()}
    kind = Type("text", kind="instrument_kind", level="instrument")
    of = e.add("input", (), kind, ctx, table="instrument", column="kind", words=())
    share = e.add("eq", (of, e.word("share", kind.kind, ctx)), Type("bool", level="instrument"), ctx, span)
    spot = e.add(
        "input", (), replace(money, level="underlying"), ctx, table="underlying", column="price", words=()
    )
    own = e.add("input", (e.at_level(spot, "instrument", ctx),), money, ctx, span, **where)
    return e.add("if", (share, own, e.add("input", (), money, ctx, span, **where)), money, ctx, span)


def revalued(
    e: Elaborator, op: str, names: list[str], shocks: list[Value], ctx: Context, span: Span
) -> Value | None:
    """A theoretical value (or delta) under shocks; each instrument is priced once, whoever holds it."""
    model = model_node(e, span)
    if model is None:
        return None
    volatility = e.add("volatility", (model,), AT_INSTRUMENT, ctx, span)
    aligned = e.aligned([model, volatility, *shocks], ctx, span)
    if aligned is None:
        return None
    values, level, axes = aligned
    type_ = Type(
        unit=PRICE if op == "revalue" else NONE,
        level=level,
        axes=axes,
        currency="native" if op == "revalue" else "",
    )
    return e.add(op, values, type_, ctx, span, shocks=tuple(names))


def shocked(e: Elaborator, node: ast.At, ctx: Context) -> Value | None:
    """`value at (price_by: a, volatility_by: b)`."""
    if (
        not isinstance(node.operand, ast.Path)
        or node.operand.parts[0] not in SHOCKED
        or len(node.operand.parts) > 1
    ):
        e.error(
            "PM315",
            "only `value` and `model_delta` can be asked under shocks",
            node.span,
            hint="for example `value at (price_by: move)`",
        )
        return None
    assert isinstance(node.place, tuple)
    shocks: list[Value] = []
    for arg in node.place:
        unit = SHOCKS.get(arg.name or "")
        if unit is None:
            hint = did_you_mean(arg.name or "", SHOCKS) or f"the shocks are {', '.join(SHOCKS)}"
            e.error("PM316", f"there is no shock `{arg.name}`", arg.span, hint=hint)
            return None
        value = e.evaluate(arg.value, ctx, Type(unit=unit))
        if value is None:
            return None
        if value.type.base != "number" or common_unit(value.type, Type(unit=unit)) is None:
            wanted = Type(unit=unit).describe()
            message = f"`{arg.name}` takes {wanted}, and this is {value.type.describe()}"
            e.error("PM304", message, arg.span, hint=WAYS if str(arg.name).startswith("price") else None)
            return None
        shocks.append(value)
    names = [arg.name or "" for arg in node.place]
    return revalued(e, SHOCKED[node.operand.parts[0]], names, shocks, ctx, node.span)


def model_node(e: Elaborator, span: Span) -> Value | None:
    """The row of the pricing table that fits an instrument."""
    return once(e, ("model",), "pricing", span, lambda: found_model(e, span))


def found_model(e: Elaborator, span: Span) -> Value | None:
    declared = e.program.get(ast.Pricing, "")
    if declared is None:
        e.error(
            "PM222",
            "this needs a theoretical value, and there is no `pricing`",
            span,
            hint="add a `pricing { | when | model | … }` table",
        )
        return None
    return built_model(e, declared)


def built_model(e: Elaborator, declared: ast.Pricing) -> Value | None:
    from pmdsl.plan.lower import tables

    ctx = Context(origin=origin_of(declared, "pricing"))
    layout = tables.body_layout(declared.body, ())
    conditions: list[Value] = []
    models: list[dict[str, Any]] = []
    for row, span in zip(layout.rows, layout.spans, strict=True):
        when, model = row.get("when"), row.get("model")
        spec = model_spec(e, model, span)
        anything = when is None or isinstance(when, ast.AnyCell)
        fits = e.truth(True, ctx) if anything or when is None else condition(e, when, ctx)
        if fits is None or spec is None:
            return None
        conditions.append(
            e.at_level(fits, "instrument", ctx) if fits.type.level not in ("", "instrument") else fits
        )
        models.append(spec)
    tables.remember_rows(e, "pricing", replace(layout, keys=()))
    model_row = e.add(
        "model",
        conditions,
        Type("row", level="instrument"),
        ctx,
        declared.span,
        models=tuple(models),
        table=e.in_plan("pricing"),
    )
    e.matches["pricing"] = model_row.node
    return model_row


def example_of(name: str) -> str | None:
    """How a model is written with its options, as a hint."""
    options = MODELS[name].options
    written = ", ".join(
        f"{o.name}: {o.default if o.default is not None else min(o.most, o.least + 200)}" for o in options
    )
    return f"for example `{name}({written})`" if options else f"`{name}` takes no options"


def model_spec(e: Elaborator, cell: ast.Expr | None, span: Span) -> dict[str, Any] | None:
    """`binomial(tree: crr, steps: 200)` as a name and its options, checked against the catalogue of
    models.
    """
    name = (
        str(cell.function) if isinstance(cell, ast.Call) else str(cell) if isinstance(cell, ast.Path) else ""
    )
    info = MODELS.get(name)
    if info is None:
        hint = did_you_mean(name, MODELS) or f"the models are {', '.join(MODELS)}"
        e.error("PM223", f"there is no pricing model `{name}`", cell.span if cell else span, hint=hint)
        return None
    options: dict[str, Any] = {"name": name}
    for arg in cell.args if isinstance(cell, ast.Call) else ():
        value = arg.value
        if arg.name is not None and isinstance(value, ast.Number) and value.value.denominator == 1:
            options[arg.name] = int(value.value)
        elif arg.name is not None and isinstance(value, ast.Path):
            options[arg.name] = str(value)
    given = {key: value for key, value in options.items() if key != "name"}
    problems = info.problems(given)
    for problem in problems:
        e.error("PM224", problem, cell.span if cell else span, hint=example_of(name))
    return None if problems else {"name": name, **info.completed(given)}
