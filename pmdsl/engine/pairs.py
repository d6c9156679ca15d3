"""Pairs of keys: all i < j of the rows of a key level, perhaps inside each row of a coarser one."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.index import Index, Rows
from pmdsl.engine.words import Codes


def add_pairs(index: Index, name: str) -> None:
    """A pair level. Its rows are sorted by the coarser row, then by the first key, then by the second."""
    level = index.plan.levels[name]
    keys = index.size(level.of)
    inside = index.parent(level.of, level.within) if level.within else np.zeros(keys, dtype=np.int64)
    place = places(inside)
    first, second = _all_pairs(inside)
    index.levels[name] = Rows(level, len(first), parts=(first, second, *place))
    index.edges[name, level.of] = first
    if level.within:
        index.edges[name, level.within] = inside[first]


def _all_pairs(inside: Codes) -> tuple[Codes, Codes]:
    firsts, seconds = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    order = np.argsort(inside, kind="stable")
    cuts = np.flatnonzero(np.diff(inside[order])) + 1
    for members in np.split(order, cuts):
        if len(members) > 1 and inside[members[0]] >= 0:
            i, j = np.triu_indices(len(members), 1)
            firsts.append(members[i])
            seconds.append(members[j])
    return np.concatenate(firsts), np.concatenate(seconds)


def places(inside: Codes) -> tuple[Codes, Codes, Codes]:
    """For each key: its number among its fellows, how many they are, and where their pairs begin."""
    order = np.argsort(inside, kind="stable").astype(np.int64)
    change = np.ones(len(order), dtype=bool)
    change[1:] = inside[order][1:] != inside[order][:-1]
    starts = np.flatnonzero(change)
    count = np.diff(np.append(starts, len(order)))
    paired = np.where(inside[order][starts] >= 0, count * (count - 1) // 2, 0)
    offset = np.cumsum(paired) - paired
    run = np.cumsum(change) - 1
    number, fellows, begin = (np.empty(len(order), dtype=np.int64) for _ in range(3))
    number[order] = np.arange(len(order)) - starts[run]
    fellows[order] = count[run]
    begin[order] = offset[run]
    return number, fellows, begin


def pair_rows(index: Index, name: str, i: Codes, j: Codes) -> Codes:
    """The rows of a pair level for keys in either order; -1 for keys that are not paired. Shape of `i`."""
    level = index.plan.levels[name]
    _, _, number, fellows, begin = index.levels[name].parts
    a, b, n = np.minimum(number[i], number[j]), np.maximum(number[i], number[j]), fellows[i]
    row = begin[i] + a * n - a * (a + 1) // 2 + (b - a - 1)
    paired = (begin[i] == begin[j]) & (i != j)
    if level.within:
        inside = index.parent(level.of, level.within)
        paired = (inside[i] == inside[j]) & (inside[i] >= 0) & (i != j)
    return np.where(paired, row, -1).astype(np.int64)
