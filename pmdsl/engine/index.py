"""Levels at run time: their rows, what these are called, and the row of a coarser level each belongs to.

A parent index is an array with one entry a row: a row of the coarser level, -1 where it is not known
(poison), or -2 where the row has none (a group that takes only some members).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from pmdsl.engine.columns import moment_of, plain
from pmdsl.engine.words import Array, Codes, Interner, Number
from pmdsl.plan.nodes import Level, Plan

UNKNOWN = -1
NOT_A_MEMBER = -2
OWNED = ("table", "account", "group", "match")


@dataclass(frozen=True, eq=False)
class Matches:
    """What the rows of a level of matches are made of.

    `pattern` is the number of each row's pattern, -1 for a position that no pattern of one slot takes.
    `slots` are rows of the `of` level, -1 where the pattern has no such slot; `contracts` how many of each
    the smallest match takes. Shapes (rows,), (rows, slots), (rows, slots).
    `doubted` are pairs of a pattern and a group in which it cannot be told what it takes, `crowded` those of
    which there are too many matches.
    """

    pattern: Codes
    slots: Codes
    contracts: Number
    doubted_pattern: Codes
    doubted_group: Codes
    crowded_pattern: Codes
    crowded_group: Codes


@dataclass(frozen=True, eq=False)
class Rows:
    """A level with rows: how many, what they are called where they have names, and the parts of each key.

    `source` are the rows of the book's table behind an entity or an input table; `first` is for a key the
    first row that carries it, and `alone` says which keys are a row of their own. The parts of a pair are its
    two keys.
    """

    level: Level
    size: int
    names: Sequence[str] = ()
    parts: tuple[Array, ...] = ()
    source: Codes | None = None
    ids: Mapping[str, int] = field(default_factory=dict)
    first: Codes | None = None
    alone: Array | None = None
    matches: Matches | None = None


@dataclass(eq=False)
class Index:
    """The levels built so far and the edges between them; composed parents are kept.

    `runs` has for a level whose rows stand group by group where the rows of each group begin, and the end.
    Such an edge is None until somebody asks `edge` for it: the runs say as much in less room.
    """

    plan: Plan
    interner: Interner
    levels: dict[str, Rows] = field(default_factory=dict)
    edges: dict[tuple[str, str], Codes | None] = field(default_factory=dict)
    composed: dict[tuple[str, str], Codes] = field(default_factory=dict)
    runs: dict[tuple[str, str], Codes] = field(default_factory=dict)
    firsts: dict[str, Codes] = field(default_factory=dict)

    def copy(self) -> Index:
        """An index that grows on its own from here."""
        return replace(
            self,
            levels=dict(self.levels),
            edges=dict(self.edges),
            composed=dict(self.composed),
            runs=dict(self.runs),
            firsts={},
        )

    def size(self, level: str) -> int:
        """The number of rows of a level."""
        return 1 if level == "" else self.levels[level].size

    def owned(self, level: str) -> bool:
        """Whether the rows of a level belong to accounts."""
        return level != "" and self.plan.levels[level].kind in OWNED

    def label(self, level: str, row: int) -> str:
        """What people call a row."""
        if level == "":
            return ""
        rows = self.levels[level]
        return rows.names[row] if rows.names else LABELS[rows.level.kind](self, rows, row)

    def edge(self, fine: str, coarse: str) -> Codes:
        """The parents along one edge. Shape (rows of fine,). KeyError where there is none."""
        found = self.edges[fine, coarse]
        if found is None:
            runs = self.runs[fine, coarse]
            found = np.repeat(np.arange(len(runs) - 1, dtype=np.int64), np.diff(runs))
            self.edges[fine, coarse] = found
        return found

    def entity_of(self, key: str) -> Codes:
        """The row of the entity whose id is the key, -1 where the book has none. Shape (keys,)."""
        ids = self.levels[self.plan.levels[key].entity].ids
        part = self.levels[key].parts[0]
        found = (ids.get(self.interner.text(int(code)), UNKNOWN) for code in part.tolist())
        return np.fromiter(found, dtype=np.int64, count=len(part))

    def matches(self, level: str) -> Matches:
        """What the rows of a level of matches are made of."""
        found = self.levels[level].matches
        assert found is not None
        return found

    def key_level(self, group: str) -> str:
        """The key level of a group."""
        return key_of(self.plan, group)

    def first_rows(self, level: str) -> Codes:
        """Where the rows of each account begin in an owned level, and the end. Shape (accounts + 1,)."""
        if level not in self.firsts:
            accounts = np.arange(self.size("account") + 1)
            if level == "account":
                self.firsts[level] = accounts
            else:
                held = np.bincount(self.parent(level, "account"), minlength=len(accounts) - 1)
                self.firsts[level] = np.concatenate([[0], np.cumsum(held)]).astype(np.int64, copy=False)
        return self.firsts[level]

    def runs_of(self, fine: str, coarse: str) -> Codes | None:
        """Where the rows of each row of `coarse` begin in `fine`, and the end; None where they do not stand
        together. Shape (rows of coarse + 1,).
        """
        if coarse == "account" and self.owned(fine):
            return self.first_rows(fine)
        if (fine, coarse) not in self.runs:
            path = self.path(fine, coarse)
            if not path or any(step not in self.runs for step in path):
                return None
            found = self.runs[path[-1]]
            for step in path[-2::-1]:
                found = self.runs[step][found]
            self.runs[fine, coarse] = found
        return self.runs[fine, coarse]

    def rows_of(self, account: int, level: str) -> Codes:
        """The rows of a level that concern an account: its own, or those above its positions or other rows.

        All rows of a shared level that lies above none of these.
        """
        if level == "":
            return np.zeros(1, dtype=np.int64)
        if self.owned(level):
            first = self.first_rows(level)
            return np.arange(first[account], first[account + 1])
        base = self.base_of(level)
        if base is None:
            return np.arange(self.size(level))
        first = self.first_rows(base)
        above = self.parent(base, level)[int(first[account]) : int(first[account + 1])]
        return np.unique(above[above >= 0])

    def base_of(self, level: str) -> str | None:
        """The table of accounts whose rows lie below a shared level; None where there is none."""
        tables = [name for name in self.levels if self.plan.levels[name].kind == "table"]
        return next((name for name in tables if self.path(name, level) is not None), None)

    def parent(self, fine: str, coarse: str) -> Codes:
        """The row of `coarse` of each row of `fine`. Shape (rows of fine,). KeyError for no way."""
        found = self.composed.get((fine, coarse))
        if found is None:
            found = self._along(fine, coarse)
            if found is None:
                found = self._through_members(fine, coarse)
            self.composed[fine, coarse] = found
        return found

    def _along(self, fine: str, coarse: str) -> Codes | None:
        path = self.path(fine, coarse)
        if path is None:
            return None
        if not path:
            return np.arange(self.size(fine), dtype=np.int64)
        # From the far end: what lies between shared levels is small, and the rows of accounts come last.
        found = self.edge(*path[-1])
        for step in path[-2::-1]:
            found = compose(self.edge(*step), found)
        return found

    def lifted(self, fine: str, coarse: str) -> tuple[Codes, Codes | None]:
        """A parent index in two parts, for whoever wants it range by range and not as one more array of all
        rows: the first step, and what lies above it (None: nothing does). KeyError for no way.
        """
        if (fine, coarse) not in self.composed:
            path = self.path(fine, coarse)
            if path and len(path) > 1:
                above = self.edge(*path[-1])
                for step in path[-2:0:-1]:
                    above = compose(self.edge(*step), above)
                return self.edge(*path[0]), above
            if path is None and self.plan.levels[fine].kind == "group":
                keys, above = self.edge(fine, key_of(self.plan, fine)), self._of_key(fine, coarse)
                if (above >= 0).all() and (keys >= 0).all():
                    return keys, above
        return self.parent(fine, coarse), None

    def path(self, fine: str, coarse: str, without: Collection[str] = ()) -> list[tuple[str, str]] | None:
        """The shortest chain of edges that meets none of some levels, the earliest built among equals."""
        before: dict[str, tuple[str, str] | None] = {fine: None}
        queue = deque([fine])
        while queue and coarse not in before:
            here = queue.popleft()
            for edge in self.edges:
                if edge[0] == here and edge[1] not in before and edge[1] not in without:
                    before[edge[1]] = edge
                    queue.append(edge[1])
        if coarse not in before:
            return None
        steps: list[tuple[str, str]] = []
        at: tuple[str, str] | None = before[coarse]
        while at is not None:
            steps.append(at)
            at = before[at[0]]
        return steps[::-1]

    def _through_members(self, fine: str, coarse: str) -> Codes:
        """Where there is no chain of edges, the members must agree about their parent."""
        level = self.plan.levels[fine]
        if level.kind == "pair":
            return compose(self.edge(fine, level.of), self.parent(level.of, coarse))
        if level.kind not in ("group", "key"):
            raise KeyError((fine, coarse))
        if level.kind == "group":
            # Where all members of the key agree, so do those that are held.
            of_key = compose(self.edge(fine, key_of(self.plan, fine)), self._of_key(fine, coarse))
            if (of_key >= 0).all():
                return of_key
        members = self.parent(level.of, coarse)
        groups = self.parent(level.of, fine)
        return agreed(members, groups, self.size(fine))

    def _of_key(self, group: str, coarse: str) -> Codes:
        """The row of `coarse` of each key of a group, unknown where its members differ or there is no way."""
        key = key_of(self.plan, group)
        try:
            return self.parent(key, coarse)
        except KeyError:
            return np.full(self.size(key), UNKNOWN)


def compose(first: Codes, second: Codes) -> Codes:
    """The parent of the parent; what is below zero stays as it is."""
    if len(second) == 0:
        return np.minimum(first, UNKNOWN)
    found = second.take(first, mode="clip")
    lost = first < 0
    return np.where(lost, first, found) if lost.any() else found


def agreed(values: Codes, groups: Codes, size: int) -> Codes:
    """The one value of the members of each group, or unknown where they differ. Shape (size,)."""
    high = np.full(size, np.iinfo(np.int64).min)
    low = np.full(size, np.iinfo(np.int64).max)
    inside = groups >= 0
    np.maximum.at(high, groups[inside], values[inside])
    np.minimum.at(low, groups[inside], values[inside])
    return np.where(low == high, low, UNKNOWN)


def key_of(plan: Plan, group: str) -> str:
    """The key level of a group."""
    return plan.levels[group].key or f"{group}.key"


def _key_label(index: Index, rows: Rows, row: int) -> str:
    assert rows.first is not None
    assert rows.alone is not None
    if rows.alone[row]:
        return index.label(rows.level.of, int(rows.first[row]))
    bases = [index.plan.nodes[node].base for node in rows.level.keys]
    return " ".join(said(index, part[row], base) for part, base in zip(rows.parts, bases, strict=True))


def _group_label(index: Index, rows: Rows, row: int) -> str:
    key = index.key_level(rows.level.name)
    at = int(index.edge(rows.level.name, key)[row])
    return index.label(key, at) if at >= 0 else "unknown"


def _pair_label(index: Index, rows: Rows, row: int) -> str:
    first, second = (index.label(rows.level.of, int(part[row])) for part in rows.parts[:2])
    return f"{first} and {second}"


def _table_label(index: Index, rows: Rows, row: int) -> str:
    name = rows.level.name
    if (name, "instrument") in index.edges:
        return index.label("instrument", int(index.edge(name, "instrument")[row]))
    return f"row {row + 1 if rows.source is None else int(rows.source[row]) + 1} of {name}"


def _match_label(index: Index, rows: Rows, row: int) -> str:
    assert rows.matches is not None
    number = int(rows.matches.pattern[row])
    legs = [index.label(rows.level.of, leg) for leg in rows.matches.slots[row].tolist() if leg >= 0]
    pattern = rows.level.patterns[number].name if number >= 0 else "nothing"
    return f"{pattern} of {', '.join(legs)}"


LABELS: Mapping[str, Callable[[Index, Rows, int], str]] = {
    "key": _key_label,
    "group": _group_label,
    "pair": _pair_label,
    "match": _match_label,
    "table": _table_label,
    "entity": _table_label,
    "account": _table_label,
}


def said(index: Index, value: float, base: str) -> str:
    """A value as people write it."""
    if base == "text":
        return index.interner.text(int(value))
    if base == "date":
        return date.fromordinal(int(value)).isoformat()
    if base == "moment":
        return moment_of(value)
    if base == "bool":
        return "yes" if value == 1 else "no"
    return plain(float(value))
