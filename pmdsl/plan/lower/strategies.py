"""`strategies`: the level of matches, what each pattern charges for one match, which matches are admitted.

The charges of an amount are one `select` over the table of the patterns. A pool's charge is taken apart into
sums, which are charged for each member, and worst cases over what the whole pool took (`pools.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pmdsl.plan.lower import candidates, legs, pools
from pmdsl.plan.lower.candidates import Keys, Shape
from pmdsl.plan.lower.degrees import Degree, degree
from pmdsl.plan.lower.elaborator import Context, Elaborator, LegName, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import condition, joined_type, numeric
from pmdsl.plan.nodes import Level, Origin, TableRows
from pmdsl.syntax import ast
from pmdsl.types.values import Type


@dataclass(frozen=True)
class Cover:
    """A `strategies` statement as the plan holds it.

    `row` says which row of the table of patterns a match is of. `taken`: contracts of each slot in one match.
    `charges`: by amount, for one match, or one contract in a pool. `admitted`: None where every candidate is.
    """

    decl: ast.Strategies
    level: str
    within: str
    row: Value
    taken: tuple[Value, ...]
    charges: dict[str, Value] = field(default_factory=dict)
    pools: tuple[pools.Pool, ...] = ()
    admitted: Value | None = None

    def patterns(self) -> tuple[str, ...]:
        """The names of the patterns, those of a pool's members too."""
        return tuple(name for decl in self.decl.patterns for name in members_of(decl))


def members_of(decl: ast.PatternDecl) -> tuple[str, ...]:
    """What the matches of a pattern are called: those of a pool by its slots."""
    return tuple(f"{decl.name}.{slot.name}" for slot in decl.slots) if decl.pool else (decl.name.text,)


def cover_of(e: Elaborator, name: ast.Name) -> Cover | None:
    """The strategies of a name, worked out once; None where something is wrong, which is reported."""
    decl = e.program.get(ast.Strategies, name.text)
    if decl is None:
        declared = ", ".join(s.name.text for s in e.program.all(ast.Strategies))
        hint = f"there are {declared}" if declared else "declare them with `strategies`"
        e.error("PM260", f"there are no strategies `{name}`", name.span, hint=hint)
        return None
    e.used.add((ast.Strategies, name.text))
    if name.text not in e.covers:
        e.covers[name.text] = None
        e.covers[name.text] = made(e, decl)
    found: Cover | None = e.covers[name.text]
    return found


def made(e: Elaborator, decl: ast.Strategies) -> Cover | None:
    ctx = Context(origin=origin_of(decl, decl.name.text))
    within = group_of(e, decl)
    keys = Keys()
    size = measure(e, decl, ctx)
    found = [shapes(e, pattern, decl.same, keys, ctx) for pattern in decl.patterns]
    if within is None or not all(found) or (decl.measure is not None and size is None):
        return None
    every = [shape for one in found for shape in one]
    level = enter_level(e, decl, within, every, keys, size)
    row = row_of(e, decl, level, ctx)
    cover = Cover(decl, level, within, row, slots_taken(e, level, every, row, ctx))
    made_pools = [
        pools.pool_of(e, cover_level(cover), p, decl.same, size, ctx) for p in decl.patterns if p.pool
    ]
    cover = replace(
        cover,
        pools=tuple(pool for pool in made_pools if pool is not None),
        admitted=admitted(e, cover, every, ctx),
    )
    charged = {amount.name.text: charge(e, cover, amount, every, ctx) for amount in decl.amounts}
    if any(value is None for value in charged.values()) or None in made_pools:
        return None
    return replace(cover, charges={name: value for name, value in charged.items() if value is not None})


def cover_level(cover: Cover) -> pools.Matches:
    return pools.Matches(cover.level, cover.within, cover.row)


# ---- the level
# ---------------------------------------------------------------------------------------------------------


def group_of(e: Elaborator, decl: ast.Strategies) -> str | None:
    """The group that all positions of a match are in."""
    e.used.add((ast.Level, decl.within.text))
    if decl.within.text in e.groups:
        return e.groups[decl.within.text]
    hint = f"the groups are {', '.join(e.groups)}" if e.groups else "declare one with `levels` and `group`"
    e.error("PM225", f"there is no group `{decl.within}`", decl.within.span, hint=hint)
    return None


