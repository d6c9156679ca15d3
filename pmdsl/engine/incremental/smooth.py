"""Sums whose last bits cannot be seen in an answer.

A sum without one member plus that member in its new state has the same value as the sum taken anew, but not
always the same last bit. Where everything between the sum and the outputs is continuous, the difference stays
that small, and the cents are the same unless the amount lies next to a tie, which is looked at when it is
rounded. A comparison, a rounding or a choice behind the sum could turn a bit into a dollar: such sums are
taken anew from their members, in their order.
"""

from __future__ import annotations

from pmdsl.engine.incremental.scope import FOLDS, Scope
from pmdsl.plan.nodes import Node

SMOOTH = frozenset(["add", "sub", "mul", "neg", "abs", "min", "max", "clamp", "currency"])
# Operations that are continuous in some of their inputs, by the places of these.
PARTLY = {"if": (1, 2), "div": (0,), "select": range(1, 1_000_000), "marginal": (0,)}


def smooth_folds(scope: Scope) -> frozenset[int]:
    """The sums that may be taken as the rest plus one member."""
    plan = scope.plan
    calm = {*scope.moved}
    for number in reversed(scope.moved):
        node = plan.nodes[number]
        for place, i in enumerate(node.inputs):
            if not (number in calm and _continuous(scope, number, node, place)):
                calm.discard(i)
    return frozenset(n for n in calm if is_sum(plan.nodes[n]))


def is_sum(node: Node) -> bool:
    """Whether a node adds its members up."""
    return node.op == "net_into" or (node.op == "fold_into" and node.params["kind"] == "sum")


def _continuous(scope: Scope, number: int, node: Node, place: int) -> bool:
    if node.op in (*FOLDS, "fold_over"):
        # What is credited may move; who counts may not.
        return place == 0 or (node.op == "net_into" and place == 1)
    if number in scope.chosen or node.op in SMOOTH:
        return True
    return place in PARTLY.get(node.op, ())
