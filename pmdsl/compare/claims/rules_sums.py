"""Rules about products and sums."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pmdsl.compare.claims import linear
from pmdsl.compare.claims.order import Facts, Order, Proof
from pmdsl.compare.claims.terms import ZERO, Term

# ---- products ----------------------------------------------------------------------------------------------


def by_factor(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """x * k >= x for x >= 0 and k >= 1; x * k <= x for x >= 0 and k <= 1."""
    for term, grows in ((a, True), (b, False)):
        node = order.node(term)
        if node is None or node.op != "mul":
            continue
        for x, k in (node.inputs, node.inputs[::-1]):
            share = order.of(k)
            fits = share.low >= 1 if grows else share.low >= 0 and share.high <= 1
            goal = (x, b) if grows else (a, x)
            if fits and (parts := order.every([goal, (x, ZERO)], facts)):
                edge = f"at least {share.low}" if grows else f"at most {share.high}"
                yield Proof(
                    f"{order.name(term)} is {order.name(x)}, which is not negative, times {edge}", parts
                )


def by_products(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """Products of factors that are pairwise in order; one common factor may have either sign."""
    left, right = order.node(a), order.node(b)
    if left is None or right is None or left.op != right.op or left.op not in ("mul", "div"):
        return
    (x, y), (u, v) = left.inputs, right.inputs
    if y == v:
        sign = order.of(y)
        if sign.is_positive and (proof := order.at_least(x, u, facts)):
            yield Proof(f"both are multiplied or divided by {order.name(y)}, which is not negative", (proof,))
        if sign.is_negative and (proof := order.at_least(u, x, facts)):
            yield Proof(f"both are multiplied or divided by {order.name(y)}, which is not positive", (proof,))
    if left.op == "div":
        return
    for p, q, r, s in ((x, y, u, v), (x, y, v, u)):
        goals: list[tuple[Term, Term]] = [(p, r), (q, s), (r, ZERO), (s, ZERO)]
        if parts := order.every(goals, facts):
            yield Proof("both factors are in this order, and none is negative", parts)
        if p == r and order.of(p).is_positive and (proof := order.at_least(q, s, facts)):
            yield Proof(f"both are multiplied by {order.name(p)}, which is not negative", (proof,))


# ---- sums --------------------------------------------------------------------------------------------------


def by_sum(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """Terms cancel; what is left is paired off, or has the right sign by itself."""
    difference = linear.difference(order.plan, a, b)
    if difference is None:
        return
    ups = {t: c for t, c in difference.terms.items() if c > 0}
    downs = {t: -c for t, c in difference.terms.items() if c < 0}
    spare = difference.constant
    parts: list[Proof] = []
    for term, amount in downs.items():
        other = next((t for t, c in ups.items() if c >= amount and order.at_least(t, term, facts)), None)
        bound = order.of(term).high
        if other is not None:
            ups[other] -= amount
            parts.append(Proof(f"{order.name(other)} is at least {order.name(term)}"))
        elif isinstance(bound, Fraction):
            spare -= amount * bound
        elif not order.at_least(ZERO, term, facts):
            return
    for term, amount in ups.items():
        bound = order.of(term).low
        if amount > 0 and isinstance(bound, Fraction):
            spare += amount * bound
        elif amount > 0 and not order.at_least(term, ZERO, facts):
            return
    if spare >= 0:
        yield Proof("what does not cancel has the right sign", tuple(parts))
