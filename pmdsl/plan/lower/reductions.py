"""Reductions: into a coarser level, or over an axis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pmdsl.diagnostics import did_you_mean, listed
from pmdsl.plan.lower import guards, pairs, ragged
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.money import checked, currency_code
from pmdsl.plan.lower.operands import combine, condition, numeric
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.units import NONE
from pmdsl.types.values import Type, common_unit

CONVENTIONS = ("kth_worst", "kth_worst_up", "interpolated", "first_reaching")


# ---- into a level
# ----------------------------------------------------------------------------------------------------


def target_level(e: Elaborator, name: str, span: Span) -> str | None:
    """The level of a name after `into`."""
    if name == "account":
        return name
    if name in e.groups:
        e.used.add((ast.Level, name))
        return e.groups[name]
    if name in {word.text for word in e.program.chain}:
        if not e.findings.has_errors:
            hint = "what puts members in a group is known before anything is reduced into it"
            e.error("PM217", f"`{name}` is reduced into while it is being made", span, hint=hint)
        return None  # why it could not be made has been said
    if e.program.get(ast.Group, name) is not None:
        e.error(
            "PM225",
            f"`{name}` is a group that is not in the chain of `levels`",
            span,
            hint=f"for example `levels position -> {name} -> account`",
        )
        return None
    known = [*e.groups, "account"]
    hint = did_you_mean(name, known, e.findings) or f"the levels are {listed(known)}"
    e.error("PM225", f"there is no level `{name}` to reduce into", span, hint=hint)
    return None


def members(
    e: Elaborator, operand: ast.Expr, where: ast.Expr | None, into: str, ctx: Context, span: Span
) -> tuple[list[Value], str] | None:
    """The operand and its `where`, brought to the level of the members, and the level they are reduced
    into.
    """
    level = target_level(e, into, span)
    inner = ctx.narrowed(guards.kinds_of(e, where)) if where is not None else ctx
    value = numeric(e, operand, inner)
    test = condition(e, where, ctx) if where is not None else None
    if level is None or value is None or (where is not None and test is None):
        return None
    test = with_partial(e, value, test, ctx, span)
    values = [value] if test is None else [value, test]
    aligned = e.aligned(values, ctx, span)
    if aligned is None:
        return None
    values, source, _ = aligned
    if source == level or not e.graph.order.owned(source) or not e.graph.order.reads(source, level):
        not_members(e, source, level, span)
        return None
    return [settled(e, values[0], ctx, span), *values[1:]], level


def with_partial(e: Elaborator, value: Value, test: Value | None, ctx: Context, span: Span) -> Value | None:
    """A step `for option` is summed over options: its own condition joins the `where`."""
    if not value.type.partial:
        return test
    path = ast.Path(("instrument", "kind"), span=span)
    own = condition(
        e,
        ast.Compare("==", path, ast.Path((value.type.partial,), span=span), span=span),
        replace(ctx, level="", entity=""),
    )
    if own is None or test is None:
        return own or test
    aligned = e.aligned([own, test], ctx, span)
    if aligned is None:
        return None
    values, level, axes = aligned
    return e.add("and", values, Type("bool", level=level, axes=axes), ctx, span)


def settled(e: Elaborator, value: Value, ctx: Context, span: Span) -> Value:
    """Money of the instrument's currency is checked to be the rule set's before it is added up."""
    if value.type.currency != "native" or currency_code(e, value.type.level, ctx) is None:
        return value
    return checked(e, value, e.program.currency, ctx, span)


def not_members(e: Elaborator, source: str, level: str, span: Span) -> None:
    if source == level:
        message, hint = f"this is a value for each {e.say(level)} already", "there is nothing to reduce"
    elif not e.graph.order.owned(source):
        message = f"a value for each {e.say(source)} belongs to no account"
        hint = "multiply it by something of the positions, such as `quantity`, before it is summed"
    else:
        message = f"not every {e.say(source)} lies in one {e.say(level)}"
        chain = " -> ".join(word.text for word in e.program.chain)
        hint = f"reduce along the chain: {chain}" if chain else "declare the chain of levels"
    e.error("PM317", message, span, hint=hint)


def fold(e: Elaborator, node: ast.Fold, ctx: Context, expected: Type | None) -> Value | None:
    if node.over is not None:
        return fold_over(e, node.kind, node.operand, node.where, node.over, node.if_empty, ctx, node.span)
    found = members(e, node.operand, node.where, node.into or "", ctx, node.span)
    if found is None:
        return None
    inputs, level = found
    params: dict[str, Any] = {
        "kind": node.kind,
        "where": len(inputs) > 1,
        "if_empty": node.if_empty is not None,
    }
    if node.if_empty is not None:
        empty = instead(e, node.if_empty, inputs[0].type, ctx)
        if empty is None:
            return None
        inputs.append(e.at_level(empty, level, ctx))
    axes = e.graph.sorted_axes(*(value.type.axes for value in inputs))
    type_ = replace(inputs[0].type, level=level, axes=axes, partial="", loose="")
    return e.add("fold_into", inputs, type_, ctx, node.span, **params)


def instead(e: Elaborator, node: ast.Expr, wanted: Type, ctx: Context) -> Value | None:
    """What stands where there is nothing to reduce: of the unit of what is reduced."""
    empty = numeric(e, node, ctx, wanted)
    if empty is not None and common_unit(wanted, empty.type) is None:
        message = f"this is {empty.type.describe()}, and what is reduced is {wanted.describe()}"
        e.error("PM304", message, node.span, hint="what stands for nothing has the same unit")
        return None
    return empty


def net(e: Elaborator, node: ast.Net, ctx: Context, expected: Type | None) -> Value | None:
    """`net x into LEVEL crediting p of gains`."""
    found = members(e, node.operand, node.where, node.into, ctx, node.span)
    share = numeric(e, node.crediting, ctx)
    if found is None or share is None:
        return None
    inputs, level = found
    source = inputs[0].type.level
    if not e.graph.order.reads(source, share.type.level):
        hint = "write a number, or something that each has: a column of a table by that group, an attribute"
        message = f"the share of gains is not known for each {e.say(source)}"
        e.error("PM301", message, node.crediting.span, hint=hint)
        return None
    share = e.at_level(share, source, ctx)
    zero = e.graph.nodes[share.node]
    if zero.op == "const" and zero.params["value"] == "0":
        e.error(
            "PM318",
            "crediting nothing of gains charges the worst common point, not the sum of the losses",
            node.span,
            hint="to margin members by themselves give them groups of their own (`alone`)",
        )
    axes = e.graph.sorted_axes(*(value.type.axes for value in [*inputs, share]))
    type_ = replace(inputs[0].type, level=level, axes=axes, partial="", loose="")
    return e.add("net_into", [inputs[0], share, *inputs[1:]], type_, ctx, node.span, where=len(inputs) > 1)


def aggregate(e: Elaborator, node: ast.Aggregate, ctx: Context, expected: Type | None) -> Value | None:
    """`aggregate x [carrying c] with R into LEVEL`: a correlated sum over the members."""
    found = members(e, node.operand, node.where, node.into, ctx, node.span)
    if found is None:
        return None
    inputs, level = found
    member_level = inputs[0].type.level
    matrix = pairs.correlation(e, node.matrix, member_level, ctx, node.span)
    carried = numeric(e, node.carrying, ctx) if node.carrying is not None else None
    if matrix is None or (node.carrying is not None and carried is None):
        return None
    ordered = [inputs[0], matrix]
    if carried is not None:
        ordered.append(e.at_level(settled(e, carried, ctx, node.span), member_level, ctx))
    ordered.extend(inputs[1:])
    axes = e.graph.sorted_axes(*(value.type.axes for value in ordered))
    type_ = replace(inputs[0].type, level=level, axes=axes, partial="", loose="")
    return e.add(
        "aggregate", ordered, type_, ctx, node.span, matrix=node.matrix, carrying=carried is not None,
        clamped=node.clamped or "", dropping=node.dropping, where=len(inputs) > 1,
    )  # fmt: skip


# ---- over an axis
# ----------------------------------------------------------------------------------------------------


def along(e: Elaborator, value: Value, name: str, span: Span) -> str | None:
    """The axis that a value is to lose, as the plan calls it; says so where the value has no such axis."""
    axis = e.axes.get(name)
    if axis is None:
        known = f"the axes are {listed(e.axes)}" if e.axes else None
        hint = did_you_mean(name, e.axes, e.findings) or known
        e.error("PM226", f"there is no axis `{name}`", span, hint=hint)
        return None
    e.used.add((ast.Scenarios, name))
    if axis.name not in value.type.axes:
        has = f"it is per {', '.join(value.type.axes)}" if value.type.axes else "it has no axis"
        e.error(
            "PM319",
            f"this value is not per {name}: {has}",
            span,
            hint=f"something in it must differ by {name}, such as a column of that axis",
        )
        return None
    return axis.name


def fold_over(
    e: Elaborator,
    kind: str,
    operand: ast.Expr,
    where: ast.Expr | None,
    over: str,
    if_empty: ast.Expr | None,
    ctx: Context,
    span: Span,
) -> Value | None:
    """`largest x over AXIS` and its like."""
    value = numeric(e, operand, ctx)
    test = condition(e, where, ctx) if where is not None else None
    empty = instead(e, if_empty, value.type, ctx) if if_empty is not None and value is not None else None
    if value is None or (where is not None and test is None) or (if_empty is not None and empty is None):
        return None
    axis = along(e, value, over, span)
    if axis is None:
        return None
    given = [v for v in (value, test, empty) if v is not None]
    aligned = e.aligned(given, ctx, span)
    if aligned is None:
        return None
    values, level, axes = aligned
    rest = tuple(a for a in axes if a != axis)
    type_ = replace(value.type, level=level, axes=rest, loose="")
    return e.add(
        "fold_over",
        values,
        type_,
        ctx,
        span,
        axis=axis,
        kind=kind,
        where=test is not None,
        if_empty=empty is not None,
    )


def worst(e: Elaborator, node: ast.Worst, ctx: Context, expected: Type | None) -> Value | None:
    """`worst x over AXIS`: the largest loss, gains being positive."""
    kind = "worst_unfloored" if node.unfloored else "worst"
    return fold_over(e, kind, node.operand, node.where, node.over, None, ctx, node.span)


def quantile(e: Elaborator, node: ast.Quantile, ctx: Context, expected: Type | None) -> Value | None:
    """`quantile p of x over AXIS by CONVENTION`."""
    value, level = numeric(e, node.operand, ctx), numeric(e, node.level, ctx)
    test = condition(e, node.where, ctx) if node.where is not None else None
    weights = numeric(e, node.weighing, ctx) if node.weighing is not None else None
    if node.by not in CONVENTIONS:
        e.error(
            "PM320",
            f"there is no convention `{node.by}`",
            node.span,
            hint=did_you_mean(node.by, CONVENTIONS) or f"they are {', '.join(CONVENTIONS)}",
        )
        return None
    if node.by == "first_reaching" and node.weighing is None:
        hint = "add `weighing w`, a value for each point"
        e.error("PM320", "`first_reaching` needs the weight of each point", node.span, hint=hint)
        return None
    if node.by != "first_reaching" and node.weighing is not None:
        hint = "with `weighing` the convention is `first_reaching`"
        e.error("PM320", f"`{node.by}` takes no weights", node.weighing.span, hint=hint)
        return None
    if (
        value is None
        or level is None
        or (node.where is not None and test is None)
        or (node.weighing is not None and weights is None)
    ):
        return None
    axis = along(e, value, node.over, node.span)
    if axis is None:
        return None
    if level.type.level or level.type.axes or level.type.unit != NONE:
        message = "the level of a quantile is one number for the whole run"
        e.error("PM312", message, node.level.span, hint="write a number such as `99%`, or a parameter")
        return None
    aligned = e.aligned([v for v in (value, test, weights) if v is not None], ctx, node.span)
    if aligned is None:
        return None
    values, at, axes = aligned
    type_ = replace(value.type, level=at, axes=tuple(a for a in axes if a != axis), loose="")
    return e.add(
        "quantile_over", [values[0], level, *values[1:]], type_, ctx, node.span,
        axis=axis, kind=node.kind, by=node.by, where=test is not None, weighing=weights is not None,
    )  # fmt: skip


def ewma(e: Elaborator, node: ast.Ewma, ctx: Context, expected: Type | None) -> Value | None:
    """`ewma x over AXIS decay d`: the exponentially weighted volatility known before each point."""
    value, decay = numeric(e, node.operand, ctx), numeric(e, node.decay, ctx)
    axis = along(e, value, node.over, node.span) if value is not None else None
    if value is None or decay is None or axis is None or not ragged.follow(e, node.over, node.span):
        return None
    aligned = e.aligned([value, decay], ctx, node.span)
    if aligned is None:
        return None
    values, level, axes = aligned
    return e.add("ewma_over", values, value.type.at(level, axes), ctx, node.span, axis=axis)


def choose(e: Elaborator, node: ast.Choose, ctx: Context, expected: Type | None) -> Value | None:
    """`choose largest k then largest s over AXIS`: a point, to be read back by `x at chosen`."""
    found = [numeric(e, expr, ctx) for _, expr in node.preferences]
    ties = numeric(e, node.ties, ctx) if node.ties is not None else None
    known = [value for value in found if value is not None]
    axes_named = [along(e, value, node.over, node.span) for value in known]
    axis = axes_named[0] if axes_named else None
    if len(known) < len(found) or axis is None or None in axes_named:
        return None
    aligned = e.aligned([*known, *([ties] if ties else [])], ctx, node.span)
    if aligned is None:
        return None
    values, level, axes = aligned
    rest = tuple(a for a in axes if a != axis)
    kinds = tuple(kind for kind, _ in node.preferences)
    return e.add(
        "choose_over",
        values,
        Type("point", kind=axis, level=level, axes=rest),
        ctx,
        node.span,
        axis=axis,
        kinds=kinds,
        ties=ties is not None,
    )


def convert(e: Elaborator, node: ast.Convert, ctx: Context, expected: Type | None) -> Value | None:
    """`convert x to USD [haircut h]`: where the currency differs, gains lose the haircut and losses grow
    by it.
    """
    value = numeric(e, node.operand, ctx)
    if value is None:
        return None
    code = (
        currency_code(e, value.type.level, ctx)
        if value.type.currency == "native"
        else e.word(value.type.currency, "", ctx)
    )
    if code is None or not value.type.currency:
        e.error(
            "PM321",
            f"only money can be converted, and this is {value.type.describe()}",
            node.span,
            hint="convert a price or an amount, such as `quantity * multiplier * price`",
        )
        return None
    rate = e.add("fx", (code,), Type(level=code.type.level), ctx, node.span, to=node.currency)
    type_ = replace(value.type, currency=node.currency)
    aligned = e.aligned([value, rate, code], ctx, node.span)
    if aligned is None:
        return None
    (money, factor, codes), level, axes = aligned[0], aligned[1], aligned[2]
    converted = e.add("mul", (money, factor), type_.at(level, axes), ctx, node.span)
    if node.haircut is None:
        return converted
    haircut = numeric(e, node.haircut, ctx)
    return after_haircut(e, converted, haircut, codes, node, ctx) if haircut is not None else None


def after_haircut(
    e: Elaborator, money: Value, haircut: Value, code: Value, node: ast.Convert, ctx: Context
) -> Value | None:
    """Money minus the haircut on its size, where it was converted at all."""
    size = e.add("abs", (money,), money.type, ctx, node.span)
    aligned = e.aligned([size, haircut], ctx, node.span)
    if aligned is None:
        return None
    cut = e.add("mul", aligned[0], money.type.at(aligned[1], aligned[2]), ctx, node.span)
    less = combine(e, "sub", [money, cut], ctx, node)
    target = e.word(node.currency, "", ctx)
    same = e.add("eq", (code, target), Type("bool", level=code.type.level), ctx, node.span)
    triple = e.aligned([same, money, less], ctx, node.span) if less else None
    return e.add("if", triple[0], money.type.at(triple[1], triple[2]), ctx, node.span) if triple else None
