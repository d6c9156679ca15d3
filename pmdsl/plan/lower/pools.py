"""Pools: any number of legs under one charge, which is a sum of sums and of worst cases.

`k * sum x into POOL` is charged for each contract of a member; `k * worst sum x into POOL over AXIS` needs
the whole pool. Both are convex in what the pool holds where k is not negative in the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from pmdsl.plan.folding import known
from pmdsl.plan.lower import candidates, legs
from pmdsl.plan.lower.degrees import Degree
from pmdsl.plan.lower.elaborator import Context, Elaborator, LegName
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import combine, numeric
from pmdsl.plan.lower.reductions import along
from pmdsl.plan.lower.slices import per_contract, scales
from pmdsl.plan.nodes import Level
from pmdsl.syntax import ast
from pmdsl.types.values import Type


@dataclass(frozen=True)
class Matches:
    """The level that the members of a pool are rows of."""

    level: str
    within: str
    row: Value

    def pattern(self, e: Elaborator) -> Value:
        return Value(e.graph.nodes[self.row.node].inputs[0], Type("text", level=self.level))


@dataclass(frozen=True)
class Pool:
    """A pool as the plan holds it: the group of its members, and the conditions on them.

    `balanced`, `same` and `bound` are values of a member; `op` is ge or le.
    """

    decl: ast.PatternDecl
    level: str
    long: str
    short: str
    size: Value
    balanced: tuple[Value, ...]
    same: tuple[Value, ...]
    bound: Value | None
    op: str


@dataclass(frozen=True)
class Term:
    """One term of a charge: its factors, what is summed, and the axis of a worst case ("" for a sum)."""

    factors: tuple[tuple[ast.Expr, bool], ...]
    negative: bool
    operand: ast.Fold
    axis: str
    span_of: ast.Expr


def pool_of(
    e: Elaborator,
    matches: Matches,
    decl: ast.PatternDecl,
    common: tuple[ast.Path, ...],
    size: Value | None,
    ctx: Context,
) -> Pool | None:
    """The group of a pool's members, and what balances them."""
    sides = {slot.side: slot for slot in decl.slots}
    if len(decl.slots) != 2 or set(sides) != {"long", "short"}:
        hint = "write `long LEG a` and `short LEG b`; each takes any number of positions"
        e.error(
            "PM262", f"the pool `{decl.name}` has not one long and one short leg", decl.name.span, hint=hint
        )
        return None
    kinds = legs.kinds_of_all(e, decl)
    inner = replace(ctx, kinds=kinds)
    keys = [e.evaluate(path, inner) for path in decl.same or common]
    balanced = [member_value(e, matches, path, inner) for path in decl.balanced]
    needs = needed(e, matches, decl, inner)
    if None in keys or None in balanced or needs is None:
        return None
    same, bound, op = needs
    level = enter_group(e, matches, decl, [key for key in keys if key is not None], inner)
    one = e.constant(Fraction(1), ctx)
    sized = seen(e, matches, size, inner) if size is not None else one
    return Pool(
        decl, level, f"{decl.name}.{sides['long'].name}", f"{decl.name}.{sides['short'].name}", sized,
        tuple(v for v in balanced if v is not None), same, bound, op,
    )  # fmt: skip


def seen(e: Elaborator, matches: Matches, value: Value, ctx: Context) -> Value:
    """A value of a position as the match of one slot sees it."""
    if value.type.level == "":
        return value
    value = e.at_level(value, "position", ctx)
    return e.add("down", (value,), value.type.at(matches.level, value.type.axes), ctx, along="0")


def member_value(e: Elaborator, matches: Matches, path: ast.Expr, ctx: Context) -> Value | None:
    value = e.evaluate(path, ctx)
    return seen(e, matches, value, ctx) if value is not None else None


def enter_group(
    e: Elaborator, matches: Matches, decl: ast.PatternDecl, same: list[Value], ctx: Context
) -> str:
    """The group of a pool's members: one in each group of the strategies, for what its members agree in."""
    order = e.graph.order
    name = f"{matches.level}.{decl.name}"
    words = tuple(f"{decl.name}.{slot.name}" for slot in decl.slots)
    inside = e.add("member", (matches.pattern(e),), Type("bool", level=matches.level), ctx, words=words)
    above = order.levels[matches.within]
    key = f"{above.key or above.name + '.key'}"
    own = e.add("key", (), Type("text", level=key), ctx, level=key, part=0)
    parts = [e.at_level(own, matches.level, ctx), *(seen(e, matches, value, ctx) for value in same)]
    order.add(Level(f"{name}.key", "key", of=matches.level, keys=tuple(v.node for v in parts)), ("",))
    order.link(matches.level, f"{name}.key")
    order.add(Level(name, "group", of=matches.level, keys=(inside.node,)), ("account", f"{name}.key"))
    order.link(matches.level, name)
    order.link(name, matches.within)
    return name


