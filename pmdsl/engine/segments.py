"""Members of groups as contiguous runs, and what is reduced over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pmdsl.engine.sums import Runs
from pmdsl.engine.words import Array, Codes, Number


@dataclass(frozen=True, eq=False)
class Segments:
    """The members of each of `size` groups.

    Taken in `order` (None: as they stand), the members of group `rows[k]` (None: of group k) begin at
    `starts[k]` and end where the next begin; there are `total` members. Groups without members have no
    segment. `kind` says who adds up.
    """

    size: int
    total: int
    starts: Codes
    rows: Codes | None = None
    order: Codes | None = None
    single: bool = False
    kind: type[Runs] = Runs

    @cached_property
    def runs(self) -> Runs:
        """The members of the groups that have some, as runs."""
        return self.kind(self.starts, self.total)

    def members(self, x: Array) -> Array:
        """The values of the members in the order of the segments."""
        return x if self.order is None else x[self.order]

    def spread(self, found: Number, fill: float) -> Number:
        """One value a segment to one value a group, `fill` for the groups without members."""
        if self.rows is None:
            return found
        full = np.full((self.size, *found.shape[1:]), fill)
        full[self.rows] = found
        return full

    def reduce(self, ufunc: np.ufunc, x: Number, fill: float) -> Number:
        """The reduction of the members of each group. Shapes (members, ...) -> (groups, ...)."""
        taken = self.members(x)
        if len(self.starts) == 0:
            return np.full((self.size, *x.shape[1:]), fill)
        if self.single:
            return self.spread(taken, fill)
        if ufunc is np.add:
            return self.spread(self.runs.sums(taken), fill)
        return self.spread(ufunc.reduceat(taken, self.starts, axis=0), fill)

    def counts(self) -> Codes:
        """How many members each group has. Shape (groups,)."""
        return np.bincount(self.group_of_members(), minlength=self.size).astype(np.int64)

    def group_of_members(self) -> Codes:
        """The group of each member, in the order of the segments."""
        found = self.runs.run_of_row
        return found if self.rows is None else self.rows[found]


def segments_between(edges: Codes, kind: type[Runs] = Runs) -> Segments:
    """The segments of members that stand group by group: group k between edges[k] and edges[k + 1]."""
    size, total = len(edges) - 1, int(edges[-1])
    starts, rows = edges[:-1], None
    held = edges[1:] > starts
    if not held.all():
        rows = np.flatnonzero(held)
        starts = starts[rows]
    return Segments(size, total, starts, rows, None, len(starts) == total, kind)


def segments_of(parent: Codes, size: int, kind: type[Runs] = Runs) -> Segments:
    """The segments of members whose groups are `parent` (below zero: of none)."""
    n = len(parent)
    order: Codes | None = None
    if n and (parent[0] < 0 or (parent[1:] < parent[:-1]).any()):
        order = np.argsort(parent, kind="stable").astype(np.int64)
        order = order[int((parent < 0).sum()) :]
        parent = parent[order]
        n = len(parent)
    change = np.ones(n, dtype=bool)
    change[1:] = parent[1:] != parent[:-1]
    starts = np.flatnonzero(change).astype(np.int64)
    rows = parent[starts]
    full = len(rows) == size
    return Segments(size, n, starts, None if full else rows, order, len(starts) == n, kind)
