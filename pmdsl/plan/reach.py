"""What a plan needs: the nodes and levels that its outputs reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pmdsl.plan.nodes import Level, Plan


@dataclass(frozen=True)
class Reach:
    """The nodes that outputs reach, by their numbers, and the levels that these stand on."""

    nodes: frozenset[int]
    levels: frozenset[str]


def needed(plan: Plan) -> frozenset[int]:
    """The nodes that outputs, bindings and levels in use reach."""
    return reach(plan).nodes


def reach(plan: Plan) -> Reach:
    """What outputs, bindings and levels in use reach."""
    queue = [output.node for output in plan.outputs]
    queue += [
        i for output in plan.outputs for b in output.binding for i in (b.amount, b.by, b.active) if i >= 0
    ]
    live: set[int] = set()
    levels: set[str] = set()
    while queue:
        index = queue.pop()
        if index in live:
            continue
        live.add(index)
        node = plan.nodes[index]
        queue.extend(node.inputs)
        queue.extend(keys_of(plan, node.level, levels))
        queue.extend(axis.node for name in node.axes if (axis := plan.axes[name]).node >= 0)
    return Reach(frozenset(live), frozenset(levels))


def keys_of(plan: Plan, name: str, seen: set[str]) -> Iterable[int]:
    """The nodes that make a level and the levels it stands on."""
    if name in seen or name not in plan.levels:
        return
    seen.add(name)
    level = plan.levels[name]
    yield from level.keys
    for other in stands_on(level):
        yield from keys_of(plan, other, seen)


def stands_on(level: Level) -> list[str]:
    """The levels without which a level is nothing."""
    key = (level.key or f"{level.name}.key") if level.kind == "group" else ""
    return [other for other in (level.of, level.within, key) if other]
