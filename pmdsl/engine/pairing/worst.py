"""The worst cases of pools: one variable for each scan and group, held up by a row for each point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.engine.pairing.columns import Columns
from pmdsl.engine.pairing.question import Pool, Scan
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Number


@dataclass(frozen=True, eq=False)
class Worst:
    """The worst cases of one scan, w of them, and n points at which a group may lose.

    `member` (w,): a column of the group; `most` (w,): the largest loss there can be; `gain` (w,): the largest
    amount of a member at a point; `of` (n,): the worst case that a point bounds. Entries: the `point`, the
    `column` and its `loss` there.
    """

    objectives: tuple[int, ...]
    member: Codes
    most: Number
    gain: Number
    of: Codes
    point: Codes
    column: Codes
    loss: Number


def worst_of(columns: Columns, pool: Pool, scan: Scan) -> Worst:
    """The worst cases of a scan over the groups of its pool."""
    member = np.flatnonzero(pool.group[columns.row] >= 0).astype(np.int64)
    rows = columns.row[member]
    _, first, group = np.unique(pool.group[rows], return_index=True, return_inverse=True)
    points = scan.values.shape[1]
    real, losses = scan.real[rows], -scan.values[rows]
    number = group.reshape(-1, 1) * points + np.arange(points)
    losing = np.unique(number[real & (losses > 0)])
    at = np.searchsorted(losing, number).clip(0, max(len(losing) - 1, 0))
    kept = real & (losses != 0) & (losing[at] == number if len(losing) else np.False_)
    entry, _ = np.nonzero(kept)
    point, loss = at[kept], losses[kept]
    top = sums(point, np.maximum(loss, 0.0) * columns.most[member[entry]], len(losing))
    of = losing // points if points else losing
    most, gain = np.zeros(len(first)), np.zeros(len(first))
    np.maximum.at(most, of, top)
    np.maximum.at(gain, of[point], np.abs(loss))
    return Worst(scan.objectives, member[first], most, gain, of, point, member[entry], loss)
