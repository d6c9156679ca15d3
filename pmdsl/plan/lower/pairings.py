"""Pairings: how often each match is taken, and what is charged for it (decision 0009)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from pmdsl.diagnostics import did_you_mean, listed
from pmdsl.plan.lower import pools, strategies
from pmdsl.plan.lower.circles import once
from pmdsl.plan.lower.elaborator import Context, Elaborator, origin_of
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.operands import combine, numeric
from pmdsl.plan.lower.strategies import Cover
from pmdsl.syntax import ast
from pmdsl.types.values import Type

Scans = list[tuple[pools.Pool, Value, str]]


def read(e: Elaborator, path: ast.Path, ctx: Context) -> Value | None:
    """`opening.initial`: an amount of each group; `opening.straddle.count`: the matches of a pattern."""
    name, what, *rest = path.parts
    decl = e.program.get(ast.Pairing, name)
    assert decl is not None
    e.used.add((ast.Pairing, name))
    cover = strategies.cover_of(e, decl.strategies)
    taken = taken_by(e, decl, cover) if cover is not None else None
    if cover is None or taken is None:
        return None
    key = ("declared", str(path))
    if rest == ["count"] and what in {p.name.text for p in cover.decl.patterns}:
        return once(e, key, str(path), path.span, lambda: counted(e, cover, taken, what, path))
    if not rest and what in cover.charges:
        return once(e, key, str(path), path.span, lambda: amount(e, cover, taken, what, path))
    options = [".".join(parts) for parts in asked_of(cover)]
    hint = did_you_mean(".".join((what, *rest)), options, e.findings) or f"it has {listed(options)}"
    e.error("PM260", f"the pairing `{name}` has no `{'.'.join((what, *rest))}`", path.span, hint=hint)
    return None


def reach(e: Elaborator) -> None:
    """Work out whatever a pairing can be asked for, and all strategies, so that their mistakes are found."""
    for decl in e.program.all(ast.Pairing):
        cover = strategies.cover_of(e, decl.strategies)
        for rest in asked_of(cover) if cover is not None else ():
            read(e, ast.Path((decl.name.text, *rest), span=decl.span), Context())
    for declared in e.program.all(ast.Strategies):
        strategies.cover_of(e, declared.name)


def asked_of(cover: Cover) -> list[tuple[str, ...]]:
    """What stands after the name of a pairing: an amount, or a pattern's `count`."""
    return [*((name,) for name in cover.charges), *((p.name.text, "count") for p in cover.decl.patterns)]


# ---- amounts
# ----------------------------------------------------------------------------------------------------------


def reading(cover: Cover, name: str) -> Context:
    """The context of what is read of a pairing; whether patterns are verified counts where they are made."""
    return Context(origin=replace(origin_of(cover.decl, name), unverified=False))


def counted(e: Elaborator, cover: Cover, taken: Value, pattern: str, path: ast.Path) -> Value:
    """How many matches of a pattern a group has; of a pool, how many contracts."""
    decl = next(p for p in cover.decl.patterns if p.name.text == pattern)
    words = strategies.members_of(decl)
    ctx = reading(cover, str(path))
    here = strategies.is_pattern(e, cover.row, cover.level, words, ctx)
    type_ = Type(level=cover.within, axes=taken.type.axes)
    return e.add("fold_into", (taken, here), type_, ctx, path.span, kind="sum", where=True, if_empty=False)


def amount(e: Elaborator, cover: Cover, taken: Value, name: str, path: ast.Path) -> Value | None:
    """An amount for each group: what the matches charge, and the worst cases of the pools."""
    ctx = reading(cover, f"{path.parts[0]}.{name}")
    charged = cover.charges[name]
    total: Value | None = charged_into(e, cover.within, charged, taken, told(ctx, "charged for each match"))
    found = scans_of(e, cover, name, ctx)
    for pool, scan, axis in found or ():
        worst_ctx = told(ctx, f"worst case of {pool.decl.name}")
        held = charged_into(e, pool.level, scan, taken, worst_ctx)
        rest = tuple(a for a in held.type.axes if a != axis)
        worst = e.add(
            "fold_over", (held,), held.type.at(pool.level, rest), worst_ctx,
            axis=axis, kind="worst", where=False, if_empty=False,
        )  # fmt: skip
        more = into(e, cover.within, worst, worst_ctx)
        total = combine(e, "add", [total, more], ctx, path) if total is not None else None
    return total if found is not None else None


