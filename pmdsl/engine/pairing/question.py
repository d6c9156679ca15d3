"""What a pairing is asked: candidates with what they take and charge, and what is held.

R rows of matches, P positions, G groups, W slots, K objectives.
"""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.engine.words import Array, Codes, Number, Truth


@dataclass(frozen=True, eq=False)
class Pool:
    """A pool: the group of each row (-1: no member), its sides, and what balances them. Shapes (R,).

    Within a group and each value of `balanced` the sizes of longs and shorts are equal. For each value of
    `same`, and each `bound` of a short, the shorts at or beyond it are no more than the longs.
    """

    group: Codes
    long: Truth
    short: Truth
    size: Number
    balanced: tuple[Array, ...] = ()
    same: tuple[Array, ...] = ()
    bound: Array | None = None
    upward: bool = True


@dataclass(frozen=True, eq=False)
class Scan:
    """A worst case: for each group of a pool, the largest loss over some points, 0 at the least.

    `values` are gains of one contract of each member, `real` the points that count. Shapes (R, points).
    """

    pool: int
    objectives: tuple[int, ...]
    values: Number
    real: Truth


@dataclass(frozen=True, eq=False)
class Question:
    """The candidates of all groups, for one point of all axes.

    `slots` are positions (-1: no such slot) and `taken` how many contracts of each one match takes, shapes
    (R, W). `single` are rows of one slot in no pool, `usable` those that may be taken. `charges` has shape
    (R, K). `home` is the group of each position, below zero for one that needs no match.
    """

    groups: int
    group: Codes
    slots: Codes
    taken: Number
    single: Truth
    usable: Truth
    charges: Number
    home: Codes
    held: Number
    pools: tuple[Pool, ...] = ()
    scans: tuple[Scan, ...] = ()
