"""Reading single values of one traced account: at a node, a row of its level, and points of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pmdsl.engine.trace import Trace
from pmdsl.plan.nodes import Node

Points = Mapping[str, int]


@dataclass(frozen=True)
class Place:
    """Where a derivation stands: a node, a row of its level, and the points that are fixed."""

    node: int
    row: int
    points: Points


@dataclass(frozen=True, eq=False)
class Values:
    """The values of one account."""

    traced: Trace

    def node(self, number: int) -> Node:
        return self.traced.scene.node(number)

    def row_of(self, number: int, level: str, row: int) -> int:
        """The row of a node's level above a row of another; 0 for values of the whole run."""
        own = self.node(number).level
        if own == "":
            return 0
        return row if own == level else int(self.traced.scene.block.parent(level, own)[row])

    def value(self, place: Place) -> float:
        """The value at a place; NaN where it is still along an axis that is not fixed."""
        node, values = self.node(place.node), self.traced.value(place.node)
        cell = values[min(place.row, len(values) - 1)]
        for axis in node.axes:
            if axis not in place.points:
                return float("nan")
            cell = cell[min(place.points[axis], len(cell) - 1)]
        return float(cell)

    def along(self, place: Place, axis: str) -> NDArray[np.float64]:
        """The values of a place along one axis. Shape (points,)."""
        node, values = self.node(place.node), self.traced.value(place.node)
        cell = values[min(place.row, len(values) - 1)]
        for dimension, name in reversed(list(enumerate(node.axes))):
            if name != axis:
                cell = np.take(
                    cell, min(place.points.get(name, 0), cell.shape[dimension] - 1), axis=dimension
                )
        return np.asarray(cell, dtype=np.float64).reshape(-1)

    def point(self, axis: str, at: int, place: Place) -> str:
        """What a point is called."""
        points = self.traced.scene.world.axes.get(axis)
        if points is not None and at < points.size:
            return points.names[at]
        return f"{axis} {at + 1}"
