"""Rules about operations that keep order, and all rules in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pmdsl.compare.claims.bounds import live_cells
from pmdsl.compare.claims.monotone import goals_of, members_of
from pmdsl.compare.claims.order import Facts, Order, Proof, Rule
from pmdsl.compare.claims.rules_choice import by_branch, by_clamp, by_extreme, by_fact, by_size
from pmdsl.compare.claims.rules_sums import by_factor, by_products, by_sum
from pmdsl.compare.claims.terms import Constant, Term
from pmdsl.plan.nodes import Node


def by_monotone(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """The same operation on values in order: see `monotone`."""
    left, right = order.node(a), order.node(b)
    if (
        left is None
        or right is None
        or left.op != right.op
        or (left.level, left.axes) != (right.level, right.axes)
    ):
        return
    goals = goals_of(order, left, right)
    if goals is not None and (
        parts := order.every(goals.goals, order.shared(facts) if goals.moves else facts)
    ):
        yield Proof(f"{order.name(a)} and {order.name(b)} are {goals.said} of values in this order", parts)


def by_cells(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """A look-up: every cell that a row in force may give."""
    left, right = order.node(a), order.node(b)
    if left is not None and left.op in ("select", "stack"):
        cells = [left.inputs[k] for k in live(order, left)]
        if cells and (parts := order.every([(x, b) for x in cells], facts)):
            yield Proof(f"every cell of {order.name(a)} is", parts)
    if right is not None and right.op in ("select", "stack"):
        cells = [right.inputs[k] for k in live(order, right)]
        if cells and (parts := order.every([(a, y) for y in cells], facts)):
            yield Proof(f"it is at least every cell of {order.name(b)}", parts)


def live(order: Order, node: Node) -> Sequence[int]:
    return live_cells(node, order.plan) if node.op == "select" else range(len(node.inputs))


def by_members(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """A reduction against a constant: enough that every member is on the right side of it."""
    for term, other, above in ((a, b, True), (b, a, False)):
        node = order.node(term)
        edge = order.of(other).high if above else order.of(other).low
        if node is None or not isinstance(edge, Fraction):
            continue
        members = members_of(order, node, edge, above)
        if members is not None:
            inner, least = members[0], Constant(members[1])
            goal: tuple[Term, Term] = (inner, least) if above else (least, inner)
            if proof := order.at_least(goal[0], goal[1], order.shared(facts)):
                side = "at least" if above else "at most"
                yield Proof(f"every member of {order.name(term)} is {side} {members[1]}", (proof,))


RULES: Sequence[Rule] = (
    by_fact, by_extreme, by_monotone, by_factor, by_products, by_sum, by_branch, by_clamp, by_size, by_cells,
    by_members,
)  # fmt: skip