def needed(
    e: Elaborator, matches: Matches, decl: ast.PatternDecl, ctx: Context
) -> tuple[tuple[Value, ...], Value | None, str] | None:
    """`each b needs a where …`: what they agree in, and the one bound between them."""
    same: list[Value] = []
    bound: Value | None = None
    op = "ge"
    for need in decl.needs:
        for part in candidates.conjuncts(need.where):
            found = condition_of(e, need, part)
            if found is None:
                return None
            path, operator = found
            value = member_value(e, matches, path, ctx)
            if value is None:
                return None
            if operator == "==":
                same.append(value)
            elif bound is None:
                bound, op = value, "ge" if operator == ">=" else "le"
            else:
                hint = "keep one of the bounds; the others are equal values: `==`"
                e.error("PM262", "a pool has one bound between its legs", part.span, hint=hint)
                return None
    return tuple(same), bound, op


def condition_of(e: Elaborator, need: ast.Needs, part: ast.Expr) -> tuple[ast.Path, str] | None:
    """`a.expiry >= b.expiry` as what is compared and how the long leg stands to the short one."""
    if isinstance(part, ast.Compare) and isinstance(part.left, ast.Path) and isinstance(part.right, ast.Path):
        first, second = part.left, part.right
        turned = {">=": "<=", "<=": ">=", "==": "=="}
        if {first.parts[0], second.parts[0]} == {need.leg.text, need.other.text}:
            ahead = first.parts[0] == need.other.text
            operator = part.operator if ahead else turned.get(part.operator, "")
            if first.parts[1:] == second.parts[1:] and len(first.parts) > 1 and operator in turned:
                return ast.Path(first.parts[1:], span=first.span), operator
    e.error(
        "PM262",
        "a leg of a pool needs another by equal values, and by one that is not before or not after",
        part.span,
        hint=f"for example `{need.other}.expiry >= {need.leg}.expiry`",
    )
    return None


# ---- charges
# ----------------------------------------------------------------------------------------------------------


def terms(
    e: Elaborator, decl: ast.PatternDecl, written: ast.Expr, negative: bool = False
) -> Iterator[Term | None]:
    """The terms of a pool's charge; None for one that is no sum and no worst case, which is reported."""
    if isinstance(written, ast.Paren):
        yield from terms(e, decl, written.inner, negative)
    elif isinstance(written, ast.Sign):
        yield from terms(e, decl, written.operand, negative != (written.operator == "-"))
    elif isinstance(written, ast.Binary) and written.operator in "+-":
        yield from terms(e, decl, written.left, negative)
        yield from terms(e, decl, written.right, negative != (written.operator == "-"))
    elif not (isinstance(written, ast.Number) and written.value == 0):
        yield term(e, decl, written, negative)


def term(e: Elaborator, decl: ast.PatternDecl, written: ast.Expr, negative: bool) -> Term | None:
    factors = factors_of(written)
    inner = [bare(part) for part, _ in factors]
    at = next((i for i, part in enumerate(inner) if isinstance(part, ast.Fold | ast.Worst)), None)
    if at is not None and not factors[at][1]:
        others = tuple(pair for i, pair in enumerate(factors) if i != at)
        found = inner[at]
        axis = found.over if isinstance(found, ast.Worst) and not found.unfloored else ""
        summed = bare(found.operand) if isinstance(found, ast.Worst) else found
        plain = isinstance(summed, ast.Fold) and summed.kind == "sum" and summed.into == decl.name.text
        if plain and (axis or not isinstance(found, ast.Worst)):
            return Term(others, negative, summed, axis or "", written)
    e.error(
        "PM331",
        "the charge of a pool is made of sums and of worst cases of sums",
        written.span,
        hint=f"write `sum x into {decl.name}` or `worst sum x into {decl.name} over AXIS`",
    )
    return None


def bare(node: ast.Expr) -> Any:
    """An expression without the parentheses around it."""
    while isinstance(node, ast.Paren):
        node = node.inner
    return node


def factors_of(node: ast.Expr, inverse: bool = False) -> list[tuple[ast.Expr, bool]]:
    """A product as its factors, each with whether it divides."""
    if isinstance(node, ast.Binary) and node.operator in "*/":
        return [*factors_of(node.left, inverse), (node.right, inverse != (node.operator == "/"))]
    return [(node, inverse)]


