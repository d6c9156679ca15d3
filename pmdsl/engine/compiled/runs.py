"""Sums of runs as compiled loops; bit for bit those of numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.engine.compiled import loops
from pmdsl.engine.sums import Runs
from pmdsl.engine.words import Number


class CompiledRuns(Runs):
    """Runs whose sums are compiled."""

    def sums(self, x: Number) -> Number:
        """The sum of each run. Shapes (total, ...) -> (runs, ...)."""
        if len(self) == self.total:
            return x
        flat = np.ascontiguousarray(x.reshape(self.total, -1), dtype=np.float64)
        found = np.empty((len(self), flat.shape[1]))
        if flat.shape[1] == 1:
            loops.sums(flat[:, 0], self.edges, found[:, 0])
        else:
            loops.sums_of_rows(flat, self.edges, found)
        return found.reshape(len(self), *x.shape[1:])

    def weighed_sums(self, table: Number, index: Any, weight: Number, points: int) -> Number:
        """As in numpy; `table` has been aligned, and is wider than its points."""
        found = np.empty(len(self) * points + loops.CHUNK)
        weight = np.ascontiguousarray(weight)
        loops.weighed(table.reshape(-1), table.shape[1], index, weight, self.edges, found, points)
        return found[: len(self) * points].reshape(len(self), points)


def aligned(table: Number) -> Number:
    """A copy whose rows begin at cache lines and have a multiple of 16 doubles, the last one repeated.

    Shapes (rows, points) -> (rows, at least points).
    """
    rows, points = table.shape
    width = -(-points // loops.CHUNK) * loops.CHUNK
    room = np.empty(rows * width * 8 + 64, dtype=np.uint8)
    begin = -room.ctypes.data % 64
    found = room[begin : begin + rows * width * 8].view(np.float64).reshape(rows, width)
    found[:, :points] = table
    found[:, points:] = table[:, -1:]
    return found
