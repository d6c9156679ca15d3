"""The stretches of dates on which a rule set means one thing, and its plan for a claim on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pmdsl.diagnostics import PmdslError
from pmdsl.plan.nodes import Node, Output, Plan
from pmdsl.plan.simplify import chosen, compact, fold_all, reached, shortened

PARAMETER = "parameter"


@dataclass(frozen=True, eq=False)
class Stretch:
    """The first date of a stretch, and the plan that holds on it with nothing but the claim as
    its outputs.
    """

    start: date
    plan: Plan


def starts(plan: Plan) -> list[date]:
    """The dates on which some value or row begins, or the day after one ends, inside what the rule set
    covers.
    """
    first, last = plan.covers
    found = {first}
    for node in plan.nodes:
        periods = node.params.get("segments") if node.op == "dated" else node.params.get("periods")
        for start, end in periods or ():
            found |= {date.fromisoformat(start)} if start else set()
            found |= {date.fromisoformat(end) + timedelta(days=1)} if end else set()
    return sorted(day for day in found if day >= first and (last is None or day <= last))


def stretches(plan: Plan, outputs: tuple[Output, ...], open_param: int = -1) -> Iterator[Stretch]:
    """Every stretch with its plan; stretches on which the outputs mean the same are one.

    `open_param` is the dated node that keeps no value: it becomes a node `parameter`. A date for which some
    value is missing has no plan and is left out.
    """
    seen: set[str] = set()
    for day in starts(plan):
        try:
            found = at_date(replace(plan, outputs=outputs), day, open_param)
        except PmdslError:
            continue
        meaning = repr([(n.op, n.inputs, sorted(n.params.items()), n.level, n.axes) for n in found.nodes])
        if meaning not in seen:
            seen.add(meaning)
            yield Stretch(day, found)


def at_date(plan: Plan, on: date, open_param: int = -1) -> Plan:
    """`simplify`, with one parameter left open. Raises PmdslError where some value is missing on the date."""
    nodes = [
        opened(node) if number == open_param else chosen(node, on, plan)
        for number, node in enumerate(plan.nodes)
    ]
    folded = shortened(fold_all(reached(nodes)))
    return compact(replace(plan, nodes=tuple(folded), on=on))


def opened(node: Node) -> Node:
    return replace(node, op=PARAMETER, inputs=(), params={"name": node.params.get("name", "")})
