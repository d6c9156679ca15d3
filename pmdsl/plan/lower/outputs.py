"""What a rule set answers: requirements, reports, conditions and claims."""

from __future__ import annotations

from pmdsl.plan.lower import ragged
from pmdsl.plan.lower.bindings import bindings
from pmdsl.plan.lower.declarations import value_of
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition
from pmdsl.plan.nodes import Output
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.units import MONEY


def declare_outputs(e: Elaborator) -> list[Output]:
    """Every output, in the order in which the rule set declares them."""
    found: list[Output | None] = []
    for declared in e.program.declared.values():
        if isinstance(declared, ast.Require):
            found.append(requirement(e, declared))
        elif isinstance(declared, ast.Report):
            found.append(report(e, declared))
        elif isinstance(declared, ast.Eligible | ast.Alert):
            found.append(statement(e, declared))
        elif isinstance(declared, ast.Check):
            found.append(claim(e, declared))
    return [output for output in found if output is not None]


def requirement(e: Elaborator, declared: ast.Require) -> Output | None:
    """An amount of money for each account, perhaps with sides."""
    ctx = Context(origin=origin_of(declared, declared.name.text))
    value = value_of(e, declared.name.text, ctx, declared.span)
    if value is None:
        return None
    axes = sides(e, value, declared.by, declared.value.span)
    if axes is None or not per_account(e, value, declared.value.span):
        return None
    if value.type.base != "number" or (value.type.unit != MONEY and value.type.loose != "zero"):
        hint = (
            "a condition is answered by `eligible` or `alert`"
            if value.type.base == "bool"
            else "a quantity times `multiplier` times a price is money; anything else is answered by `report`"
        )
        message = f"a requirement is money, and this is {value.type.describe()}"
        e.error("PM323", message, declared.value.span, hint=hint)
        return None
    if not in_own_currency(e, value, "requirement", declared.value.span):
        return None
    value = e.at_level(value, "account", ctx) if value.type.level else value
    return Output("requirement", declared.name.text, value.node, axes, binding=bindings(e, value.node, ctx))


def in_own_currency(e: Elaborator, value: Value, what: str, span: Span) -> bool:
    """Whether an amount is in the currency of the rule set, the only one that an answer is read in."""
    if value.type.currency in ("", e.program.currency):
        return True
    message = f"the {what} is in {value.type.currency}, the rule set in {e.program.currency}"
    e.error("PM310", message, span, hint=f"write `convert … to {e.program.currency}`")
    return False


def sides(e: Elaborator, value: Value, by: ast.Name | None, span: Span) -> str | None:
    """The axis of an output's sides, "" for none; None where an axis is left over."""
    wanted = e.axes[by.text].name if by is not None and by.text in e.axes else ""
    hint = "answer the `worst` or the `largest` over it"
    if by is not None and wanted and not ragged.shared(e, by.text, "no answer can be `by` it", by.span, hint):
        return None
    left = [axis for axis in value.type.axes if axis != wanted]
    if left:
        axis = left[0]
        e.error(
            "PM324",
            f"this is still per {axis}",
            span,
            hint=f"take the `worst … over {axis}` first, or answer `by {axis}`",
        )
        return None
    return wanted if wanted in value.type.axes else ""


def per_account(e: Elaborator, value: Value, span: Span) -> bool:
    if value.type.level in ("account", ""):
        return True
    e.error(
        "PM325",
        f"this is a value for each {e.say(value.type.level)}, and one for each account is needed",
        span,
        hint="write `sum … into account`",
    )
    return False


def report(e: Elaborator, declared: ast.Report) -> Output | None:
    """A value of any level that is published beside the requirements."""
    value = e.evaluate(declared.value, Context(origin=origin_of(declared, declared.name.text)))
    if value is None:
        return None
    axes = sides(e, value, declared.by, declared.value.span)
    if value.type.base == "point" and not has_name(e, value.type.kind, declared.value.span):
        return None
    # What each instrument is worth is reported in its own currency.
    if value.type.currency != "native" and not in_own_currency(e, value, "report", declared.value.span):
        return None
    return Output("report", declared.name.text, value.node, axes) if axes is not None else None


def has_name(e: Elaborator, axis: str, span: Span) -> bool:
    """Whether the points of an axis have names that a report can show."""
    hint = f"report the value: `{axis} at …`"
    return axis not in e.axes or ragged.shared(e, axis, "none of them has a name", span, hint)


def statement(e: Elaborator, declared: ast.Eligible | ast.Alert) -> Output | None:
    """A named condition on the account."""
    ctx = Context(origin=origin_of(declared, declared.name.text))
    value = condition(e, declared.condition, ctx)
    if value is None or not per_account(e, value, declared.condition.span):
        return None
    if sides(e, value, None, declared.condition.span) is None:
        return None
    alert = isinstance(declared, ast.Alert)
    severity = declared.severity.text if isinstance(declared, ast.Alert) else ""
    return Output(
        "alert" if alert else "eligible",
        declared.name.text,
        value.node,
        message=declared.message,
        severity=severity,
    )


def claim(e: Elaborator, declared: ast.Check) -> Output | None:
    """A claim that the tool tries to prove or to refute; `rising(x, p)` says that x never falls where
    parameter p rises.
    """
    ctx = Context(origin=origin_of(declared, declared.message))
    expr = declared.claim
    if isinstance(expr, ast.Call) and str(expr.function) == "rising":
        return rising(e, declared, expr, ctx)
    value = condition(e, expr, ctx)
    return Output("check", declared.message, value.node) if value is not None else None


def rising(e: Elaborator, declared: ast.Check, expr: ast.Call, ctx: Context) -> Output | None:
    named = [arg.value for arg in expr.args]
    if len(named) != 2 or not all(isinstance(arg, ast.Path) for arg in named):
        e.error(
            "PM228",
            "`rising` takes a value and a parameter",
            expr.span,
            hint="for example `rising(house, buffer)`",
        )
        return None
    param = str(named[1])
    if e.program.get(ast.Param, param) is None:
        e.error("PM210", f"there is no parameter `{param}`", named[1].span)
        return None
    e.used.add((ast.Param, param))
    value = e.evaluate(named[0], ctx)
    return Output("check", declared.message, value.node, by=param) if value is not None else None