def agreed(
    e: Elaborator, paths: tuple[ast.Path, ...], kinds: frozenset[str] | None, keys: Keys, ctx: Context
) -> list[int] | None:
    """The places of what all legs agree in."""
    values = [e.evaluate(path, replace(ctx, kinds=kinds)) for path in paths]
    known = [e.at_level(value, "position", ctx) for value in values if value is not None]
    return [keys.place(value) for value in known] if len(known) == len(values) else None


def measure(e: Elaborator, decl: ast.Strategies, ctx: Context) -> Value | None:
    """The size of a contract."""
    if decl.measure is None:
        return None
    value = numeric(e, decl.measure, ctx)
    return e.at_level(value, "position", ctx) if value is not None else None


def shapes(
    e: Elaborator, decl: ast.PatternDecl, common: tuple[ast.Path, ...], keys: Keys, ctx: Context
) -> list[Shape]:
    """The shapes of a pattern; its own `same` stands instead of the common one."""
    same = agreed(e, decl.same or common, legs.kinds_of_all(e, decl), keys, ctx)
    return candidates.shapes_of(e, decl, keys, same, ctx) if same is not None else []


def enter_level(
    e: Elaborator, decl: ast.Strategies, within: str, shapes: list[Shape], keys: Keys, size: Value | None
) -> str:
    """Add the level of matches; the parent's where it is the same."""
    order = e.graph.order
    place = keys.place(size) if size is not None else -1
    patterns = tuple(shape.pattern for shape in shapes)
    name = decl.name.text
    level = Level(name, "match", "position", tuple(keys.nodes), within=within, patterns=patterns, size=place)
    if name in order.levels and order.levels[name] != level:
        name = f"own.{name}"
        level = replace(level, name=name)
    if name not in order.levels:
        order.add(level, (within,))
    return name


def row_of(e: Elaborator, decl: ast.Strategies, level: str, ctx: Context) -> Value:
    """Which row of the table of patterns a match is of."""
    name = e.in_plan(decl.name.text)
    pattern = e.add("pattern", (), Type("text", level=level), ctx)
    rows = tuple(({"is": members_of(p)},) for p in decl.patterns)
    e.rows[name] = TableRows(name, tuple(map(row_origin, decl.patterns)))
    return e.add(
        "match", (pattern,), Type("row", level=level), ctx, decl.span,
        table=name, keys=1, names=("pattern",), rows=rows, whens=(-1,) * len(rows), first=False,
        periods=((None, None),) * len(rows),
    )  # fmt: skip


def row_origin(pattern: ast.PatternDecl) -> Origin:
    """Where the row of a pattern comes from, and whether anybody has verified it."""
    origin = legs.origin_of_pattern(Context(), pattern).origin
    return replace(origin, name=pattern.name.text, unverified=pattern.notes.unverified)


def per_pattern(
    e: Elaborator, row: Value, cells: list[Value], ctx: Context, decl: ast.Strategies, column: str
) -> Value | None:
    """A value that each pattern has in its own way."""
    type_ = joined_type(e, cells, decl)
    aligned = e.aligned([row, *cells], ctx, decl.span) if type_ is not None else None
    if aligned is None or type_ is None:
        return None
    values, level, axes = aligned
    table = e.in_plan(decl.name.text)
    return e.add(
        "select", values, replace(type_, level=level, axes=axes), ctx, decl.span, table=table, column=column
    )


# ---- what a match takes
# --------------------------------------------------------------------------------------------------


def named_legs(shape: Shape, level: str, taken: tuple[Value, ...]) -> dict[str, LegName]:
    """The legs of a pattern by name; in a pool each member is in the first slot, one contract at a time."""
    return {
        slot.name: LegName(number, level, kinds, None if shape.decl.pool else taken[number])
        for number, (slot, kinds) in enumerate(zip(shape.pattern.slots, shape.kinds, strict=True))
    }


