"""A parameter with another value: what `rising(x, p)` compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np

from pmdsl.compare.claims.breaks import ABSOLUTE, RELATIVE, SIDE, Broken, by_account
from pmdsl.compare.claims.search import Test
from pmdsl.compare.claims.stretches import PARAMETER, at_date
from pmdsl.engine import evaluate
from pmdsl.plan.folding import constant
from pmdsl.plan.nodes import Output, Plan
from pmdsl.plan.simplify import compact, fold_all
from pmdsl.portfolio.book import Book

GROWTH = (Fraction(11, 10), Fraction(2))


def values_of(plan: Plan, name: str) -> list[Fraction]:
    """The values that a parameter ever has; empty where it has any that is no number."""
    number = plan.steps.get(name, -1)
    if number < 0 or plan.nodes[number].op != "dated":
        return []
    nodes = fold_all(list(plan.nodes))
    found = [
        constant(nodes[i], nodes) if plan.nodes[i].base == "number" else None
        for i in plan.nodes[number].inputs
    ]
    known = [value for value in found if value is not None]
    return known if len(known) == len(found) else []


def least_value(plan: Plan, name: str) -> Fraction | None:
    """The least value that a parameter ever has: claims about it are claims from there upward."""
    return min(values_of(plan, name), default=None) if name else None


def steps_of(plan: Plan, name: str) -> list[tuple[Fraction, Fraction]]:
    """Pairs of a value and a larger one: those that the parameter has, and somewhat more than each."""
    values = sorted(set(values_of(plan, name)))
    pairs = list(pairwise(values))
    for value in values:
        for growth in GROWTH:
            larger = value * growth if value > 0 else value + (growth - 1) * (abs(value) or Fraction(1, 10))
            pairs.append((value, larger))
    return pairs


def rising_tests(plan: Plan, out: Output, on: date) -> Iterator[tuple[str, Plan, Test]]:
    """For each step of the parameter: what is changed, a plan to draw books for, and the test of a book."""
    for low, high in steps_of(plan, out.by):
        plans = [with_value(plan, out, on, value) for value in (low, high)]
        said = f"`{out.by}` changed from {float(low):g} to {float(high):g}"
        yield said, plans[0], comparing(plans[0], plans[1])


def with_value(plan: Plan, out: Output, on: date, value: Fraction) -> Plan:
    """The plan for a date with one parameter at a value of our own. Raises PmdslError where
    others have none.
    """
    asked = replace(plan, outputs=(Output(SIDE, out.name, out.node),))
    opened = at_date(asked, on, plan.steps[out.by])
    nodes = [
        replace(node, op="const", params={"value": str(value)}) if node.op == PARAMETER else node
        for node in opened.nodes
    ]
    return compact(replace(opened, nodes=tuple(fold_all(nodes))))


def comparing(low: Plan, high: Plan) -> Test:
    """Whether the value falls from the one plan to the other."""

    def test(book: Book) -> Broken:
        answers = [evaluate(plan, book) for plan in (low, high)]
        before, after = (answer.values[0] for answer in answers)
        if before.shape != after.shape:
            return Broken(np.full(book.accounts.size, -np.inf), {})
        blur = ABSOLUTE + RELATIVE * np.maximum(np.abs(before), np.abs(after))
        level = low.nodes[low.outputs[0].node].level
        return by_account(answers[0], level, before - after - blur, {"before": before, "after": after})

    return test
