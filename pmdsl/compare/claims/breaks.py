"""Where a claim breaks: by how much each account of a run falls short of it, beyond what
arithmetic may blur.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pmdsl.compare.claims.order import called
from pmdsl.engine import evaluate
from pmdsl.plan.nodes import Output, Plan
from pmdsl.portfolio.book import Book

RELATIVE, ABSOLUTE = 1e-6, 0.02
SIDE = "side"
COMPARISONS = ("ge", "gt", "le", "lt")


@dataclass(frozen=True)
class Broken:
    """For each account how far beyond doubt the claim is broken (not above 0: it is not), and the values it
    compares.
    """

    by: Any
    values: Mapping[str, Any]


def sides_of(plan: Plan, node: int) -> list[int]:
    """The nodes that a claim compares, from left to right."""
    here = plan.nodes[node]
    if here.op in ("and", "or", "not", "down", "if"):
        return [side for i in here.inputs for side in sides_of(plan, i)]
    if here.op in (*COMPARISONS, "eq", "ne") and plan.nodes[here.inputs[0]].base == "number":
        return list(here.inputs)
    return [node]


def with_sides(plan: Plan, node: int) -> tuple[Plan, list[int]]:
    """The plan that answers what a claim compares, and nothing else."""
    sides = list(dict.fromkeys(sides_of(plan, node)))
    return replace(
        plan, outputs=tuple(Output(SIDE, str(number), side) for number, side in enumerate(sides))
    ), sides


def broken(plan: Plan, node: int, book: Book) -> Broken:
    """How far a claim is broken by each account of a book."""
    asked, sides = with_sides(plan, node)
    answer = evaluate(asked, book)
    count = book.accounts.size
    values = {side: np.broadcast_to(answer.values[k], (count,)) for k, side in enumerate(sides)}
    return Broken(np.nan_to_num(excess(plan, node, values, False), nan=-np.inf), said(plan, node, values))


def excess(plan: Plan, node: int, values: Mapping[int, Any], holds: bool) -> Any:
    """By how much a condition certainly fails (or, where `holds` is set, certainly holds). Shape
    (accounts,).
    """
    here = plan.nodes[node]
    match here.op:
        case "not":
            return excess(plan, here.inputs[0], values, not holds)
        case "and" | "or":
            parts = [excess(plan, i, values, holds) for i in here.inputs]
            return np.minimum(*parts) if (here.op == "and") == holds else np.fmax(*parts)
        case "down":
            return excess(plan, here.inputs[0], values, holds)
        case "ge" | "gt" | "le" | "lt" | "eq" | "ne" if plan.nodes[here.inputs[0]].base == "number":
            a, b = (values[i] for i in here.inputs)
            return gap(here.op, a, b, holds)
    if node not in values:
        return np.full(len(next(iter(values.values()))), -np.inf)
    return np.where(values[node] == float(holds), 1.0, -np.inf)


def gap(op: str, a: Any, b: Any, holds: bool) -> Any:
    """The distance between two numbers in the direction that decides, less what may be blur."""
    blur = ABSOLUTE + RELATIVE * np.maximum(np.abs(a), np.abs(b))
    if op in ("eq", "ne"):
        apart = np.abs(a - b) - blur
        return apart if (op == "eq") != holds else np.where(a == b, 1.0, -np.inf)
    difference = b - a if op in ("ge", "gt") else a - b
    return (-difference if holds else difference) - blur


def said(plan: Plan, node: int, values: Mapping[int, Any]) -> dict[str, Any]:
    """The values that a claim compares, called as the rule set calls them."""
    return {name_of(plan, side, k): values[side] for k, side in enumerate(values)}


def name_of(plan: Plan, node: int, number: int) -> str:
    """A step's name, else what was written, else its number."""
    here = plan.nodes[node]
    if here.op == "const":
        return str(here.params["value"])
    return called(plan, node) or f"value {number + 1}"