def slots_taken(
    e: Elaborator, level: str, shapes: list[Shape], row: Value, ctx: Context
) -> tuple[Value, ...]:
    """Contracts of each slot in one match: what makes sizes equal, or what the pattern counts."""
    most = max(len(shape.pattern.slots) for shape in shapes)
    plain = tuple(legs.contracts(e, level, number, ctx) for number in range(most))
    found = list(plain)
    for shape in shapes:
        for number, slot in enumerate(shape.decl.slots if not shape.decl.pool else ()):
            if slot.count is None:
                continue
            known = named_legs(shape, level, plain)
            known[slot.name.text] = replace(known[slot.name.text], contracts=None)
            inner = replace(legs.origin_of_pattern(ctx, shape.decl), locals=known)
            counted = numeric(e, slot.count, inner)
            if counted is not None:
                here = is_pattern(e, row, level, (shape.pattern.name,), ctx)
                type_ = Type(level=level)
                found[number] = e.add("if", (here, counted, found[number]), type_, inner, slot.span)
    return tuple(found)


def is_pattern(e: Elaborator, row: Value, level: str, names: tuple[str, ...], ctx: Context) -> Value:
    """Whether a match is of one of some patterns."""
    pattern = Value(e.graph.nodes[row.node].inputs[0], Type("text", level=level))
    return e.add("member", (pattern,), Type("bool", level=level), ctx, words=names)


def admitted(e: Elaborator, cover: Cover, shapes: list[Shape], ctx: Context) -> Value | None:
    """What is left of the patterns' conditions, for each candidate."""
    if not any(shape.left for shape in shapes):
        return None
    cells: list[Value] = []
    for decl in cover.decl.patterns:
        shape = next(s for s in shapes if s.decl is decl)
        inner = replace(legs.origin_of_pattern(ctx, decl), locals=named_legs(shape, cover.level, cover.taken))
        left = list(shape.left)
        whole = left[0] if left else None
        for part in left[1:]:
            whole = ast.And(whole, part, span=part.span) if whole is not None else part
        value = condition(e, whole, inner) if whole is not None else e.truth(True, ctx)
        if value is None:
            return None
        cells.append(value)
    return per_pattern(e, cover.row, cells, ctx, cover.decl, "where")


def charge(
    e: Elaborator, cover: Cover, amount: ast.Amount, shapes: list[Shape], ctx: Context
) -> Value | None:
    """An amount for one match of each pattern."""
    cells: list[Value] = []
    for decl in cover.decl.patterns:
        own = [c for c in decl.charges if c.amount.text == amount.name.text]
        written = own[0].value if own else amount.default
        if written is None:
            hint = f"add `charge {amount.name} = …`, or a default: `amount {amount.name} default 0`"
            e.error("PM261", f"`{decl.name}` says no charge `{amount.name}`", decl.name.span, hint=hint)
            return None
        inner = legs.origin_of_pattern(ctx, decl)
        value = (
            pools.linear(e, cover_level(cover), decl, amount.name.text, written, inner)
            if decl.pool
            else of_match(e, cover, decl, shapes, written, inner)
        )
        if value is None:
            return None
        cells.append(value)
    return per_pattern(e, cover.row, cells, ctx, cover.decl, amount.name.text)


def of_match(
    e: Elaborator, cover: Cover, decl: ast.PatternDecl, shapes: list[Shape], written: ast.Expr, ctx: Context
) -> Value | None:
    """The charge of a pattern, which must grow with the number of matches."""
    shape = next(s for s in shapes if s.decl is decl)
    value = numeric(e, written, replace(ctx, locals=named_legs(shape, cover.level, cover.taken)))
    if value is None:
        return None
    if not e.graph.order.reads(cover.level, value.type.level):
        message = f"this is a value for each {e.say(value.type.level)}, and a charge is one for each match"
        e.error("PM332", message, written.span, hint="name the leg that is meant, such as `s.cost`")
        return None
    scaling = {taken.node: Degree.ONE for taken in cover.taken}
    scale = degree(e.graph.nodes, value.node, scaling) if value.type.level == cover.level else Degree.NONE
    zero = e.graph.nodes[value.node]
    if scale not in (Degree.ONE, Degree.ANY) and not (zero.op == "const" and zero.params["value"] == "0"):
        message = "this charge does not grow with what the match takes"
        hint = "two matches charge twice as much as one: multiply by something of a leg, such as `s.worth`"
        e.error("PM330", message, written.span, hint=hint)
        return None
    return value
