"""Levels of matches: the ways in which positions of one group can fill the slots of patterns.

Candidates are found pattern by pattern, for all groups at once: partial matches grow slot by slot. Equal
values are joined by sorting, other comparisons by filtering.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from pmdsl.diagnostics import PmdslError
from pmdsl.engine.index import Index, Matches, Rows
from pmdsl.engine.joins import common_codes, expanded, partners
from pmdsl.engine.levels import poisoned
from pmdsl.engine.measures import smallest_whole
from pmdsl.engine.words import Array, Codes, Number, Truth
from pmdsl.plan.limits import MOST_MATCHES
from pmdsl.plan.nodes import Join, Level, Pattern

MOST_OF_GROUP = 1_000_000
COMPARE: Mapping[str, Callable[[Array, Array], Array]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
Values = Sequence[Array]


def add_matches(index: Index, name: str, values: Values) -> None:
    """A level of matches. Rows are sorted by group (and so by account), pattern and legs.

    `values` are those of the level's keys, one entry for each row of its `of` level.
    """
    level = index.plan.levels[name]
    group, groups = index.parent(level.of, level.within), index.size(level.within)
    found = [candidates(pattern, values, group, groups) for pattern in level.patterns]
    width = max((len(pattern.slots) for pattern in level.patterns), default=1)
    parts = [padded(legs, width) for legs, _ in found]
    alone = untaken(level.patterns, [legs for legs, _ in found], group)
    numbers = [np.full(len(legs), number) for number, legs in enumerate(parts)]
    slots = np.concatenate([padded(alone[:, None], width), *parts])
    pattern = np.concatenate([np.full(len(alone), -1), *numbers]).astype(np.int64)
    order = np.lexsort((*slots.T[::-1], pattern, group[slots[:, 0]]))
    slots, pattern = slots[order], pattern[order]
    crowded = [(number, rows) for number, (_, rows) in enumerate(found)]
    doubted = list(doubts(level.patterns, values, group, groups))
    contracts = measured(level, pattern, slots, values)
    matches = Matches(pattern, slots, contracts, *flat(doubted), *flat(crowded))
    index.levels[name] = Rows(level, len(pattern), matches=matches)
    index.edges[name, level.within] = group[slots[:, 0]]
    index.edges[name, "account"] = index.parent(level.of, "account")[slots[:, 0]]


def padded(legs: Codes, width: int) -> Codes:
    """Legs with -1 for the slots that a pattern lacks. Shapes (rows, slots) -> (rows, width)."""
    found = np.full((len(legs), width), -1, dtype=np.int64)
    found[:, : legs.shape[1]] = legs
    return found


def flat(pairs: Sequence[tuple[int, Codes]]) -> tuple[Codes, Codes]:
    """Patterns, each with some groups, as two columns."""
    numbers = [np.full(len(rows), number) for number, rows in pairs]
    none = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate([none, *numbers]).astype(np.int64),
        np.concatenate([none, *(rows for _, rows in pairs)]).astype(np.int64),
    )


def measured(level: Level, pattern: Codes, slots: Codes, values: Values) -> Number:
    """How many contracts of each slot the smallest match takes: 1 in a pattern of one slot."""
    counted = np.zeros((len(level.patterns) + 1, slots.shape[1]), dtype=bool)
    for number, known in enumerate(level.patterns):
        counted[number, : len(known.slots)] = [slot.counted for slot in known.slots]
    several = (slots >= 0).sum(axis=1) > 1
    counting = (slots >= 0) & ~(counted[pattern] & several[:, None])
    sizes = np.ones(slots.shape)
    if level.size >= 0 and len(slots):
        sizes[several] = values[level.size][slots[several]]
    return smallest_whole(sizes, counting)


def untaken(patterns: Sequence[Pattern], found: Sequence[Codes], group: Codes) -> Codes:
    """The positions in groups that no pattern of one slot outside of pools takes."""
    taken = group < 0
    for pattern, legs in zip(patterns, found, strict=True):
        if len(pattern.slots) == 1 and not pattern.pool:
            taken[legs[:, 0]] = True
    return np.flatnonzero(~taken).astype(np.int64)


# ---- candidates --------------------------------------------------------------------------------------------


def candidates(pattern: Pattern, values: Values, group: Codes, groups: int) -> tuple[Codes, Codes]:
    """The matches of a pattern as far as they are certain, and the groups that have too many of them.

    Shapes (matches, slots) and (crowded groups,).
    """
    fitting = [fits(pattern, number, values, group) for number in range(len(pattern.slots))]
    rows = among(fitting[0], group, fitting[1:], groups)
    legs = rows[:, None]
    crowded = np.zeros(groups, dtype=bool)
    for number in range(1, len(pattern.slots)):
        legs = extended(pattern, legs, np.flatnonzero(fitting[number]), values, group, crowded)
    return legs, np.flatnonzero(crowded).astype(np.int64)


def among(first: Truth, group: Codes, others: Sequence[Truth], groups: int) -> Codes:
    """The positions for the first slot, in groups that have some for each other slot."""
    live = np.ones(groups, dtype=bool)
    for other in others:
        live &= np.bincount(group[other], minlength=groups) > 0
    rows = np.flatnonzero(first)
    return rows[live[group[rows]]].astype(np.int64)


def fits(pattern: Pattern, number: int, values: Values, group: Codes) -> Truth:
    """Which positions certainly may fill a slot, all that is compared of them being known."""
    found: Truth = (group >= 0) & (values[pattern.slots[number].taken] == 1)
    for place in compared(pattern, number):
        found = found & ~poisoned(values[place])
    return found


def compared(pattern: Pattern, number: int) -> tuple[int, ...]:
    """The places of what is compared of the position in a slot."""
    if len(pattern.slots) == 1:
        return ()
    joined = [(join.slots[0], join.left) for join in pattern.joins]
    joined += [(join.slots[1], join.right) for join in pattern.joins]
    return tuple(dict.fromkeys((*pattern.same, *(place for slot, place in joined if slot == number))))


def extended(
    pattern: Pattern, legs: Codes, rows: Codes, values: Values, group: Codes, crowded: Truth
) -> Codes:
    """Partial matches with one slot more. Groups that grow too large are marked and dropped."""
    number = legs.shape[1]
    joins = [join for join in pattern.joins if max(join.slots) == number]
    left, right = [group[legs[:, 0]]], [group[rows]]
    for place in pattern.same:
        left.append(values[place][legs[:, 0]])
        right.append(values[place][rows])
    for join in joins:
        if join.op == "eq":
            here, there = (join.left, join.right) if join.slots[0] == number else (join.right, join.left)
            left.append(values[there][legs[:, min(join.slots)]])
            right.append(values[here][rows])
    order, begin, count = partners(*common_codes(left, right))
    crowded |= np.bincount(left[0], weights=count, minlength=len(crowded)) > MOST_OF_GROUP
    count = np.where(crowded[left[0]], 0, count)
    if int(count.sum()) > MOST_MATCHES:
        message = f"the pattern `{pattern.name}` would be tried on {int(count.sum()):.1e} combinations"
        raise PmdslError.single("PM528", message, hint="value the book in parts")
    partial, place_of = expanded(order, begin, count)
    found = np.column_stack([legs[partial], rows[place_of]])
    return found[kept(found, joins, values)]


def kept(found: Codes, joins: Sequence[Join], values: Values) -> Truth:
    """The partial matches whose positions differ and whose last slot meets its conditions."""
    last = found[:, -1]
    good = np.ones(len(found), dtype=bool)
    for slot in range(found.shape[1] - 1):
        good &= found[:, slot] != last
    for join in joins:
        if join.op != "eq":
            one, other = (found[:, slot] for slot in join.slots)
            good &= COMPARE[join.op](values[join.left][one], values[join.right][other])
    return good


# ---- what cannot be told -----------------------------------------------------------------------------------


def mattering(pattern: Pattern, values: Values, group: Codes, groups: int) -> Iterator[tuple[int, Truth]]:
    """Places of keys, each with the positions at which their value decides what a pattern can take.

    What is asked of one slot does not matter in a group that has nothing for another slot.
    """
    open_ = [(group >= 0) & (values[slot.taken] != 0) for slot in pattern.slots]
    for number, slot in enumerate(pattern.slots):
        rest = [some for other, some in enumerate(open_) if other != number]
        others = np.ones(groups, dtype=bool)
        for some in rest:
            others &= np.bincount(group[some], minlength=groups) > 0
        inside = (group >= 0) & others[np.maximum(group, 0)]
        yield slot.taken, inside
        for place in compared(pattern, number):
            yield place, inside & (values[slot.taken] == 1)


def doubts(
    patterns: Sequence[Pattern], values: Values, group: Codes, groups: int
) -> Iterator[tuple[int, Codes]]:
    """For each pattern the groups in which it cannot be told what it takes."""
    for number, pattern in enumerate(patterns):
        marked = np.zeros(groups, dtype=bool)
        for place, where in mattering(pattern, values, group, groups):
            marked[group[where & poisoned(values[place])]] = True
        yield number, np.flatnonzero(marked).astype(np.int64)