def told(ctx: Context, text: str) -> Context:
    """The context under a name that explanations use."""
    return replace(ctx, origin=replace(ctx.origin, text=text))


def charged_into(e: Elaborator, level: str, value: Value, taken: Value, ctx: Context) -> Value:
    """What is charged for one match, as often as it is taken; what is not taken is not looked at."""
    axes = e.graph.sorted_axes(value.type.axes, taken.type.axes)
    type_ = replace(value.type, level=taken.type.level, axes=axes)
    product = e.add("mul", (value, taken), type_, ctx)
    zero = e.constant(Fraction(0), ctx)
    some = e.add("ne", (taken, zero), replace(taken.type, base="bool"), ctx)
    inputs = (product, some)
    summed = replace(type_, level=level, loose="")
    return e.add("fold_into", inputs, summed, ctx, kind="sum", where=True, if_empty=False)


def into(e: Elaborator, level: str, value: Value, ctx: Context) -> Value:
    type_ = replace(value.type, level=level, loose="")
    return e.add("fold_into", (value,), type_, ctx, kind="sum", where=False, if_empty=False)


def scans_of(e: Elaborator, cover: Cover, name: str, ctx: Context) -> Scans | None:
    """The worst cases that an amount charges, with the pool of each."""
    matches = strategies.cover_level(cover)
    found: Scans = []
    for pool in cover.pools:
        written = next((c.value for c in pool.decl.charges if c.amount.text == name), None)
        made = pools.scans(e, matches, pool.decl, written, ctx) if written is not None else []
        if made is None:
            return None
        found.extend((pool, value, axis) for value, axis in made)
    return found


# ---- the choice
# -----------------------------------------------------------------------------------------------------


def taken_by(e: Elaborator, decl: ast.Pairing, cover: Cover) -> Value | None:
    """How many of each match a pairing takes."""
    key = ("pairing", decl.name.text)
    return once(e, key, decl.name.text, decl.span, lambda: made(e, decl, cover))


def made(e: Elaborator, decl: ast.Pairing, cover: Cover) -> Value | None:
    ctx = Context(origin=origin_of(decl, decl.name.text))
    allowed = allowed_by(e, decl, cover)
    stages = [objective(e, written, cover, ctx) for written in decl.objectives]
    known = [stage for stage in stages if stage is not None]
    if allowed is None or len(known) < len(stages):
        return None
    for name in cover.charges:
        found = scans_of(e, cover, name, ctx)
        if found is None:
            return None
        known.append((cover.charges[name], found))
    return solved(e, cover, known, allowed, decl, ctx)


def allowed_by(e: Elaborator, decl: ast.Pairing, cover: Cover) -> tuple[str, ...] | None:
    """The patterns that a pairing may use."""
    named = {p.name.text: strategies.members_of(p) for p in cover.decl.patterns}
    for word in (*decl.only, *decl.without):
        if word.text not in named:
            hint = did_you_mean(word.text, named, e.findings) or f"they are {listed(named)}"
            e.error("PM260", f"`{cover.decl.name}` has no pattern `{word}`", word.span, hint=hint)
            return None
    only, without = {w.text for w in decl.only}, {w.text for w in decl.without}
    kept = [name for name in named if (not only or name in only) and name not in without]
    return tuple(member for name in kept for member in named[name])


def objective(e: Elaborator, written: ast.Expr, cover: Cover, ctx: Context) -> tuple[Value, Scans] | None:
    """What is made smallest: a sum or a difference of amounts."""
    value = numeric(e, written, replace(ctx, locals=dict(cover.charges)))
    shares = shares_of(e, written, cover, Fraction(1))
    if value is None or shares is None:
        return None
    found: Scans = []
    for name, share in shares.items():
        for pool, scan, axis in scans_of(e, cover, name, ctx) or ():
            if share < 0:
                message = f"`{name}` has a worst case of the pool `{pool.decl.name}`, and is taken off here"
                hint = "only what a pool charges by sums can be taken off: the objective must be convex"
                e.error("PM331", message, written.span, hint=hint)
                return None
            if share:
                found.append((pool, weighed(e, scan, share, ctx), axis))
    return value, found


