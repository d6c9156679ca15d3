"""What must be worked out for some outputs of a plan, in which order, and in which of three phases.

The *market* phase depends on the book's market alone. The *shared* phase holds what all accounts share and
still depends on the holdings, with everything that it needs. The *owned* phase is done for each block of
accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from pmdsl.engine.index import OWNED, key_of
from pmdsl.engine.levels import chain_from
from pmdsl.plan.nodes import Node, Plan


class Phase(Enum):
    """When a node is worked out."""

    MARKET = "market"
    SHARED = "shared"
    BLOCK = "block"


@dataclass(frozen=True)
class Step:
    """A node to work out, or a level to build first (then `node` is -1)."""

    node: int
    level: str = ""


@dataclass(frozen=True)
class Schedule:
    """Steps of each phase in running order, and for each node the phase it belongs to."""

    steps: Mapping[Phase, tuple[Step, ...]]
    phase: Mapping[int, Phase]
    targets: tuple[int, ...]


def schedule(plan: Plan, targets: Iterable[int]) -> Schedule:
    """The schedule for some nodes. Raises KeyError where the plan names a level that it does not define.

    The keys of the chain of groups above the positions are always there: they decide the order of the
    positions, which must be the same whatever is asked.
    """
    wanted = tuple(dict.fromkeys(targets))
    order = _Order(plan)
    for group in chain_from(plan, "position"):
        order.visit(Step(-1, key_of(plan, group)))
    for target in wanted:
        order.visit(Step(target))
    phase = _phases(plan, order)
    steps = {p: tuple(step for step in order.steps if order.phase_of(step, phase) is p) for p in Phase}
    return Schedule(steps, phase, wanted)


class _Order:
    """Depth first: what something needs stands before it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.steps: list[Step] = []
        self.seen: set[Step] = set()
        self.needs: dict[Step, tuple[Step, ...]] = {}

    def visit(self, first: Step) -> None:
        """Add a step after everything it needs, without recursion (plans are deep)."""
        stack: list[tuple[Step, bool]] = [(first, False)]
        while stack:
            step, ready = stack.pop()
            if ready:
                self.steps.append(step)
            elif step not in self.seen:
                self.seen.add(step)
                self.needs[step] = self._needs(step)
                stack.append((step, True))
                stack.extend((need, False) for need in reversed(self.needs[step]) if need not in self.seen)

    def _needs(self, step: Step) -> tuple[Step, ...]:
        if step.node < 0:
            return level_needs(self.plan, step.level)
        node = self.plan.nodes[step.node]
        return tuple(dict.fromkeys((*(Step(i) for i in node.inputs), *self._levels(node))))

    def _levels(self, node: Node) -> Iterable[Step]:
        names = [node.level, *(self.plan.nodes[i].level for i in node.inputs)]
        names += [str(node.params["level"])] if node.op == "key" else []
        for axis in node.axes:
            names += [self.plan.axes[axis].within] if self.plan.axes[axis].kind == "distinct" else []
        return [Step(-1, name) for name in names if name and self.plan.levels[name].kind in BUILT]

    def phase_of(self, step: Step, phase: Mapping[int, Phase]) -> Phase:
        """A level is built in the phase of what it needs."""
        if step.node >= 0:
            return phase[step.node]
        return self.level_phase[step]

    level_phase: dict[Step, Phase]


BUILT = ("key", "group", "pair", "match")


def level_needs(plan: Plan, name: str) -> tuple[Step, ...]:
    """The levels and nodes that must be there before a level can be built."""
    level = plan.levels[name]
    names = [level.of, level.within]
    if level.kind == "group":
        names.append(key_of(plan, name))
    levels = [Step(-1, other) for other in names if other and plan.levels[other].kind in BUILT]
    return (*levels, *(Step(node) for node in level.keys))


def _phases(plan: Plan, order: _Order) -> dict[int, Phase]:
    held: dict[Step, bool] = {}
    for step in order.steps:
        held[step] = _is_owned(plan, step) or any(held.get(need, False) for need in order.needs[step])
    shared: set[Step] = set()
    for step in reversed(order.steps):
        # A level of accounts is built for all of them at once, and so is what says which rows it has.
        if step in shared or (held[step] and (step.node < 0 or not _is_owned(plan, step))):
            shared.add(step)
            shared.update(need for need in order.needs[step] if held[need])
    phase: dict[int, Phase] = {}
    order.level_phase = {}
    for step in order.steps:
        found = Phase.SHARED if step in shared else Phase.BLOCK if held[step] else Phase.MARKET
        if step.node >= 0:
            phase[step.node] = found
        else:
            order.level_phase[step] = Phase.SHARED if found is Phase.BLOCK else found
    return phase


def _is_owned(plan: Plan, step: Step) -> bool:
    name = plan.nodes[step.node].level if step.node >= 0 else step.level
    return name != "" and plan.levels[name].kind in OWNED
