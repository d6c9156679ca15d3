"""Whether one node of a plan is at least another at every row, whatever the book: a goal is broken into
smaller goals.

A goal that no rule settles is not proved; nothing follows from that. Facts are what a condition around the
goal says; they are dropped where a reduction goes to other rows, except those about values that all rows
share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from pmdsl.compare.claims import linear
from pmdsl.compare.claims.bounds import live_cells
from pmdsl.compare.claims.intervals import Interval, just
from pmdsl.compare.claims.stretches import PARAMETER
from pmdsl.plan.nodes import Node, Plan

Term = int | Fraction
Facts = frozenset[tuple[Term, Term]]
NONE: Facts = frozenset()
ZERO = Fraction(0)


@dataclass(frozen=True)
class Proof:
    """Why a goal holds, in a sentence, with the smaller goals that it rests on."""

    said: str
    parts: tuple[Proof, ...] = ()


@dataclass(eq=False)
class Order:
    """Proves that terms, nodes or constants, are at least others. `budget` bounds the work."""

    plan: Plan
    bounds: Sequence[Interval]
    budget: int = 20_000
    known: dict[tuple[Term, Term, Facts], Proof | None] = field(default_factory=dict)

    def at_least(self, a: Term, b: Term, facts: Facts = NONE) -> Proof | None:
        """A proof that a >= b under some facts; None where none was found."""
        a, b = self.plain(a), self.plain(b)
        if a == b:
            return Proof("it is the same value")
        if self.of(a).low >= self.of(b).high:
            return Proof(f"{self.name(a)} is never below {self.of(a).low}")
        key = (a, b, facts)
        if key in self.known:
            return self.known[key]
        self.known[key] = None
        self.budget -= 1
        if self.budget > 0:
            self.known[key] = next((proof for rule in RULES for proof in rule(self, a, b, facts)), None)
        return self.known[key]

    def plain(self, term: Term) -> Term:
        """A term without what only checks its currency."""
        while isinstance(term, int) and self.plan.nodes[term].op == "currency":
            term = self.plan.nodes[term].inputs[0]
        return term

    def of(self, term: Term) -> Interval:
        return self.bounds[term] if isinstance(term, int) else just(term)

    def node(self, term: Term) -> Node | None:
        return self.plan.nodes[term] if isinstance(term, int) else None

    def every(self, goals: Sequence[tuple[Term, Term]], facts: Facts) -> tuple[Proof, ...] | None:
        """The proofs of all of some goals, or None."""
        found = []
        for a, b in goals:
            proof = self.at_least(a, b, facts)
            if proof is None:
                return None
            found.append(proof)
        return tuple(found)

    def shared(self, facts: Facts) -> Facts:
        """The facts about values that all rows share: they hold at other rows as well."""

        def everywhere(term: Term) -> bool:
            node = self.node(term)
            return node is None or (node.level == "" and not node.axes)

        return frozenset((a, b) for a, b in facts if everywhere(a) and everywhere(b))

    def name(self, term: Term) -> str:
        """How the rule set calls a node: the step's name, or the text of the formula."""
        node = self.node(term)
        if node is None or not isinstance(term, int):
            return str(term)
        if node.op == PARAMETER:
            larger = "a larger " if node.params.get("larger") else ""
            return f"{larger}`{node.params['name']}`"
        return f"`{called(self.plan, term)}`"


def called(plan: Plan, number: int) -> str:
    """The name of the step that a node is, else what was written for it, on one line."""
    node = plan.nodes[number]
    named = next((name for name, at in plan.steps.items() if at == number), "")
    written = " ".join(node.origin.text.split())
    short = written if len(written) <= 60 else written[:59] + "…"
    return named or short or node.origin.name or node.op


Rule = Callable[[Order, Term, Term, Facts], Iterator[Proof]]


def facts_of(order: Order, condition: int, holds: bool) -> Facts:
    """What a condition that holds, or fails, says of the order of terms."""
    node = order.plan.nodes[condition]
    if node.op == "not":
        return facts_of(order, node.inputs[0], not holds)
    if node.op == ("and" if holds else "or"):
        return frozenset().union(*(facts_of(order, i, holds) for i in node.inputs))
    if (
        node.op not in ("ge", "gt", "le", "lt", "eq", "ne")
        or order.plan.nodes[node.inputs[0]].base != "number"
    ):
        return NONE
    a, b = (order.plain(i) for i in node.inputs)
    if node.op in ("eq", "ne"):
        return frozenset({(a, b), (b, a)}) if (node.op == "eq") == holds else NONE
    return frozenset({(a, b) if (node.op in ("ge", "gt")) == holds else (b, a)})


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
    left, right = order.node(a), order.node(b)
    if (
        left is not None
        and left.op == "clamp"
        and (parts := order.every([(x, b) for x in left.inputs], facts))
    ):
        yield Proof(f"{order.name(a)} lies between its bounds", parts)
    if (
        right is not None
        and right.op == "clamp"
        and (parts := order.every([(a, y) for y in right.inputs], facts))
    ):
        yield Proof(f"{order.name(b)} lies between its bounds", parts)


def by_size(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """|x| >= x and |x| >= -x; the worst over an axis is at least the loss at each of its points."""
    left, right = order.node(a), order.node(b)
    if left is not None and left.op == "abs":
        inner = left.inputs[0]
        negated = right is not None and right.op == "neg" and right.inputs[0] == inner
        if b == inner or negated or order.at_least(inner, b, facts):
            yield Proof(f"{order.name(a)} is at least {order.name(inner)} with either sign")


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


def by_monotone(order: Order, a: Term, b: Term, facts: Facts) -> Iterator[Proof]:
    """The same operation on values in order: see `monotone`."""
    from pmdsl.compare.claims.monotone import goals_of

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


RULES: Sequence[Rule] = (
    by_fact, by_extreme, by_monotone, by_factor, by_products, by_sum, by_branch, by_clamp, by_size, by_cells,
)  # fmt: skip
