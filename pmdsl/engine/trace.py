"""One account with every value kept, and what of it mattered to its outputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pmdsl.engine.demand import Asked, Need, Scene, demand
from pmdsl.engine.job import Run
from pmdsl.engine.schedule import Schedule
from pmdsl.engine.world import World


@dataclass(frozen=True)
class Fired:
    """A row of a table that was reached, and on which rows of its level: (label, how many cells)."""

    table: str
    row: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """A branch of a condition that was taken: the node, and whether it was the first branch."""

    node: int
    first: bool


@dataclass(eq=False)
class Trace:
    """The values of one account. Rows of owned levels are counted inside the account."""

    scene: Scene
    schedule: Schedule
    account: int

    def value(self, node: int) -> Any:
        """The value of a node. Shape (rows of its level, ...)."""
        return self.scene.values[node]

    def label(self, level: str, row: int) -> str:
        """What people call a row of a level."""
        return self.scene.block.index.label(level, row + self.scene.block.span(level)[0])

    def rows(self, level: str) -> range:
        """The rows of a level that this account has (all rows of a level that accounts share)."""
        return range(self.scene.block.size(level))

    def members(self, fine: str, coarse: str, row: int) -> tuple[int, ...]:
        """The rows of a finer level that belong to a row of a coarser one."""
        return tuple(np.flatnonzero(self.scene.block.parent(fine, coarse) == row).tolist())

    def demand(self, targets: Iterable[int] | None = None) -> dict[int, Need]:
        """What mattered to some nodes for this account; to all outputs where none are named."""
        if targets is None:
            return self.mattered
        return demand(self.scene, self.schedule, {n: self._mine(n) for n in targets})

    @cached_property
    def mattered(self) -> dict[int, Need]:
        """What mattered to the outputs."""
        targets = dict.fromkeys(out.node for out in self.scene.plan.outputs)
        return demand(self.scene, self.schedule, {n: self._mine(n) for n in targets})

    def _mine(self, node: int) -> Need:
        return self.scene.everything(node)

    def fired(self, targets: Iterable[int] | None = None) -> tuple[Fired, ...]:
        """The rows of tables that were reached, in the order of the plan."""
        found: list[Fired] = []
        for number, need in sorted(self.demand(targets).items()):
            node = self.scene.node(number)
            if node.op in ("match", "model") and "table" in node.params:
                values = self.scene.rows_of(number, need.rows).reshape(need.cells.shape)
                for row in np.unique(values[need.cells & (values >= 0)]).tolist():
                    hit = ((values == row) & need.cells).reshape(len(need.rows), -1).any(axis=1)
                    labels = tuple(self.label(node.level, int(r)) for r in need.rows[hit])
                    found.append(Fired(str(node.params["table"]), int(row), labels))
        return tuple(found)

    def taken(self, targets: Iterable[int] | None = None) -> tuple[Taken, ...]:
        """The branches that were taken."""
        found: list[Taken] = []
        for number, need in sorted(self.demand(targets).items()):
            node = self.scene.node(number)
            if node.op == "if":
                asked = Asked(self.scene, number, need)
                for value, first in ((1.0, True), (0.0, False)):
                    if (asked.cells & (asked.input(0) == value)).any():
                        found.append(Taken(number, first))
        return tuple(found)


def trace(world: World, run: Run, account: int) -> Trace:
    """One account of a run that keeps the value of every node."""
    block = run.block(account)
    return Trace(Scene(world, block, run.execute(block), run.holdings), run.job.schedule, account)
