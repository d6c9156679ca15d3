"""Sums of nodes: a difference of two terms with everything cancelled that cancels."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pmdsl.compare.claims.terms import Constant, Term
from pmdsl.plan.nodes import Node, Plan

DEEPEST = 40


@dataclass(frozen=True)
class Linear:
    """A constant and nodes with their factors; none of the factors is 0."""

    constant: Fraction
    terms: dict[int, Fraction]

    def plus(self, other: Linear, factor: Fraction = Fraction(1)) -> Linear:
        terms = dict(self.terms)
        for node, amount in other.terms.items():
            terms[node] = terms.get(node, Fraction(0)) + factor * amount
        kept = {node: amount for node, amount in terms.items() if amount}
        return Linear(self.constant + factor * other.constant, kept)


def difference(plan: Plan, a: Term, b: Term) -> Linear | None:
    """a - b as a sum; None where neither is a sum of anything, so that nothing is gained."""
    left, right = expanded(plan, a), expanded(plan, b)
    if is_plain(a, left) and is_plain(b, right):
        return None
    return left.plus(right, Fraction(-1))


def is_plain(term: Term, found: Linear) -> bool:
    return isinstance(term, Constant) or found.terms == {term: 1}


def expanded(plan: Plan, term: Term, depth: int = 0) -> Linear:
    """A term as a sum over what is no sum itself."""
    if isinstance(term, Constant):
        return Linear(term.value, {})
    node = plan.nodes[term]
    alone = Linear(Fraction(0), {term: Fraction(1)})
    if node.base != "number" or depth > DEEPEST:
        return alone
    nothing = Linear(Fraction(0), {})
    match node.op:
        case "const":
            return Linear(Fraction(str(node.params["value"])), {})
        case "add" | "sub":
            left, right = (expanded(plan, i, depth + 1) for i in node.inputs)
            return left.plus(right, Fraction(1 if node.op == "add" else -1))
        case "neg":
            return nothing.plus(expanded(plan, node.inputs[0], depth + 1), Fraction(-1))
        case "mul" | "div":
            found = scaled(plan, node)
            if found is not None:
                factor, inner = found
                return nothing.plus(expanded(plan, inner, depth + 1), factor)
    return alone


def scaled(plan: Plan, node: Node) -> tuple[Fraction, int] | None:
    """The constant factor of a product and what it multiplies, or None."""
    for k, x in ((1, 0), (0, 1)):
        other = plan.nodes[node.inputs[k]]
        if other.op == "const" and other.base == "number" and not other.level and not other.axes:
            value = Fraction(str(other.params["value"]))
            if node.op == "mul":
                return value, node.inputs[x]
            if k == 1 and value:
                return 1 / value, node.inputs[x]
    return None
