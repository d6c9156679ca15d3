"""What bound a requirement: for each outermost group its amount, and the point or minimum that set it, as
nodes of the plan.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.nodes import Binding, Node
from pmdsl.types.values import Type

THROUGH = frozenset(
    ["add", "sub", "mul", "div", "neg", "abs", "round", "down", "ratio", "clamp", "currency", "if"]
)
MOST_PARTS = 1_000
MOST_TOGETHER = 100
EXTREMES = ("worst", "worst_unfloored", "largest", "smallest")


def value_at(e: Elaborator, index: int) -> Value:
    """A node as a value again."""
    node = e.graph.nodes[index]
    return Value(
        index,
        Type(node.base, kind=node.unit if node.base != "number" else "", level=node.level, axes=node.axes),
    )


def bindings(e: Elaborator, index: int, ctx: Context, active: Value | None = None) -> tuple[Binding, ...]:
    """The parts of a requirement, outermost first; `active` says for which accounts a part counts."""
    key = (index, active.node if active is not None else -1)
    if key not in e.bound and len(e.bound) > MOST_PARTS:
        # Nested choices of choices: what is left is told as one part of the account.
        return (Binding("account", index, named(e, index, ctx), key[1]),)
    if key not in e.bound:
        e.bound[key] = few(e, index, parts(e, index, ctx, active), ctx, key[1])
    return e.bound[key]


def few(
    e: Elaborator, index: int, found: tuple[Binding, ...], ctx: Context, counts: int
) -> tuple[Binding, ...]:
    """The parts, or the whole as one part of the account where they are more than anybody reads."""
    return (
        found if len(found) <= MOST_TOGETHER else (Binding("account", index, named(e, index, ctx), counts),)
    )


def parts(e: Elaborator, index: int, ctx: Context, active: Value | None) -> tuple[Binding, ...]:
    """The parts of one node, through what only scales or adds."""
    node = e.graph.nodes[index]
    if node.axes:
        return ()
    counts = active.node if active is not None else -1
    if node.op == "fold_into" and node.level == "account":
        source = e.graph.nodes[node.inputs[0]]
        if source.axes:
            return ()
        return (Binding(source.level, node.inputs[0], named(e, node.inputs[0], ctx), counts),)
    if node.op == "fold_over" and node.level == "account":
        return (Binding("account", index, named(e, index, ctx), counts),)
    if node.op == "aggregate" and node.level == "account":
        return (Binding("account", index, named(e, index, ctx), counts),)
    if node.op in ("max", "min"):
        return extremes(e, index, node, ctx, active)
    if node.op not in THROUGH:
        return ()
    found = [
        part
        for i in node.inputs
        if e.graph.nodes[i].level == "account"
        for part in bindings(e, i, ctx, active)
    ]
    return tuple(dict.fromkeys(found))


def extremes(
    e: Elaborator, index: int, node: Node, ctx: Context, active: Value | None
) -> tuple[Binding, ...]:
    """The operand that was taken: its own parts, or itself as a minimum (or a cap) of the account."""
    found: list[Binding] = []
    earlier: Value | None = None
    result = value_at(e, index)
    for i in node.inputs:
        operand = value_at(e, i)
        taken = e.add("eq", (result, operand), Type("bool", level=node.level), ctx)
        mine = (
            taken
            if earlier is None
            else e.add("and", (taken, e.add("not", (earlier,), earlier.type, ctx)), taken.type, ctx)
        )
        earlier = taken if earlier is None else e.add("or", (earlier, taken), taken.type, ctx)
        counts = mine if active is None else e.add("and", (active, mine), mine.type, ctx)
        inner = bindings(e, i, ctx, counts)
        if not inner and e.graph.nodes[i].level == "account":
            word = e.word("minimum" if node.op == "max" else "cap", "", ctx)
            inner = (Binding("account", i, word.node, counts.node),)
        found.extend(inner)
    return tuple(dict.fromkeys(found))


def named(e: Elaborator, index: int, ctx: Context) -> int:
    """The word for what set each amount: a point's name, `minimum`, `cap`, or nothing."""
    found = by(e, index, ctx)
    return found.node if found is not None else e.word("", "", ctx).node


def by(e: Elaborator, index: int, ctx: Context) -> Value | None:
    """The word for what set a value, worked out once for a node; None where nothing did."""
    key = ("by", str(index))
    if key not in e.memo:
        e.memo[key] = found_by(e, index, ctx)
    return e.memo[key]


def found_by(e: Elaborator, index: int, ctx: Context) -> Value | None:
    node = e.graph.nodes[index]
    if node.op == "fold_over" and node.params["kind"] in EXTREMES:
        return point_name(e, index, node, ctx)
    if node.op in ("max", "min"):
        return of_extreme(e, node, ctx)
    if node.op not in THROUGH:
        return None
    for i in node.inputs:
        found = by(e, i, ctx)
        if found is not None:
            return e.at_level(found, node.level, ctx)
    return None


def point_name(e: Elaborator, index: int, node: Node, ctx: Context) -> Value:
    """The point at which an extreme was reached; a worst that is no loss has none."""
    axis = str(node.params["axis"])
    type_ = Type("point", kind=axis, level=node.level, axes=node.axes)
    point = e.add("arg_over", [value_at(e, i) for i in node.inputs], type_, ctx, **node.params)
    name = e.add("point_name", (point,), Type("text", level=node.level, axes=node.axes), ctx, axis=axis)
    if node.params["kind"] != "worst":
        return name
    zero = e.constant(Fraction(0), ctx)
    loss = e.add("gt", (value_at(e, index), zero), Type("bool", level=node.level, axes=node.axes), ctx)
    return e.add("if", (loss, name, e.word("", "", ctx)), name.type, ctx)


def of_extreme(e: Elaborator, node: Node, ctx: Context) -> Value | None:
    """The operand that was taken, first where they are equal; one that has no point is a minimum (or a
    cap).
    """
    words = [by(e, i, ctx) for i in node.inputs]
    if not any(words):
        return None
    plain = e.word("minimum" if node.op == "max" else "cap", "", ctx)
    best, chosen = value_at(e, node.inputs[0]), words[0] or plain
    type_ = Type("text", level=node.level, axes=node.axes)
    for i, word in zip(node.inputs[1:], words[1:], strict=True):
        operand = value_at(e, i)
        keep = e.add("ge" if node.op == "max" else "le", (best, operand), replace(type_, base="bool"), ctx)
        chosen = e.add("if", (keep, chosen, word or plain), type_, ctx)
        best = e.add(node.op, (best, operand), replace(type_, base="number"), ctx)
    return chosen
