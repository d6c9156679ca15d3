"""Collects what the tests of each rule set reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pmdsl.diagnostics import PmdslError
from pmdsl.engine import Answer, evaluate
from pmdsl.names.program import Program
from pmdsl.plan.lower.scenarios import multiplied
from pmdsl.portfolio.book import Book, Table
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.testing.coverage.items import (
    CONDITION,
    POINT,
    SEGMENT,
    Coverage,
    Mark,
    Place,
    place_of,
    place_of_node,
)
from pmdsl.testing.coverage.observed import EXTREME, Needed, Rows, Seen, marks, scenes
from pmdsl.testing.coverage.traced import Traced, traced
from pmdsl.testing.coverage.written import alike, catalogue, items_of
from pmdsl.testing.rulesets import RuleSet

FORMULAS = frozenset(["if", "max", "min", "clamp"])


@dataclass(eq=False)
class Ledger:
    """One rule set: where its things were written, and what was reached of them so far."""

    rules: RuleSet
    spans: Mapping[tuple[str, Place], tuple[Span, ...]]
    rows: Rows
    marks: set[Mark] = field(default_factory=set)
    plans: dict[date, Traced] = field(default_factory=dict)

    def add(self, on: date, book: Book, data: Mapping[str, Table]) -> None:
        """Run a book and note what it reaches; a run that fails reaches nothing."""
        assert self.rules.plan is not None
        try:
            if on not in self.plans:
                self.plans[on] = traced(self.rules.plan, on)
            answer = evaluate(self.plans[on].plan, book, data)
        except PmdslError:
            return
        for scene, needed in scenes(answer):
            self.marks |= set(marks(Seen(scene, needed, self.rows)))
            self.marks |= self.segments(self.plans[on], needed)
        self.marks |= self.conditions(answer)

    def segments(self, plan: Traced, needed: Needed) -> set[Mark]:
        """The segments of parameters that something which mattered stands on."""
        found: set[Mark] = set()
        for number in {dated for n in needed for dated in plan.stands_on[n]}:
            node = plan.plan.nodes[number]
            key = (node.origin.name, place_of_node(node))
            if key in self.spans:
                found.add((SEGMENT, place_of(self.spans[key][plan.segments[number]]), ""))
        return found

    def conditions(self, answer: Answer) -> set[Mark]:
        """The outcomes of eligibilities and alerts."""
        declared = self.rules.compiled.program.declared
        kinds = {"eligible": ast.Eligible, "alert": ast.Alert}
        found: set[Mark] = set()
        for kind, cls in kinds.items():
            for number, out in answer.outputs(kind):
                span = declared[cls, out.name].span
                for value, part in ((1, "yes"), (0, "no")):
                    if (answer.values[number] == value).any():
                        found.add((CONDITION, place_of(span), part))
        return found

    def result(self, reached: set[Mark]) -> Coverage:
        """What of the rule set was reached, by its own tests or by those of rule sets that extend it."""
        program, plan = self.rules.compiled.program, self.rules.plan
        assert plan is not None
        same = alike(program)
        there = {place_of_node(node) for node in plan.nodes if node.op in FORMULAS}
        binding = {
            str(n.params["axis"]) for n in plan.nodes if n.op == "fold_over" and n.params["kind"] in EXTREME
        }
        found = []
        for item in items_of(program):
            if item.kind == POINT and item.what.split()[0] not in binding:
                continue
            kind, place, part = item.mark
            places = [place] if place in there else [place, *same.get(place, ())]
            found.append((item, any((kind, p, part) in reached for p in places)))
        return Coverage(self.rules.name, tuple(found))


@dataclass(eq=False)
class Recorder:
    """One ledger for each rule set, in the order in which tests used them."""

    ledgers: dict[str, Ledger] = field(default_factory=dict)

    def record(self, rules: RuleSet, on: date, book: Book, data: Mapping[str, Table]) -> None:
        if rules.name not in self.ledgers:
            self.ledgers[rules.name] = ledger_of(rules)
        self.ledgers[rules.name].add(on, book, data)

    def result(self) -> tuple[Coverage, ...]:
        """The coverage of every rule set that a test used."""
        reached = set().union(*(ledger.marks for ledger in self.ledgers.values()))
        return tuple(ledger.result(reached) for ledger in self.ledgers.values())


def ledger_of(rules: RuleSet) -> Ledger:
    """An empty ledger."""
    spans = spans_of(rules)
    rows = {key: tuple(map(place_of, found)) for key, found in spans.items()}
    return Ledger(rules, spans, rows)


def spans_of(rules: RuleSet) -> dict[tuple[str, Place], tuple[Span, ...]]:
    """Where rows, segments and points were written, of the rule set and of its parent."""
    elaborator = rules.compiled.elaborator
    found: dict[tuple[str, Place], tuple[Span, ...]] = {}
    for part in (elaborator.base, elaborator):
        if part is not None:
            found |= catalogue(part.program) | axes_of(part.program)
    return found


def axes_of(program: Program) -> dict[tuple[str, Place], tuple[Span, ...]]:
    """The places of the points of each scenario table; points of a product share their row's."""
    found: dict[tuple[str, Place], tuple[Span, ...]] = {}
    for declared in program.all(ast.Scenarios):
        if isinstance(declared.content, ast.Body) and declared.content.rows:
            header = declared.content.rows[0]
            words = [str(index) for index in range(len(header.cells))]
            spans = tuple(
                row.span
                for row in declared.content.rows[1:]
                for _ in multiplied("", dict(zip(words, row.cells, strict=False)))
            )
            found[f"axis {declared.name}", place_of(declared.span)] = spans
    return found
