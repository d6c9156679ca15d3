"""Rules about what chooses: facts, branches, the larger and the smaller, values within bounds."""

from __future__ import annotations

from collections.abc import Iterator

from pmdsl.compare.claims.order import Facts, Order, Proof, facts_of
from pmdsl.compare.claims.terms import Term

# ---- facts and branches ------------------------------------------------------------------------------------


def by_fact(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    for x, y in facts:
        if (x == a and (y == b or (y != a and order.at_least(y, b, facts - {(x, y)})))) or (
            y == b and order.at_least(a, x, facts - {(x, y)})
        ):
            yield Proof(f"it is given that {order.name(x)} is at least {order.name(y)}")


def by_branch(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """A value with a condition: both branches, each under what the condition says there."""
    for side, term in (("a", a), ("b", b)):
        node = order.node(term)
        if node is None or node.op != "if":
            continue
        decided = order.of(node.inputs[0]).exact
        proofs = []
        for holds, taken in ((True, node.inputs[1]), (False, node.inputs[2])):
            if decided is not None and bool(decided) != holds:
                continue
            known = facts | facts_of(order, node.inputs[0], holds)
            goal = (taken, b) if side == "a" else (a, taken)
            proofs.append(order.at_least(goal[0], goal[1], known))
        if all(proofs):
            yield Proof(f"both branches of {order.name(term)} do", tuple(p for p in proofs if p))


# ---- the larger and the smaller ----------------------------------------------------------------------------


def by_extreme(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    left, right = order.node(a), order.node(b)
    if left is not None and left.op == "max":
        for x in left.inputs:
            if proof := order.at_least(x, b, facts):
                yield Proof(f"{order.name(a)} is at least {order.name(x)}", (proof,))
    if right is not None and right.op == "min":
        for y in right.inputs:
            if proof := order.at_least(a, y, facts):
                yield Proof(f"{order.name(b)} is at most {order.name(y)}", (proof,))
    if left is not None and left.op == "min" and (parts := order.every([(x, b) for x in left.inputs], facts)):
        yield Proof(f"every operand of {order.name(a)} is", parts)
    if (
        right is not None
        and right.op == "max"
        and (parts := order.every([(a, y) for y in right.inputs], facts))
    ):
        yield Proof(f"it is at least every operand of {order.name(b)}", parts)


def by_clamp(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """A clamped value lies between its bounds, and between its operand and the bound beyond it."""
    left, right = order.node(a), order.node(b)
    if left is not None and left.op == "clamp":
        x, low, high = left.inputs
        for other in (low, x):
            if parts := order.every([(other, b), (high, b)], facts):
                yield Proof(f"{order.name(a)} is kept above it", parts)
    if right is not None and right.op == "clamp":
        x, low, high = right.inputs
        for other in (high, x):
            if parts := order.every([(a, other), (a, low)], facts):
                yield Proof(f"{order.name(b)} is kept below it", parts)


def by_size(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """|x| >= x and |x| >= -x; the worst over an axis is at least the loss at each of its points."""
    left, right = order.node(a), order.node(b)
    if left is not None and left.op == "abs":
        inner = left.inputs[0]
        negated = right is not None and right.op == "neg" and right.inputs[0] == inner
        if b == inner or negated or order.at_least(inner, b, facts):
            yield Proof(f"{order.name(a)} is at least {order.name(inner)} with either sign")
