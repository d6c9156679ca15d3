"""The functions of the language, and the formulas that a rule set defines itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower import members, scenarios
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.money import settle
from pmdsl.plan.lower.operands import combine, numeric, partial_of
from pmdsl.syntax import ast
from pmdsl.types.units import NONE
from pmdsl.types.values import Type, common_unit

ROUNDING = ("half_up", "half_even", "up", "down", "ceiling", "floor")
TIMES = {"add_months": ("date", "number"), "seconds_between": ("moment", "moment")}
DAY_COUNTS = ("act_365f", "act_360", "act_act_isda", "thirty_360")

Function = Callable[[Elaborator, ast.Call, Context], Value | None]


def call(e: Elaborator, node: ast.Call, ctx: Context, expected: Type | None) -> Value | None:
    """A call of a built-in function, of a formula, or of a column of functions."""
    name = str(node.function)
    if name in FUNCTIONS:
        return FUNCTIONS[name](e, node, ctx)
    formula = e.program.get(ast.Formula, name)
    if formula is not None:
        e.used.add((ast.Formula, name))
        return inlined(e, formula, node, ctx)
    if len(node.function.parts) == 2 and node.function.parts[0] in e.axes:
        return scenarios.call_column(e, node, ctx)
    candidates = chain(FUNCTIONS, (f.name.text for f in e.program.all(ast.Formula)))
    e.error(
        "PM227", f"there is no function `{name}`", node.span, hint=did_you_mean(name, candidates, e.findings)
    )
    return None


def inlined(e: Elaborator, formula: ast.Formula, node: ast.Call, ctx: Context) -> Value | None:
    """A formula at its call: typed with the arguments that it gets there."""
    if len(node.args) != len(formula.params):
        e.error(
            "PM228",
            f"`{formula.name}` takes {arguments(len(formula.params))}, "
            f"and {len(node.args)} {are(len(node.args))} given",
            node.span,
            hint=f"write `{formula.name}({', '.join(p.text for p in formula.params)})`",
        )
        return None
    if any(busy == formula.name.text for busy, _ in e.busy):
        e.error("PM217", f"`{formula.name}` needs itself", node.span, hint="a rule set has no loops")
        return None
    values = [e.evaluate(arg.value, ctx) for arg in node.args]
    if any(value is None for value in values):
        return None
    locals_ = {
        **ctx.locals,
        **{p.text: v for p, v in zip(formula.params, values, strict=True) if v is not None},
    }
    shared = all(isinstance(value, Value) for value in locals_.values())
    nodes = [f"{name}={value.node}" for name, value in locals_.items() if isinstance(value, Value)]
    key = ("inlined", formula.name.text, *nodes, ctx.level, str(ctx.kinds))
    if shared and key in e.memo:
        return e.memo[key]
    e.busy.append((formula.name.text, node.span))
    try:
        found = e.evaluate(formula.value, replace(ctx, locals=locals_))
    finally:
        e.busy.pop()
    if shared:
        e.memo[key] = found
    return found


# ---- arguments
# -------------------------------------------------------------------------------------------------------


def arguments(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}"


def are(count: int) -> str:
    return "is" if count == 1 else "are"


def positional(e: Elaborator, node: ast.Call, ctx: Context, count: int) -> list[Value] | None:
    """Exactly this many numbers."""
    plain = [arg for arg in node.args if arg.name is None]
    if len(plain) != count:
        e.error(
            "PM228",
            f"`{node.function}` takes {arguments(count)}, and {len(plain)} {are(len(plain))} given",
            node.span,
        )
        return None
    values = [numeric(e, arg.value, ctx) for arg in plain]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


def named(node: ast.Call, name: str, position: int | None = None) -> ast.Expr | None:
    """An argument by its name, or by its position where it has none."""
    for arg in node.args:
        if arg.name == name:
            return arg.value
    if position is not None and position < len(node.args) and node.args[position].name is None:
        return node.args[position].value
    return None


def word(
    e: Elaborator, node: ast.Call, found: ast.Expr | None, allowed: tuple[str, ...], what: str
) -> str | None:
    """An argument that is one of a closed list of words."""
    text = str(found) if isinstance(found, ast.Path) else None
    if text not in allowed:
        hint = did_you_mean(text, allowed) if text is not None else None
        e.error(
            "PM229",
            f"`{node.function}` needs {what}: one of {', '.join(allowed)}",
            found.span if found else node.span,
            hint=hint,
        )
        return None
    return text


# ---- functions
# -------------------------------------------------------------------------------------------------------


def keeps_unit(op: str) -> Function:
    """A function of one number that keeps its unit."""

    def apply(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
        values = positional(e, node, ctx, 1)
        return e.add(op, values, replace(values[0].type, loose=""), ctx, node.span) if values else None

    return apply


def plain(op: str) -> Function:
    """A function of one number without a unit."""

    def apply(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
        values = positional(e, node, ctx, 1)
        if not values:
            return None
        if values[0].type.unit != NONE:
            e.error(
                "PM304",
                f"`{node.function}` takes a plain number, and this is {values[0].type.describe()}",
                node.span,
            )
            return None
        return e.add(op, values, replace(values[0].type, loose=""), ctx, node.span)

    return apply


def root(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """sqrt: of a plain number, or of a unit that is a square."""
    values = positional(e, node, ctx, 1)
    if not values:
        return None
    unit = values[0].type.unit.root()
    if unit is None:
        e.error(
            "PM304",
            f"{values[0].type.describe()} has no square root",
            node.span,
            hint="take the root of a plain number, or of a product of two amounts",
        )
        return None
    return e.add("sqrt", values, replace(values[0].type, unit=unit, loose="", currency=""), ctx, node.span)


def many(op: str) -> Function:
    """min and max, of two or more numbers of one unit."""

    def apply(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
        values = positional(e, node, ctx, max(len(node.args), 2))
        return combine(e, op, values, ctx, node) if values else None

    return apply


def clamp(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    values = positional(e, node, ctx, 3)
    return combine(e, "clamp", values, ctx, node) if values else None


def power(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """power(x, y) of two plain numbers."""
    values = positional(e, node, ctx, 2)
    if not values:
        return None
    if any(value.type.unit != NONE for value in values):
        e.error("PM304", "`power` takes plain numbers", node.span)
        return None
    return combine(e, "power", values, ctx, node)


def ratio(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """ratio(a, b, if_zero: c): a / b, and c where b is 0."""
    values = positional(e, replace(node, args=tuple(a for a in node.args if a.name is None)), ctx, 2)
    empty = named(node, "if_zero")
    if empty is None:
        e.error(
            "PM228",
            "`ratio` says what it is where the divisor is 0",
            node.span,
            hint="write `ratio(a, b, if_zero: 0)`",
        )
        return None
    third = numeric(e, empty, ctx)
    if not values or third is None:
        return None
    unit = values[0].type.unit.times(values[1].type.unit, -1)
    if common_unit(third.type, Type(unit=unit)) is None:
        e.error("PM304", f"the ratio is {unit}, and `if_zero` is {third.type.describe()}", empty.span)
        return None
    settled = settle(e, [*values, third], ctx, node.span)
    aligned = e.aligned(settled, ctx, node.span) if settled else None
    if aligned is None:
        return None
    operands, level, axes = aligned
    currency = operands[0].type.currency if unit.is_money else ""
    return e.add(
        "ratio",
        operands,
        Type(unit=unit, level=level, axes=axes, currency=currency, partial=partial_of(operands)),
        ctx,
        node.span,
    )


def rounded(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """round(x, mode: half_up, unit: USD 1)."""
    value = numeric(e, node.args[0].value, ctx) if node.args else None
    mode = word(e, node, named(node, "mode", 1), ROUNDING, "a mode")
    step = named(node, "unit", 2)
    if step is None:
        e.error("PM228", "`round` says to what", node.span, hint="for example `round(x, half_up, USD 0.01)`")
        return None
    unit = numeric(e, step, ctx, value.type if value else None)
    if value is None or mode is None or unit is None:
        return None
    if common_unit(value.type, unit.type) is None and unit.type.unit != NONE:
        e.error("PM304", f"{value.type.describe()} cannot be rounded to {unit.type.describe()}", step.span)
        return None
    aligned = e.aligned([value, unit], ctx, node.span)
    if aligned is None:
        return None
    operands, level, axes = aligned
    return e.add(
        "round", operands, replace(value.type, level=level, axes=axes, loose=""), ctx, node.span, mode=mode
    )


def given(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
    """given(NAME): whether a table of that name came with the run."""
    found = node.args[0].value if len(node.args) == 1 else None
    declared = {
        d.outside.name for d in e.program.all(ast.TableDecl) if d.outside and d.outside.kind == "data"
    }
    if not isinstance(found, ast.Path) or str(found) not in declared:
        listed = ", ".join(sorted(filter(None, declared)))
        hint = (
            f"they are {listed}"
            if listed
            else "a table that may come with the run says so: `unique table … from data NAME`"
        )
        e.error("PM230", "`given` asks for a table that may come with the run", node.span, hint=hint)
        return None
    return e.add("given", (), Type("bool"), ctx, node.span, data=str(found))


def dates(op: str) -> Function:
    """add_months(date, n), days_between(a, b), year_fraction(convention, a, b), seconds_between(a, b)."""

    wanted = TIMES.get(op, ("date", "date"))

    def apply(e: Elaborator, node: ast.Call, ctx: Context) -> Value | None:
        convention = (
            word(e, node, named(node, "convention", 0), DAY_COUNTS, "a day count")
            if op == "year_fraction"
            else None
        )
        rest = node.args[1:] if op == "year_fraction" else node.args
        values = [e.evaluate(arg.value, ctx) for arg in rest]
        known = [value for value in values if value is not None]
        if len(known) != 2 or len(values) != 2 or (op == "year_fraction" and convention is None):
            if len(values) != 2:
                e.error(
                    "PM228",
                    f"`{op}` takes two {wanted[0]}s"
                    if op != "add_months"
                    else "`add_months` takes a date and a number",
                    node.span,
                )
            return None
        if tuple(value.type.base for value in known) != wanted:
            taken = f"two {wanted[0]}s" if wanted[0] == wanted[1] else f"a {wanted[0]} and a {wanted[1]}"
            e.error("PM303", f"`{op}` takes {taken}", node.span)
            return None
        aligned = e.aligned(known, ctx, node.span)
        if aligned is None:
            return None
        operands, level, axes = aligned
        type_ = Type("date" if op == "add_months" else "number", level=level, axes=axes)
        return e.add(
            op, operands, type_, ctx, node.span, **({"convention": convention} if convention else {})
        )

    return apply


FUNCTIONS: dict[str, Function] = {
    "abs": keeps_unit("abs"),
    "floor": plain("floor"),
    "ceil": plain("ceil"),
    "exp": plain("exp"),
    "ln": plain("ln"),
    "normal_cdf": plain("normal_cdf"),
    "normal_pdf": plain("normal_pdf"),
    "normal_quantile": plain("normal_quantile"),
    "sqrt": root,
    "min": many("min"),
    "max": many("max"),
    "clamp": clamp,
    "power": power,
    "ratio": ratio,
    "round": rounded,
    "given": given,
    "add_months": dates("add_months"),
    "days_between": dates("days_between"),
    "year_fraction": dates("year_fraction"),
    "seconds_between": dates("seconds_between"),
    "count": scenarios.count,
    "same": members.same,
    "both": members.both,
    "either": members.either,
}