def linear(
    e: Elaborator, matches: Matches, decl: ast.PatternDecl, amount: str, written: ast.Expr, ctx: Context
) -> Value | None:
    """The sums of a pool's charge, for one contract of a member."""
    total: Value | None = None
    for found in terms(e, decl, written):
        if found is None:
            return None
        if found.axis:
            continue
        value = member_term(e, matches, decl, found, ctx)
        if value is None:
            return None
        total = value if total is None else combine(e, "add", [total, value], ctx, written)
        if total is None:
            return None
    return total if total is not None else e.constant(Fraction(0), ctx, loose="zero")


def scans(
    e: Elaborator, matches: Matches, decl: ast.PatternDecl, written: ast.Expr, ctx: Context
) -> list[tuple[Value, str]] | None:
    """The worst cases of a pool's charge: each for one contract of a member, with its axis."""
    made: list[tuple[Value, str]] = []
    for found in terms(e, decl, written):
        if found is None:
            return None
        if not found.axis:
            continue
        value = member_term(e, matches, decl, found, ctx)
        axis = along(e, value, found.axis, found.span_of.span) if value is not None else None
        if value is None or axis is None or not grows(e, found, ctx):
            return None
        made.append((value, axis))
    return made


def grows(e: Elaborator, found: Term, ctx: Context) -> bool:
    """Whether the factor of a worst case is never negative."""
    sure = not found.negative
    for factor, _ in found.factors:
        value = e.evaluate(factor, ctx)
        sure = sure and value is not None and never_negative(e, value.node)
    if not sure:
        message = "a worst case can only be charged: its factor must be a number that is not negative"
        hint = "a pool's charge grows at least in proportion (it is convex), or one pool would not be enough"
        e.error("PM331", message, found.span_of.span, hint=hint)
    return sure


def never_negative(e: Elaborator, index: int) -> bool:
    node = e.graph.nodes[index]
    if node.op == "dated":
        return all(never_negative(e, i) for i in node.inputs)
    value = known(index, e.graph.nodes)
    return isinstance(value, Fraction) and value >= 0


def member_term(
    e: Elaborator, matches: Matches, decl: ast.PatternDecl, found: Term, ctx: Context
) -> Value | None:
    """A term for one contract of a member: nothing for the legs that it does not speak of."""
    names = tuple(slot.name.text for slot in decl.slots)
    spoken = candidates.named_in(found.operand.operand, names)
    if len(spoken) > 1 or found.operand.where is not None:
        message = "a sum over a pool speaks of one of its legs, or of all members alike"
        e.error("PM331", message, found.operand.span, hint="write a sum for each leg, and add them")
        return None
    kinds = legs.kinds_of_all(e, decl)
    leg_kinds = {
        slot.name.text: LegName(0, matches.level, own.kinds if (own := legs.leg_class(e, slot.leg)) else None)
        for slot in decl.slots
    }
    value = numeric(e, found.operand.operand, replace(ctx, kinds=kinds, locals=leg_kinds))
    value = of_member(e, matches, value, found, ctx) if value is not None else None
    if value is None:
        return None
    if spoken:
        word = f"{decl.name}.{next(iter(spoken))}"
        type_ = Type("bool", level=matches.level)
        here = e.add("member", (matches.pattern(e),), type_, ctx, words=(word,))
        zero = e.constant(Fraction(0), ctx, loose="zero")
        value = e.add("if", (here, value, zero), value.type, ctx, found.operand.span)
    return times(e, value, found, ctx)


def of_member(e: Elaborator, matches: Matches, value: Value, found: Term, ctx: Context) -> Value | None:
    """A value of each position, read for one contract of the member; it must scale with the quantity."""
    span = found.operand.span
    if value.type.level == matches.level:
        return value
    if not e.graph.order.reads("position", value.type.level):
        e.error("PM301", f"this is a value for each {e.say(value.type.level)}", span)
        return None
    at = e.at_level(replace(value, type=replace(value.type, partial="")), "position", ctx)
    if scales(e, at) is not Degree.ONE:
        legs.does_not_scale(e, span)
        return None
    return seen(e, matches, per_contract(e, legs.settled(e, at, ctx, span)), ctx)


def times(e: Elaborator, value: Value, found: Term, ctx: Context) -> Value | None:
    """The value with the factors of its term, and its sign."""
    for factor, divides in found.factors:
        other = numeric(e, factor, ctx)
        aligned = e.aligned([value, other], ctx, factor.span) if other is not None else None
        if aligned is None or other is None:
            return None
        unit = value.type.unit.times(other.type.unit, -1 if divides else 1)
        type_ = replace(value.type, unit=unit, level=aligned[1], axes=aligned[2])
        value = e.add("div" if divides else "mul", aligned[0], type_, ctx, factor.span)
    return e.add("neg", (value,), value.type, ctx) if found.negative else value
