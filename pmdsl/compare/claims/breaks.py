"""Where a claim breaks: by how much each account of a run falls short of it, beyond what
arithmetic may blur.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pmdsl.compare.claims.order import called
from pmdsl.engine import Answer, evaluate
from pmdsl.engine.demand.need import lined_up
from pmdsl.plan.nodes import Node, Output, Plan
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
    if here.op in ("and", "or", "not"):
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
    """How far a claim is broken by each account of a book, at the row and cell where it is broken most."""
    asked, sides = with_sides(plan, node)
    answer = evaluate(asked, book)
    here = plan.nodes[node]
    values = {side: side_values(answer, k, plan.nodes[side], here.axes) for k, side in enumerate(sides)}
    return by_account(answer, here.level, excess(plan, node, values, False), said(plan, values))


def side_values(answer: Answer, number: int, node: Node, frame: tuple[str, ...]) -> Any:
    """The values of an output over the rows of its own level, lined up with some axes."""
    found = answer.values[number]
    return lined_up(found[:1] if node.level == "" else found, node.axes, frame)


def by_account(answer: Answer, level: str, cells: Any, values: Mapping[str, Any]) -> Broken:
    """What is known for the rows of a level and their cells, for each account: where the claim is broken
    most.
    """
    index, count = answer.run.index, len(answer.accounts)
    level = level or "account"
    rows = index.size(level)
    if not rows or not count:
        return Broken(np.full(count, -np.inf), {})
    shape = (rows, *np.broadcast_shapes(*(x.shape[1:] for x in (cells, *values.values()))))
    flat = np.nan_to_num(np.broadcast_to(cells, shape).reshape(rows, -1), nan=-np.inf)
    cell = flat.argmax(axis=1)
    row_by = flat[np.arange(rows), cell]
    owner = index.parent(level, "account") if index.owned(level) else np.zeros(rows, dtype=np.int64)
    best = np.full(count if index.owned(level) else 1, -1)
    rising = np.argsort(row_by, kind="stable")
    best[owner[rising]] = rising
    best = np.broadcast_to(best, (count,))
    by = np.where(best >= 0, row_by[best], -np.inf)
    taken = {
        name: np.broadcast_to(x, shape).reshape(rows, -1)[best, cell[best]] for name, x in values.items()
    }
    return Broken(by, taken)


def excess(plan: Plan, node: int, values: Mapping[int, Any], holds: bool) -> Any:
    """By how much a condition certainly fails (or, where `holds` is set, certainly holds). Shape of the
    values.
    """
    here = plan.nodes[node]
    match here.op:
        case "not":
            return excess(plan, here.inputs[0], values, not holds)
        case "and" | "or":
            parts = [excess(plan, i, values, holds) for i in here.inputs]
            return np.minimum(*parts) if (here.op == "and") == holds else np.fmax(*parts)
        case "ge" | "gt" | "le" | "lt" | "eq" | "ne" if plan.nodes[here.inputs[0]].base == "number":
            a, b = (values[i] for i in here.inputs)
            return gap(here.op, a, b, holds)
    if node not in values:
        return np.full(next(iter(values.values())).shape, -np.inf)
    return np.where(values[node] == float(holds), 1.0, -np.inf)


def gap(op: str, a: Any, b: Any, holds: bool) -> Any:
    """The distance between two numbers in the direction that decides, less what may be blur."""
    blur = ABSOLUTE + RELATIVE * np.maximum(np.abs(a), np.abs(b))
    if op in ("eq", "ne"):
        apart = np.abs(a - b) - blur
        return apart if (op == "eq") != holds else np.where(a == b, 1.0, -np.inf)
    difference = b - a if op in ("ge", "gt") else a - b
    return (-difference if holds else difference) - blur


def said(plan: Plan, values: Mapping[int, Any]) -> dict[str, Any]:
    """The values that a claim compares, called as the rule set calls them."""
    return {name_of(plan, side, k): values[side] for k, side in enumerate(values)}


def name_of(plan: Plan, node: int, number: int) -> str:
    """A step's name, else what was written, else its number."""
    here = plan.nodes[node]
    if here.op == "const":
        return str(here.params["value"])
    return called(plan, node) or f"value {number + 1}"
