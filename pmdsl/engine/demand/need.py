"""What a node's value was needed for: rows of its level, and in each the cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.inputs import Holdings
from pmdsl.engine.kernels.site import Site, bad, frame_of
from pmdsl.engine.run import Values, reshape
from pmdsl.engine.words import Codes, Truth
from pmdsl.engine.world import World
from pmdsl.plan.nodes import Node, Plan


@dataclass(frozen=True, eq=False)
class Need:
    """Rows in ascending order, and for each a truth per cell. Shapes (rows,) and (rows, *axes)."""

    rows: Codes
    cells: Truth


Needs = list[tuple[int, Need]]


@dataclass(frozen=True, eq=False)
class Scene:
    """One block of accounts with the values of all nodes at hand."""

    world: World
    block: Block
    values: Values
    holdings: Holdings

    @property
    def plan(self) -> Plan:
        return self.world.plan

    def node(self, number: int) -> Node:
        return self.plan.nodes[number]

    def site(self, number: int) -> Site:
        """The node as its kernel was told of it."""
        node = self.node(number)
        return Site(self.world, node, tuple(self.node(i) for i in node.inputs), frame_of(self.plan, node))

    def rows_of(self, number: int, rows: Codes) -> Any:
        """The values of a node at some rows of a finer or equal level. Shape (rows, ...)."""
        value = self.values[number]
        return (
            value[rows]
            if len(value) > 1 or self.node(number).level != ""
            else value[np.zeros(len(rows), dtype=int)]
        )

    def everything(self, number: int) -> Need:
        """All rows and cells of a node."""
        value = self.values[number]
        size = self.block.size(self.node(number).level)
        return Need(np.arange(size), np.ones((size, *value.shape[1:]), dtype=bool))

    def poison(self, number: int, need: Need) -> Need:
        """The part of a need whose cells are poison."""
        return trimmed(need.rows, need.cells & bad(self.rows_of(number, need.rows)))


@dataclass(frozen=True, eq=False)
class Asked:
    """A need of one node, with its cells and the values of its inputs lined up over the frame of axes."""

    scene: Scene
    number: int
    need: Need

    @property
    def node(self) -> Node:
        return self.scene.node(self.number)

    @property
    def frame(self) -> tuple[str, ...]:
        return frame_of(self.scene.plan, self.node)

    @property
    def cells(self) -> Any:
        """The needed cells, with one dimension for each axis of the frame."""
        return lined_up(self.need.cells, self.node.axes, self.frame)

    def input(self, k: int, rows: Codes | None = None) -> Any:
        """The value of an input at the needed rows (or others), lined up over the frame."""
        number = self.node.inputs[k]
        found = self.scene.rows_of(number, self.need.rows if rows is None else rows)
        return lined_up(found, self.scene.node(number).axes, self.frame)

    def of(self, k: int, cells: Any, rows: Codes | None = None) -> list[tuple[int, Need]]:
        """The need of input k where `cells` (over the frame, one row for each of `rows`) is true."""
        number = self.node.inputs[k]
        rows = self.need.rows if rows is None else rows
        own = self.scene.node(number)
        wide = np.broadcast_to(cells, np.broadcast_shapes(cells.shape, (len(rows), *(1,) * len(self.frame))))
        lost = tuple(1 + d for d, axis in enumerate(self.frame) if axis not in own.axes)
        mine = wide.any(axis=lost)
        mine = np.broadcast_to(mine, (len(rows), *self.scene.values[number].shape[1:]))
        if own.level == "":
            mine, rows = mine.any(axis=0, keepdims=True), np.zeros(1, dtype=np.int64)
        found = trimmed(rows, mine)
        return [(number, found)] if len(found.rows) else []

    def all_of(self, ks: Iterable[int]) -> list[tuple[int, Need]]:
        """Some inputs at the same cells."""
        cells = self.cells
        return [found for k in ks for found in self.of(k, cells)]


def lined_up(x: Any, own: tuple[str, ...], frame: tuple[str, ...]) -> Any:
    """A value with one dimension for each axis of the frame."""
    how = reshape(own, frame)
    return x if how is None else x[how]


def trimmed(rows: Codes, cells: Any) -> Need:
    """Only rows of which some cell is needed, each once, in ascending order."""
    some = cells.reshape(len(rows), -1).any(axis=1) if len(rows) else np.zeros(0, dtype=bool)
    rows, cells = rows[some], cells[some]
    distinct, inverse = np.unique(rows, return_inverse=True)
    if len(distinct) == len(rows) and (rows[1:] > rows[:-1]).all():
        return Need(rows, cells)
    joined = np.zeros((len(distinct), *cells.shape[1:]), dtype=bool)
    np.logical_or.at(joined, inverse, cells)
    return Need(distinct, joined)


def joined(first: Need | None, second: Need) -> Need:
    """Two needs of one node as one."""
    if first is None:
        return second
    return trimmed(np.concatenate([first.rows, second.rows]), np.concatenate([first.cells, second.cells]))
