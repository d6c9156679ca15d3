"""Legs: classes of positions (`leg call = option where right == call`), and the legs of a pattern by name.

A leg's name means one of two things: while candidates are looked for, a position by itself; in a charge, what
a match takes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from pmdsl.diagnostics import did_you_mean
from pmdsl.plan.lower import guards
from pmdsl.plan.lower.degrees import Degree
from pmdsl.plan.lower.elaborator import Context, Elaborator, LegName, placed
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.money import checked, currency_code
from pmdsl.plan.lower.operands import condition
from pmdsl.plan.lower.slices import per_contract, scales
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.types.values import Type

SIDES = {"long": ">", "short": "<", "any": "!="}


# ---- classes
# --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LegClass:
    """The conditions that a leg of this class meets, the widest first, and the kinds of instrument left."""

    conditions: tuple[ast.Expr, ...] = ()
    kinds: guards.Kinds = None


def leg_class(e: Elaborator, name: ast.Name, seen: tuple[str, ...] = ()) -> LegClass | None:
    """What a name after `long`, `short` or `any` stands for."""
    if name.text == "position":
        return LegClass()
    declared = e.program.get(ast.LegDecl, name.text)
    if declared is None:
        named = [leg.name.text for leg in e.program.all(ast.LegDecl)]
        hint = did_you_mean(name.text, named, e.findings) or f"declare it: `leg {name} = position where …`"
        e.error("PM260", f"there is no leg `{name}`", name.span, hint=hint)
        return None
    e.used.add((ast.LegDecl, name.text))
    if name.text in seen:
        e.error("PM217", f"`{name}` needs itself: {' -> '.join((*seen, name.text))}", name.span)
        return None
    above = leg_class(e, declared.of, (*seen, name.text))
    if above is None:
        return None
    kinds = guards.both(above.kinds, guards.kinds_of(e, declared.where))
    return LegClass((*above.conditions, declared.where), kinds)


def kinds_of_all(e: Elaborator, decl: ast.PatternDecl) -> guards.Kinds:
    """The kinds of instrument that the legs of a pattern can be."""
    classes = [leg_class(e, slot.leg) for slot in decl.slots]
    kinds = [leg.kinds for leg in classes if leg is not None and leg.kinds is not None]
    return frozenset().union(*kinds) if len(kinds) == len(classes) else None


def filling(
    e: Elaborator, side: str, leg: LegClass, own: list[ast.Expr], ctx: Context, span: Span
) -> Value | None:
    """Which positions may fill a slot: those of its side, its class, and the pattern's own conditions."""
    quantity = ast.Path(("quantity",), span=span)
    held = ast.Compare(SIDES[side], quantity, ast.Number(Fraction(0), "0", span=span), span=span)
    joined: ast.Expr = held
    for other in (*leg.conditions, *own):
        joined = ast.And(joined, other, span=other.span)
    return condition(e, joined, ctx)


# ---- the legs of a pattern
# ------------------------------------------------------------------------------------------


def of_leg(e: Elaborator, leg: LegName, path: ast.Path, ctx: Context) -> Value | None:
    """`s.cost`: a value of the position in a slot; in a charge, for as much of it as a match takes."""
    rest = ast.Path(path.parts[1:], span=path.span)
    inner = Context(origin=ctx.origin, kinds=leg.kinds)
    found = e.evaluate(rest, inner)
    if found is None or not is_of_positions(e, found, rest) or not exists(e, found, leg, rest):
        return None
    value = settled(e, replace(found, type=replace(found.type, partial="")), inner, path.span)
    if leg.level == "position":
        return value
    return taken(e, value, leg, ctx, path.span)


def is_of_positions(e: Elaborator, value: Value, rest: ast.Path) -> bool:
    """Whether a value is known for each position; says so where it is not."""
    if e.graph.order.reads("position", value.type.level):
        return True
    message = f"`{rest}` is a value for each {e.say(value.type.level)}, and a leg is a position"
    e.error("PM301", message, rest.span, hint="read it by itself, without the leg")
    return False


def exists(e: Elaborator, value: Value, leg: LegName, rest: ast.Path) -> bool:
    """Whether every position that can fill the slot has the value; says so where not."""
    partial = value.type.partial
    if not partial or (leg.kinds is not None and leg.kinds <= {partial}):
        return True
    message = f"`{rest}` exists for `{partial}` only, and this leg may be something else"
    hint = f"narrow the leg: `leg … = position where instrument.kind == {partial}`"
    e.error("PM214", message, rest.span, hint=hint)
    return False


def settled(e: Elaborator, value: Value, ctx: Context, span: Span) -> Value:
    """Money of the instrument's currency is checked to be the rule set's before legs meet."""
    if value.type.currency != "native" or currency_code(e, value.type.level, ctx) is None:
        return value
    return checked(e, value, e.program.currency, ctx, span)


def taken(e: Elaborator, value: Value, leg: LegName, ctx: Context, span: Span) -> Value | None:
    """A value of a position as a match sees it: of its contracts where it scales with quantity."""
    if value.type.level == "":
        return value
    at = e.at_level(value, "position", ctx)
    scaling = scales(e, at)
    if scaling is Degree.MIXED:
        does_not_scale(e, span)
        return None
    one = per_contract(e, at) if scaling is Degree.ONE else at
    type_ = one.type.at(leg.level, one.type.axes)
    seen = e.add("down", (one,), type_, ctx, span, along=str(leg.slot))
    if scaling is not Degree.ONE or leg.contracts is None:
        return seen
    return e.add("mul", (seen, leg.contracts), type_, ctx, span)


def does_not_scale(e: Elaborator, span: Span) -> None:
    """Report a value that neither grows with the position nor is the same for any part of it."""
    e.error(
        "PM330",
        "half of a position has not half of this, so it cannot be said of a part of a position",
        span,
        hint="put what is fixed or rounded into a value per contract, and multiply it by the quantity",
    )


def contracts(e: Elaborator, level: str, slot: int, ctx: Context) -> Value:
    """How many contracts of a slot the smallest match takes."""
    return e.add("contracts", (), Type(level=level), ctx, slot=slot)


def origin_of_pattern(ctx: Context, decl: ast.PatternDecl) -> Context:
    """The context of a pattern's charges: its place and citations. Its row says whether it is verified."""
    cites = tuple(f"{c.source.text} at {c.at!r}" for c in decl.notes.cites)
    origin = replace(placed(ctx.origin, decl.span), text="")
    return replace(ctx, origin=replace(origin, cites=cites or origin.cites))
