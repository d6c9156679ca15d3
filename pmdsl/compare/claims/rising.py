"""`rising(x, p)` as an order: a plan that holds x twice, for a value of p and for a larger one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pmdsl.compare.claims.stretches import PARAMETER
from pmdsl.plan.nodes import Node, Plan


@dataclass(frozen=True, eq=False)
class Doubled:
    """`high` is the node of x for the larger value, `low` for the smaller; so are the
    parameter's own nodes.
    """

    plan: Plan
    high: int
    low: int
    high_param: int
    low_param: int


def doubled(plan: Plan, target: int) -> Doubled | None:
    """The plan with everything that depends on its open parameter a second time.

    None where the parameter decides how members are grouped, or is not used: then nothing can be said this
    way.
    """
    nodes = list(plan.nodes)
    param = next((i for i, node in enumerate(nodes) if node.op == PARAMETER), None)
    if param is None:
        return None
    twin: dict[int, int] = {param: len(nodes)}
    nodes.append(replace(nodes[param], params={**nodes[param].params, "larger": True}))
    for number, node in enumerate(plan.nodes):
        if any(i in twin for i in node.inputs):
            twin[number] = len(nodes)
            nodes.append(moved(node, twin))
    grouping = [i for level in plan.levels.values() for i in level.keys] + [
        axis.node for axis in plan.axes.values()
    ]
    if any(i in twin for i in grouping):
        return None
    return Doubled(replace(plan, nodes=tuple(nodes)), twin.get(target, target), target, twin[param], param)


def moved(node: Node, twin: dict[int, int]) -> Node:
    return replace(node, inputs=tuple(twin.get(i, i) for i in node.inputs))
