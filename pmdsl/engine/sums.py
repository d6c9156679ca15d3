"""Sums of contiguous runs of rows, each from the first row to the last.

The order is the same whatever the shape, the length of a run or the size of a block, so the bits are: every
way below adds the rows of a run one after the other. (`np.add.reduceat` does not.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmdsl.engine.words import Codes, Number

# From here on a sparse product is worth what it takes to import and to set up.
MANY = 4_096
SHORT = 8


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of `total` rows: they begin at `starts` (0 first, strictly increasing) and end where the next
    begins.
    """

    starts: Codes
    total: int

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def edges(self) -> NDArray[np.int32]:
        """Where the runs begin, and the end. Shape (runs + 1,)."""
        return np.append(self.starts, self.total).astype(np.int32)

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """How many rows each run has. Shape (runs,)."""
        return np.diff(self.edges)

    @cached_property
    def run_of_row(self) -> Codes:
        """The run of each row. Shape (total,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def sums(self, x: Number) -> Number:
        """The sum of each run. Shapes (total, ...) -> (runs, ...)."""
        if len(self) == self.total:
            return x
        flat = x.reshape(self.total, -1)
        if flat.shape[1] == 1:
            found: Number = np.bincount(self.run_of_row, weights=flat[:, 0]).astype(np.float64, copy=False)
        elif self.total >= MANY:
            found = _product(self.edges, np.arange(self.total, dtype=np.int32), np.ones(self.total), flat)
        else:
            found = _by_steps(flat, self)
        return found.reshape(len(self), *x.shape[1:])

    def weighed_sums(self, table: Number, index: Any, weight: Number, points: int) -> Number:
        """The sum of weight[i] * table[index[i]] of each run; no index is below zero.

        Shapes (rows, points), (total,), (total,) -> (runs, points).
        """
        if self.total >= MANY:
            return _product(self.edges, index, weight, table)
        return self.sums(table.take(index, axis=0) * weight[:, None])


def _product(edges: Any, index: Any, weight: Number, table: Number) -> Number:
    """A sparse matrix of one row a run times the table: SciPy adds its entries in their order."""
    from scipy.sparse import csr_array

    matrix = csr_array((weight, index, edges), shape=(len(edges) - 1, len(table)))
    found: Number = matrix @ table
    return found


def _by_steps(x: Number, runs: Runs) -> Number:
    """The first rows of all runs, then the second ones added, and so on; long runs one by one."""
    starts, lengths = runs.starts, runs.lengths
    found = x.take(starts, axis=0)
    longer = np.flatnonzero((lengths > 1) & (lengths <= SHORT))
    step = 1
    while len(longer):
        found[longer] += x.take(starts[longer] + step, axis=0)
        step += 1
        longer = longer[lengths[longer] > step]
    for run in np.flatnonzero(lengths > SHORT).tolist():
        first = int(starts[run])
        found[run] = np.add.reduce(x[first : first + int(lengths[run])], axis=0)
    return found
