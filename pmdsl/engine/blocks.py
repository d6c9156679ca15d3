"""A block: the accounts that are worked on together, with the rows of every level that belong to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pmdsl.engine.index import UNKNOWN, Index
from pmdsl.engine.segments import Segments, segments_between, segments_of
from pmdsl.engine.sums import Runs
from pmdsl.engine.words import Array, Codes, Truth
from pmdsl.plan.limits import BLOCK_ROWS

# The widest array of a block has so many numbers at the most: what one operation makes is still in the cache
# for the next one, and two threads seldom wait for each other.
BLOCK_CELLS = 1 << 20
FEWEST_ROWS = 1 << 12


@dataclass(frozen=True, eq=False)
class OwnedColumn:
    """A column of an owned table for the whole run; `torn` marks rows whose netted parts disagree."""

    values: Array
    torn: Truth | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """The row that each row sees: 0 where it sees none, and `lost` says which these are (None: none is)."""

    row: NDArray[np.int32]
    lost: Truth | None


def seen_at(parent: Codes) -> Seen:
    """A parent index with rows that can be fetched."""
    row, lost = parent.astype(np.int32), parent < 0
    return Seen(np.maximum(row, 0), lost) if lost.any() else Seen(row, None)


@dataclass(eq=False)
class Block:
    """Accounts first up to last (not included), and the same range of rows for each owned level.

    The rows of an owned level stand in the order of accounts, so that a block is a slice of each of them.
    `runs` adds up runs of rows.
    """

    index: Index
    columns: dict[tuple[str, str], OwnedColumn]
    spans: dict[str, tuple[int, int]]
    parents: dict[tuple[str, str], Codes] = field(default_factory=dict)
    segments: dict[tuple[str, str], Segments] = field(default_factory=dict)
    points: dict[str, tuple[Array, Codes]] = field(default_factory=dict)
    sights: dict[tuple[str, str], Seen] = field(default_factory=dict)
    views: dict[tuple[str, str], Array] = field(default_factory=dict)
    unknowns: dict[str, Truth | None] = field(default_factory=dict)
    runs: type[Runs] = Runs

    def span(self, level: str) -> tuple[int, int]:
        """The first row of a level in this block and the row after the last."""
        return self.spans.get(level) or (0, self.index.size(level))

    def size(self, level: str) -> int:
        """The number of rows of a level in this block."""
        low, high = self.span(level)
        return high - low

    def parent(self, fine: str, coarse: str) -> Codes:
        """The row of `coarse`, counted inside the block, of each row of `fine`; below zero for none."""
        found = self.parents.get((fine, coarse))
        if found is None:
            low, high = self.span(fine)
            found = self.index.parent(fine, coarse)[low:high]
            shift = self.span(coarse)[0]
            found = np.where(found < 0, found, found - shift) if shift else found
            self.parents[fine, coarse] = found
        return found

    def seen(self, fine: str, coarse: str) -> Seen:
        """The same, for whoever fetches the rows."""
        found = self.sights.get((fine, coarse))
        if found is None:
            found = self.sights[fine, coarse] = seen_at(self.parent(fine, coarse))
        return found

    def along(self, fine: str, along: str) -> Codes:
        """The `first` or `second` key of each pair; the position in a slot of each match, -1 for no slot.

        Shape (rows,).
        """
        if self.index.plan.levels[fine].kind == "match":
            return self.slots(fine)[:, int(along)]
        return self.index.levels[fine].parts[0 if along == "first" else 1]

    def slots(self, level: str) -> Codes:
        """The positions of each match, counted inside the block, -1 for no slot. Shape (rows, slots)."""
        low, high = self.span(level)
        found = self.index.matches(level).slots[low:high]
        shift = self.span(self.index.plan.levels[level].of)[0]
        return np.where(found < 0, found, found - shift)

    def real_points(self, axis: str, level: str) -> Array:
        """Which points of an axis of distinct values are no padding: 1 or 0. Shape (rows, points)."""
        values, counts = self.points[axis]
        within = self.index.plan.axes[axis].within
        if level != within:
            parent = self.parent(level, within)
            counts = np.where(parent < 0, 0, counts.take(parent, mode="clip"))
        return (np.arange(values.shape[1]) < counts[:, None]).astype(np.float64)

    def members(self, fine: str, coarse: str) -> Segments:
        """The rows of `fine` as members of the rows of `coarse`."""
        found = self.segments.get((fine, coarse))
        if found is None:
            found = self._runs(fine, coarse)
            if found is None:
                parent = self.parent(fine, coarse)
                if fine == coarse:
                    parent = np.arange(self.size(fine), dtype=np.int64)
                found = segments_of(parent, self.size(coarse), self.runs)
            self.segments[fine, coarse] = found
        return found

    def _runs(self, fine: str, coarse: str) -> Segments | None:
        """The members that stand group by group, as a slice of the runs of the whole."""
        if fine not in self.spans or coarse not in self.spans:
            return None
        runs = self.index.runs_of(fine, coarse)
        if runs is None:
            return None
        low, high = self.spans[coarse]
        return segments_between(runs[low : high + 1] - self.spans[fine][0], self.runs)

    def unknown(self, level: str) -> Truth | None:
        """The groups whose key is not known; None where there are none, as a rule. Shape (rows,)."""
        if level == "" or self.index.plan.levels[level].kind != "group":
            return None
        if level not in self.unknowns:
            keys = self.index.edge(level, self.index.key_level(level))
            low, high = self.span(level)
            found: Truth = keys[low:high] == UNKNOWN
            self.unknowns[level] = found if found.any() else None
        return self.unknowns[level]


def whole(index: Index, columns: dict[tuple[str, str], OwnedColumn], runs: type[Runs] = Runs) -> Block:
    """All accounts as one block."""
    return Block(index, columns, {}, runs=runs)


def cut(
    index: Index,
    columns: dict[tuple[str, str], OwnedColumn],
    ranges: list[tuple[int, int]],
    runs: type[Runs] = Runs,
) -> Iterator[Block]:
    """Blocks for ranges of accounts, first up to last (not included), one at a time."""
    owned = [name for name in index.levels if index.owned(name)]
    bounds = {name: index.first_rows(name) for name in owned}
    for a, b in ranges:
        spans = {name: (int(bounds[name][a]), int(bounds[name][b])) for name in owned}
        yield Block(index, columns, spans, runs=runs)


def rows_for(points: int, most: int = BLOCK_ROWS) -> int:
    """How many positions a block has where values have so many points, `most` where they have few."""
    return min(most, max(FEWEST_ROWS, BLOCK_CELLS // max(1, points)))


def ranges_of(index: Index, base: list[str], rows: int = BLOCK_ROWS) -> list[tuple[int, int]]:
    """Ranges of accounts that hold about `rows` rows of the finest tables each, whole accounts only."""
    accounts = index.size("account")
    held = np.arange(accounts + 1, dtype=np.int64)
    for name in base:
        held = held + index.first_rows(name)
    limits = np.arange(0, int(held[-1]) + rows, rows)
    edges = np.unique(np.searchsorted(held, limits).clip(0, accounts))
    if len(edges) < 2:
        return [(0, accounts)]
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