def weighed(e: Elaborator, scan: Value, share: Fraction, ctx: Context) -> Value:
    """A worst case as often as its amount counts."""
    if share == 1:
        return scan
    return e.add("mul", (scan, e.constant(share, ctx)), scan.type, ctx)


def shares_of(e: Elaborator, written: ast.Expr, cover: Cover, factor: Fraction) -> dict[str, Fraction] | None:
    """How often each amount counts in an objective; None for what is no sum of amounts, which is reported."""
    written = pools.bare(written)
    if isinstance(written, ast.Path) and len(written.parts) == 1 and written.parts[0] in cover.charges:
        return {written.parts[0]: factor}
    if isinstance(written, ast.Sign):
        return shares_of(e, written.operand, cover, -factor if written.operator == "-" else factor)
    if isinstance(written, ast.Binary) and written.operator in "+-":
        left = shares_of(e, written.left, cover, factor)
        right = shares_of(e, written.right, cover, -factor if written.operator == "-" else factor)
        if left is None or right is None:
            return None
        return {name: left.get(name, Fraction(0)) + right.get(name, Fraction(0)) for name in (*left, *right)}
    if isinstance(written, ast.Binary) and written.operator == "*":
        for constant, other in ((written.left, written.right), (written.right, written.left)):
            if isinstance(constant, ast.Number | ast.Percent):
                return shares_of(e, other, cover, factor * constant.value)
    hint = f"write an amount, or amounts added or taken off: {', '.join(cover.charges)}"
    e.error("PM260", "what is made smallest is a sum of amounts", written.span, hint=hint)
    return None


def solved(
    e: Elaborator,
    cover: Cover,
    stages: list[tuple[Value, Scans]],
    allowed: tuple[str, ...],
    decl: ast.Pairing,
    ctx: Context,
) -> Value:
    """The operation that chooses, with its inputs by place."""
    inputs: list[Value] = []

    def place(value: Value | None) -> int:
        if value is None:
            return -1
        if value not in inputs:
            inputs.append(value)
        return inputs.index(value)

    quantity = numeric(e, ast.Path(("quantity",), span=decl.span), ctx)
    assert quantity is not None
    held = e.add("abs", (quantity,), Type(level="position"), ctx)
    axes: dict[str, str] = {}
    objectives = []
    scans_of_pool: dict[str, list[int]] = {pool.level: [] for pool in cover.pools}
    params: dict[str, Any] = {"held": place(held), "admitted": place(cover.admitted)}
    params["taken"] = tuple(place(value) for value in cover.taken)
    for value, found in stages:
        scans = []
        for pool, scan, axis in found:
            at = place(scan)
            axes[str(at)] = axis
            scans_of_pool[pool.level] += [] if at in scans_of_pool[pool.level] else [at]
            scans.append(at)
        objectives.append({"linear": place(value), "scans": tuple(scans)})
    params["objectives"] = tuple(o for n, o in enumerate(objectives) if o not in objectives[:n])
    params["pools"] = tuple(
        {
            "level": pool.level,
            "long": pool.long,
            "short": pool.short,
            "size": place(pool.size),
            "balanced": tuple(place(value) for value in pool.balanced),
            "same": tuple(place(value) for value in pool.same),
            "bound": place(pool.bound),
            "op": pool.op,
            "scans": tuple(scans_of_pool[pool.level]),
        }
        for pool in cover.pools
    )
    points = e.graph.sorted_axes(*(value.type.axes for value in inputs))
    left = tuple(axis for axis in points if axis not in axes.values())
    type_ = Type(level=cover.level, axes=left)
    return e.add("pairing", inputs, type_, ctx, decl.span, axes=axes, allowed=allowed, **params)
