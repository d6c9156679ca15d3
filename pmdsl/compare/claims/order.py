"""Whether one node of a plan is at least another at every row, whatever the book: a goal is broken into
smaller goals.

A goal that no rule settles is not proved; nothing follows from that. Facts are what a condition around the
goal says; they are dropped where a reduction goes to other rows, except those about values that all rows
share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pmdsl.compare.claims.intervals import Interval, just
from pmdsl.compare.claims.stretches import PARAMETER
from pmdsl.compare.claims.terms import Constant, Term
from pmdsl.plan.nodes import Node, Plan

Facts = frozenset[tuple[Term, Term]]
NONE: Facts = frozenset()


@dataclass(frozen=True)
class Proof:
    """Why a goal holds, in a sentence, with the smaller goals that it rests on."""

    said: str
    parts: tuple[Proof, ...] = ()


@dataclass(eq=False)
class Order:
    """Proves that terms, nodes or constants, are at least others, by `rules`; `budget` bounds the work."""

    plan: Plan
    bounds: Sequence[Interval]
    rules: Sequence[Rule]
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
            self.known[key] = next((proof for rule in self.rules for proof in rule(self, a, b, facts)), None)
        return self.known[key]

    def plain(self, term: Term) -> Term:
        """A term without what only checks its currency."""
        while isinstance(term, int) and self.plan.nodes[term].op == "currency":
            term = self.plan.nodes[term].inputs[0]
        return term

    def of(self, term: Term) -> Interval:
        return just(term.value) if isinstance(term, Constant) else self.bounds[term]

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
