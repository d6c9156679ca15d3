"""The yardstick of aggregation: fetching one row of values for each position, and nothing else.

Whoever works out a portfolio's profit at sixteen points has to bring the sixteen doubles of each position's
instrument from the cache or the memory: that, and not arithmetic, bounds what an engine can do. The gathers
here do no more than that. The fastest of them is the yardstick.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.books import Floats, Market, Positions

BLOCK = 4_096
# Doubles of a cache line: a row of sixteen points is two of them.
LINE = 8


def gathers(held: Positions, market: Market, threads: int = 1) -> dict[str, Callable[[], object]]:
    """The gathers that this environment can do, by their names."""
    found: dict[str, Callable[[], object]] = {"gather by numpy": by_numpy(held, market.outcome, threads)}
    if find_spec("numba") is not None:
        found["gather by numba"] = by_numba(held, market.outcome, threads)
    return found


def parts(size: int, threads: int) -> list[tuple[int, int]]:
    """So many positions cut into one range for each thread."""
    edges = np.linspace(0, size, threads + 1).astype(np.int64).tolist()
    return list(pairwise(edges))


def in_threads(work: Callable[[int, int], object], size: int, threads: int) -> Callable[[], object]:
    """A contender that does the ranges of so many positions side by side."""
    ranges = parts(size, threads)
    if threads == 1:
        return lambda: work(*ranges[0])

    def run() -> list[object]:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(lambda given: work(*given), ranges))

    return run


def by_numpy(held: Positions, table: Floats, threads: int = 1) -> Callable[[], object]:
    """`take` of blocks into a buffer that stays in the cache."""

    def work(low: int, high: int) -> float:
        out = np.empty((BLOCK, table.shape[1]))
        for at in range(low, high, BLOCK):
            rows = held.instrument[at : min(at + BLOCK, high)]
            np.take(table, rows, axis=0, out=out[: len(rows)], mode="clip")
        return float(out[0, 0])

    return in_threads(work, held.size, threads)


def by_numba(held: Positions, table: Floats, threads: int = 1) -> Callable[[], object]:
    """One double of each cache line of each row: no store, no arithmetic to speak of.

    Asking for lines ahead of their use, or adding up whole rows, is slower on the machine of the table.
    """
    kernel, rows = touch(), held.instrument.astype(np.int32)

    def work(low: int, high: int) -> float:
        found: float = kernel(table, rows, low, high)
        return found

    work(0, 1)
    return in_threads(work, held.size, threads)


@cache
def touch() -> Any:
    """The compiled loop: the sum of the first doubles of the lines of each row, which stay in registers."""
    from numba import njit

    @njit(cache=True, nogil=True, boundscheck=False)
    def total(table: Any, rows: Any, low: int, high: int) -> float:
        first, second = 0.0, 0.0
        for k in range(low, high):
            row = np.uintp(rows[k])
            first += table[row, np.uintp(0)]
            second += table[row, np.uintp(LINE)]
        return first + second

    return total
