"""The argument for a claim: a comparison, or several joined by words, on one plan."""

from __future__ import annotations

from fractions import Fraction
from math import inf

from pmdsl.compare.claims.bounds import bounds
from pmdsl.compare.claims.intervals import Interval
from pmdsl.compare.claims.order import NONE, Order, Proof
from pmdsl.compare.claims.rising import doubled
from pmdsl.compare.claims.rules import RULES
from pmdsl.plan.nodes import Plan


def argue(plan: Plan, node: int) -> Proof | None:
    """A proof that a condition holds for every book; None where none was found."""
    return holds(Order(plan, bounds(plan), RULES), node, True)


def argue_rising(plan: Plan, node: int, least: Fraction) -> Proof | None:
    """A proof that a value never falls where the open parameter rises from any value of at least `least`."""
    twice = doubled(plan, node)
    if twice is None:
        unused = not any(n.op == "parameter" for n in plan.nodes)
        return Proof("it does not depend on the parameter on any date") if unused else None
    known = {twice.low_param: Interval(least, inf), twice.high_param: Interval(least, inf)}
    order = Order(twice.plan, bounds(twice.plan, known), RULES)
    return order.at_least(twice.high, twice.low, frozenset({(twice.high_param, twice.low_param)}))


def holds(order: Order, number: int, wanted: bool) -> Proof | None:
    """A proof that a condition is true (or false) everywhere."""
    node = order.plan.nodes[number]
    decided = order.bounds[number].exact
    if decided is not None and node.base == "bool":
        return (
            Proof(f"{order.name(number)} is always {'true' if decided else 'false'}")
            if bool(decided) == wanted
            else None
        )
    match node.op:
        case "not":
            return holds(order, node.inputs[0], not wanted)
        case "and" | "or":
            return joined(order, number, wanted)
        case "ge" | "gt" | "le" | "lt" | "eq" | "ne":
            return compared(order, number, wanted)
        case "down" | "currency":
            return holds(order, node.inputs[0], wanted)
        case "if":
            return branched(order, number, wanted)
    return None


def joined(order: Order, number: int, wanted: bool) -> Proof | None:
    node = order.plan.nodes[number]
    found = [holds(order, i, wanted) for i in node.inputs]
    if (node.op == "and") == wanted:
        return Proof("both parts do", tuple(p for p in found if p)) if all(found) else None
    return next((p for p in found if p), None)


def branched(order: Order, number: int, wanted: bool) -> Proof | None:
    node = order.plan.nodes[number]
    decided = order.bounds[node.inputs[0]].exact
    taken = [i for i, side in zip(node.inputs[1:], (1, 0), strict=True) if decided is None or decided == side]
    found = [holds(order, i, wanted) for i in taken]
    return Proof("whichever branch is taken", tuple(p for p in found if p)) if all(found) else None


def compared(order: Order, number: int, wanted: bool) -> Proof | None:
    """A comparison of numbers; a strict one needs a gap between the bounds."""
    node = order.plan.nodes[number]
    a, b = node.inputs
    if order.plan.nodes[a].base != "number":
        return None
    op = node.op if wanted else OPPOSITE[node.op]
    if op in ("le", "lt"):
        a, b = b, a
    if op in ("gt", "lt"):
        apart = order.of(a).low > order.of(b).high
        ends = f"never below {order.of(a).low}", f"never above {order.of(b).high}"
        return Proof(f"{order.name(a)} is {ends[0]}, {order.name(b)} {ends[1]}") if apart else None
    if op == "ne":
        return None
    goals = [(a, b), (b, a)] if op == "eq" else [(a, b)]
    parts = order.every(goals, NONE)
    return Proof(f"{order.name(a)} is at least {order.name(b)}", parts) if parts else None


OPPOSITE = {"ge": "lt", "gt": "le", "le": "gt", "lt": "ge", "eq": "ne", "ne": "eq"}
