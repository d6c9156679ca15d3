"""The cheapest way to put whole contracts into combinations, by trying every way.

Positions are numbered from 0. A `Way` takes so many contracts of each of its positions and charges so much
for it; the ways of one position alone are among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import lcm


@dataclass(frozen=True)
class Way:
    """What one combination takes, by position, and what it is charged."""

    takes: tuple[tuple[int, int], ...]
    charge: Fraction


def equal_sizes(legs: Sequence[int], multipliers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The fewest contracts of some positions that are of one size."""
    size = lcm(*(multipliers[leg] for leg in legs))
    return tuple((leg, size // multipliers[leg]) for leg in legs)


def cheapest(held: tuple[int, ...], ways: Sequence[Way]) -> Fraction:
    """The least that can be charged for all that is held."""

    @cache
    def least(left: tuple[int, ...]) -> Fraction:
        first = next((position for position, count in enumerate(left) if count), None)
        if first is None:
            return Fraction(0)
        found = []
        for way in ways:
            takes = dict(way.takes)
            if first in takes and all(left[position] >= count for position, count in takes.items()):
                rest = tuple(count - takes.get(position, 0) for position, count in enumerate(left))
                found.append(way.charge + least(rest))
        return min(found)

    return least(held)
