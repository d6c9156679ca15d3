"""A slow pairing of any size: one integer program for each amount, and then for each match, nothing reduced.

Amounts are whole and positions halves of contracts at the finest, so that totals that differ are at least a
half apart: each is held with a quarter to spare.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from pmdsl.engine.words import Array
from tests.engine.pairing.brute import Group, Way, alone, is_single

SPARE = 0.25


def in_turn(group: Group) -> list[Fraction]:
    """How often each way is taken: the amounts in turn, fewest matches, then most of what stands first."""
    singles = {alone(group, p) for p in range(len(group.held))}
    worst = [(scan, objectives) for scan, objectives in enumerate(group.scans)]
    ways, size = len(group.ways), len(group.ways) + len(worst)
    lines = [*positions(group, size), *pool(group, size)]
    for number in range(len(worst)):
        lines += losses(group, number, size)
    most = np.full(size, np.inf)
    for k, way in enumerate(group.ways):
        if is_single(way) and k not in singles:
            most[k] = 0.0
    costs = []
    for k in range(group.objectives):
        counts = [float(k in objectives) for _, objectives in worst]
        costs.append(np.array([*(float(way.charges[k]) for way in group.ways), *counts]))
    costs.append(np.append(np.ones(ways), np.zeros(len(worst))))
    several = [k for k, way in enumerate(group.ways) if not is_single(way)]
    costs += [-np.eye(size)[k] for k in several]
    whole = np.append([not is_single(way) for way in group.ways], np.zeros(len(worst))).astype(int)
    found = np.zeros(size)
    for cost in costs:
        matrix, low, high = (np.array(part) for part in zip(*lines, strict=True))
        answer = milp(
            cost,
            integrality=whole,
            bounds=Bounds(0.0, most),
            constraints=LinearConstraint(matrix, low, high),
            # Made smaller, some of these had no solution to HiGHS, which have one.
            options={"mip_rel_gap": 0.0, "presolve": False},
        )
        assert answer.status == 0
        found = answer.x
        lines.append((cost, -np.inf, float(answer.fun) + SPARE))
    taken = [Fraction(0)] * ways
    left = list(group.held)
    for k in several:
        taken[k] = Fraction(round(found[k]))
        for leg, n in zip(group.ways[k].legs, group.ways[k].contracts, strict=True):
            left[leg] -= n * taken[k]
    for position, rest in enumerate(left):
        single = alone(group, position)
        assert single is not None
        assert rest >= 0
        taken[single] = rest
    return taken


Line = tuple[Array, float, float]


def positions(group: Group, size: int) -> list[Line]:
    """Each position is taken exactly."""
    found = []
    for position, held in enumerate(group.held):
        line = np.zeros(size)
        for k, way in enumerate(group.ways):
            line[k] = sum(n for leg, n in zip(way.legs, way.contracts, strict=True) if leg == position)
        found.append((line, float(held), float(held)))
    return found


def pool(group: Group, size: int) -> list[Line]:
    """Longs and shorts of each value are equal where the pool is balanced, and each short has its long."""
    found: list[Line] = []
    members = [(k, way) for k, way in enumerate(group.ways) if way.side]
    for value in {way.balanced for _, way in members} if group.balanced else ():
        alike = [(k, way) for k, way in members if way.balanced == value]
        found.append((sizes(alike, size), 0.0, 0.0))
    for _, short in members:
        if short.side == "short":
            alike = [(k, way) for k, way in members if way.same == short.same and beyond(group, way, short)]
            found.append((sizes(alike, size), 0.0, np.inf))
    return found


def beyond(group: Group, way: Way, short: Way) -> bool:
    """Whether a way counts where a short needs its long."""
    if not group.bounded:
        return True
    return way.bound >= short.bound if group.upward else way.bound <= short.bound


def sizes(members: list[tuple[int, Way]], size: int) -> Array:
    """Longs less shorts."""
    line = np.zeros(size)
    for k, way in members:
        line[k] = way.size if way.side == "long" else -way.size
    return line


def losses(group: Group, scan: int, size: int) -> list[Line]:
    """At each point the worst case and the gains are no less than nothing."""
    found: list[Line] = []
    for point in range(max((len(way.gains[scan]) for way in group.ways if way.side), default=0)):
        line = np.zeros(size)
        line[len(group.ways) + scan] = 1.0
        for k, way in enumerate(group.ways):
            if way.side:
                line[k] = way.gains[scan][point]
        found.append((line, 0.0, np.inf))
    return found
