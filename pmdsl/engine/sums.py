"""Sums of contiguous runs of rows, each from the first row to the last.

The order is the same whatever the shape, the length of a run or the size of a block, so the bits are: every
way below adds the rows of a run one after the other. (`np.add.reduceat` does not.)
"""

from __future__ import annotations

import numpy as np

from pmdsl.engine.words import Codes, Number

# From here on a sparse product is worth what it takes to import and to set up.
MANY = 4_096
SHORT = 8


def run_sums(x: Number, starts: Codes) -> Number:
    """The sums of runs that begin at `starts` and end where the next begins. Shapes (n, ...) -> (runs, ...).

    `starts` is strictly increasing and begins with 0.
    """
    n = len(x)
    if len(starts) == n:
        return x
    lengths, flat = np.diff(starts, append=n), x.reshape(n, -1)
    if flat.shape[1] == 1:
        runs = np.repeat(np.arange(len(starts)), lengths)
        total: Number = np.asarray(np.bincount(runs, weights=flat[:, 0]), dtype=np.float64)
        return total.reshape(-1, *x.shape[1:])
    found = _by_product(flat, starts) if n >= MANY else _by_steps(flat, starts, lengths)
    return found.reshape(len(starts), *x.shape[1:])


def weighed_sums(table: Number, index: Codes, weight: Number, starts: Codes) -> Number:
    """The sums of runs of weight[i] * table[index[i]]. Shapes (rows, m), (n,), (n,) -> (runs, m)."""
    if len(index) >= MANY:
        return _product(table, index, weight, starts)
    return run_sums(table.take(index, axis=0) * weight[:, None], starts)


def _by_product(x: Number, starts: Codes) -> Number:
    n = len(x)
    return _product(x, np.arange(n, dtype=np.int32), np.ones(n), starts)


def _product(table: Number, index: Codes, weight: Number, starts: Codes) -> Number:
    """A sparse matrix of one row a run times the table: SciPy adds its entries in their order."""
    from scipy.sparse import csr_array

    ends = np.append(starts, len(index)).astype(np.int32)
    matrix = csr_array((weight, index.astype(np.int32), ends), shape=(len(starts), len(table)))
    found: Number = matrix @ table
    return found


def _by_steps(x: Number, starts: Codes, lengths: Codes) -> Number:
    """The first rows of all runs, then the second ones added, and so on; long runs one by one."""
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
