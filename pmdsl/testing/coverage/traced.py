"""A plan for one date that keeps its numbering, so that what is reached can be told from what was written.

`simplify` shares equal nodes and drops parameters; here every node stays where the compiler put it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pmdsl.plan.folding import folded
from pmdsl.plan.nodes import Node, Plan
from pmdsl.plan.simplify import chosen, reached, segment


@dataclass(frozen=True, eq=False)
class Traced:
    """A plan with what its constants hide.

    `segments[n]` is the number of the segment that a dated node took; `stands_on[n]` the dated nodes that
    were folded into n.
    """

    plan: Plan
    segments: dict[int, int]
    stands_on: tuple[frozenset[int], ...]


def traced(plan: Plan, on: date) -> Traced:
    """The plan for a date, node for node. Raises PmdslError where a value is missing on that date."""
    segments: dict[int, int] = {}
    nodes: list[Node] = []
    stands_on: list[frozenset[int]] = []
    for number, node in enumerate(without_dates(plan, on, segments)):
        found = folded(node, nodes)
        below = frozenset().union(*(stands_on[i] for i in node.inputs)) if found is not node else frozenset()
        nodes.append(found)
        stands_on.append(below | {number} if number in segments else below)
    return Traced(replace(plan, nodes=tuple(nodes), on=on), segments, tuple(stands_on))


def without_dates(plan: Plan, on: date, segments: dict[int, int]) -> list[Node]:
    """Dated nodes become copies of the segment in force; tables keep the rows in force."""
    nodes: list[Node] = []
    for number, node in enumerate(plan.nodes):
        if node.op != "dated":
            nodes.append(chosen(node, on, plan))
            continue
        taken = segment(node, on, plan)
        segments[number] = node.inputs.index(taken)
        nodes.append(replace(nodes[taken], origin=node.origin))
    return reached(nodes)
