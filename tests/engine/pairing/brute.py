"""A slow and obvious pairing: every whole number of every match is tried.

A group is plain data: whole amounts, so that equal totals are equal. Positions are numbered from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Way:
    """A match: its legs, the contracts it takes of each, its charges; and what it is in a pool."""

    legs: tuple[int, ...]
    contracts: tuple[int, ...]
    charges: tuple[int, ...]
    side: str = ""
    size: int = 1
    balanced: int = 0
    same: int = 0
    bound: int = 0
    gains: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Group:
    """What is held of each position, and the ways to take it. A pool is balanced, needs longs, or both.

    `scans` are for each scan the objectives that it counts in.
    """

    held: tuple[Fraction, ...]
    ways: tuple[Way, ...]
    scans: tuple[tuple[int, ...], ...] = ()
    balanced: bool = True
    bounded: bool = True
    upward: bool = True
    objectives: int = 1


@dataclass(frozen=True, order=True)
class Found:
    """A pairing as it is ranked: totals, how many matches, and then most of the first."""

    totals: tuple[int | Fraction, ...]
    matches: Fraction
    less: tuple[int, ...] = field(default=())


def is_single(way: Way) -> bool:
    return len(way.legs) == 1 and not way.side


def alone(group: Group, position: int) -> int | None:
    """The way that takes a position alone: the cheapest, the first among equals."""
    ways = [k for k, way in enumerate(group.ways) if is_single(way) and way.legs[0] == position]
    return min(ways, key=lambda k: (group.ways[k].charges, k), default=None)


def search(group: Group) -> list[Fraction] | None:
    """How often each way is taken in the best pairing; None where a position cannot be taken."""
    singles = [alone(group, position) for position in range(len(group.held))]
    if any(k is None and held for k, held in zip(singles, group.held, strict=True)):
        return None
    several = [k for k, way in enumerate(group.ways) if not is_single(way)]
    best: tuple[Found, list[Fraction]] | None = None
    for counts in every(group, several, list(group.held)):
        if not balanced(group, several, counts):
            continue
        taken = completed(group, several, counts, singles)
        rank = Found(totals(group, taken), sum(taken, Fraction(0)), tuple(-n for n in counts))
        if best is None or rank < best[0]:
            best = rank, taken
    assert best is not None
    return best[1]


def every(group: Group, several: list[int], left: list[Fraction]) -> Iterator[tuple[int, ...]]:
    """All whole numbers of the matches of several legs and the members of pools that what is held allows."""
    if not several:
        yield ()
        return
    way = group.ways[several[0]]
    most = min(int(left[leg] // n) for leg, n in zip(way.legs, way.contracts, strict=True))
    for count in range(most + 1):
        rest = list(left)
        for leg, n in zip(way.legs, way.contracts, strict=True):
            rest[leg] -= n * count
        for others in every(group, several[1:], rest):
            yield (count, *others)


def balanced(group: Group, several: list[int], counts: tuple[int, ...]) -> bool:
    """Whether the pool is balanced, and each short has its long."""
    members = [(group.ways[k], n) for k, n in zip(several, counts, strict=True) if group.ways[k].side]

    def size(side: str, key: str, value: int, bound: int | None = None) -> int:
        return sum(
            way.size * n
            for way, n in members
            if way.side == side
            and getattr(way, key) == value
            and (bound is None or (way.bound >= bound if group.upward else way.bound <= bound))
        )

    if group.balanced:
        values = {way.balanced for way, _ in members}
        if any(size("long", "balanced", v) != size("short", "balanced", v) for v in values):
            return False
    shorts = {(way.same, way.bound if group.bounded else None) for way, _ in members if way.side == "short"}
    return all(size("short", "same", s, b) <= size("long", "same", s, b) for s, b in shorts)


def completed(
    group: Group, several: list[int], counts: tuple[int, ...], singles: list[int | None]
) -> list[Fraction]:
    """Every position taken exactly: what is left goes to the way that takes it alone."""
    taken = [Fraction(0)] * len(group.ways)
    left = list(group.held)
    for k, count in zip(several, counts, strict=True):
        taken[k] = Fraction(count)
        for leg, n in zip(group.ways[k].legs, group.ways[k].contracts, strict=True):
            left[leg] -= n * count
    for single, rest in zip(singles, left, strict=True):
        if single is not None:
            taken[single] = rest
    return taken


def totals(group: Group, taken: list[Fraction]) -> tuple[Fraction, ...]:
    """Each amount: charges, and the worst case of each scan that counts in it."""
    found = []
    for k in range(group.objectives):
        total = sum((way.charges[k] * n for way, n in zip(group.ways, taken, strict=True)), Fraction(0))
        for scan, objectives in enumerate(group.scans):
            if k in objectives:
                points = {len(way.gains[scan]) for way in group.ways if way.side}
                losses = [
                    -sum(
                        way.gains[scan][at] * n for way, n in zip(group.ways, taken, strict=True) if way.side
                    )
                    for at in range(max(points, default=0))
                ]
                total += max([Fraction(0), *losses])
        found.append(total)
    return tuple(found)
