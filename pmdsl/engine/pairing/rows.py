"""The rows of a program: what is held of each position, and what balances each pool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pmdsl.engine.joins import codes, equal_pairs
from pmdsl.engine.pairing.columns import Columns, room
from pmdsl.engine.pairing.question import Pool, Question
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Number


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows `sum value * x <= right`, or equal: entries and right sides. Shapes (entries,) and (rows,).

    `variable` counts the columns first, then worst cases. `worst` (rows,) is the worst case that a row bounds
    from below, -1 for none.
    """

    row: Codes
    variable: Codes
    value: Number
    right: Number
    worst: Codes
    equal: bool = False


def plain_rows(row: Codes, variable: Codes, value: Number, right: Number, equal: bool = False) -> Rows:
    """Rows that bound no worst case."""
    return Rows(row, variable, value, right, np.full(len(right), -1, dtype=np.int64), equal)


def position_rows(question: Question, columns: Columns) -> Rows:
    """No more than is held of each position that several columns take of.

    Where whole numbers are taken, what is held beyond a whole number helps no one.
    """
    inside = columns.legs >= 0
    position, column = columns.legs[inside], np.nonzero(inside)[0]
    contracts = columns.contracts[inside]
    size = len(question.held)
    several = np.bincount(position, minlength=size) > 1
    whole = sums(position, contracts != np.rint(contracts), size) == 0
    kept = several[position]
    number = np.cumsum(several) - 1
    right = np.where(whole, np.floor(room(question.held)), question.held)[several]
    return plain_rows(number[position[kept]], column[kept], contracts[kept], right)


def pool_rows(question: Question, columns: Columns) -> Iterator[Rows]:
    """What balances each pool, and the longs that its shorts need."""
    for pool in question.pools:
        member = np.flatnonzero(pool.group[columns.row] >= 0).astype(np.int64)
        if len(member):
            if pool.balanced:
                yield balanced(pool, columns.row[member], member)
            yield needed(pool, columns.row[member], member)


def balanced(pool: Pool, rows: Codes, member: Codes) -> Rows:
    """Equal sizes of longs and shorts for each value of `balanced`."""
    key = codes([pool.group[rows], *(values[rows] for values in pool.balanced)])
    value = np.where(pool.long[rows], pool.size[rows], -pool.size[rows])
    return plain_rows(key, member, value, np.zeros(int(key.max()) + 1), equal=True)


def needed(pool: Pool, rows: Codes, member: Codes) -> Rows:
    """For each bound of a short, the shorts at or beyond it are no more than the longs.

    Bounds are nested, so that this is enough for each short to have its long (Hall's condition).
    """
    key = codes([pool.group[rows], *(values[rows] for values in pool.same)])
    bound = np.zeros(len(rows)) if pool.bound is None else pool.bound[rows]
    bound = bound if pool.upward else -bound
    short = pool.short[rows]
    at, first = np.unique(codes([key[short], bound[short]]), return_index=True)
    keys, bounds = key[short][first], bound[short][first]
    row, entry = equal_pairs(keys, key)
    beyond = bound[entry] >= bounds[row]
    row, entry = row[beyond], entry[beyond]
    value = np.where(short[entry], pool.size[rows[entry]], -pool.size[rows[entry]])
    return plain_rows(row, member[entry], value, np.zeros(len(at)))
