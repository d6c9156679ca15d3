"""Groups of plain data as the arrays that a pairing is asked with, and random groups."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from pmdsl.engine.pairing import Pool, Question, Scan
from tests.engine.pairing.brute import Group, Way, is_single


def question(groups: Sequence[Group], unit: Fraction = Fraction(1)) -> Question:
    """Some groups side by side, amounts in some unit.

    They must agree in their objectives, scans and in what their pools need.
    """
    first = groups[0]
    ways = [(g, way) for g, group in enumerate(groups) for way in group.ways]
    begin = np.cumsum([0, *(len(group.held) for group in groups)])
    width = max((len(way.legs) for _, way in ways), default=1)
    slots = np.full((len(ways), width), -1, dtype=np.int64)
    taken = np.full((len(ways), width), np.nan)
    for row, (g, way) in enumerate(ways):
        slots[row, : len(way.legs)] = [begin[g] + leg for leg in way.legs]
        taken[row, : len(way.legs)] = way.contracts
    group = np.array([g for g, _ in ways], dtype=np.int64)
    charges = np.array([[float(x * unit) for x in way.charges] for _, way in ways], dtype=np.float64)
    return Question(
        groups=len(groups),
        group=group,
        slots=slots,
        taken=taken,
        single=np.array([is_single(way) for _, way in ways], dtype=bool),
        usable=np.ones(len(ways), dtype=bool),
        charges=charges.reshape(len(ways), first.objectives),
        home=np.concatenate([np.full(len(g.held), k) for k, g in enumerate(groups)]).astype(np.int64),
        held=np.array([float(x) for g in groups for x in g.held]),
        pools=(pool(first, [way for _, way in ways], group),),
        scans=tuple(scan(first, k, [way for _, way in ways], unit) for k in range(len(first.scans))),
    )


def pool(like: Group, ways: list[Way], group: Any) -> Pool:
    sides = np.array([way.side for way in ways], dtype=object)
    return Pool(
        group=np.where(sides != "", group, -1).astype(np.int64),
        long=sides == "long",
        short=sides == "short",
        size=np.array([float(way.size) for way in ways]),
        balanced=(np.array([way.balanced for way in ways]),) if like.balanced else (),
        same=(np.array([way.same for way in ways]),),
        bound=np.array([float(way.bound) for way in ways]) if like.bounded else None,
        upward=like.upward,
    )


def scan(like: Group, number: int, ways: list[Way], unit: Fraction) -> Scan:
    points = max((len(way.gains[number]) for way in ways if way.side), default=1)
    values, real = np.full((len(ways), points), np.nan), np.zeros((len(ways), points), dtype=bool)
    for row, way in enumerate(ways):
        if way.side:
            values[row, : len(way.gains[number])] = [float(x * unit) for x in way.gains[number]]
            real[row, : len(way.gains[number])] = True
    return Scan(0, like.scans[number], values, real)


# ---- random groups -----------------------------------------------------------------------------------------


@st.composite
def likes(draw: Any) -> Group:
    """What groups that are asked about together agree in."""
    objectives = draw(st.integers(1, 3))
    scans = draw(st.lists(st.sets(st.integers(0, objectives - 1), min_size=1).map(tuple), max_size=2))
    return Group(
        (), (), tuple(scans), draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), objectives
    )


@st.composite
def groups(draw: Any, like: Group, positions: int = 5, most: int = 3) -> Group:
    """A group of few positions, small amounts and so many ties."""
    whole = st.integers(0, most).map(Fraction)
    odd = st.sampled_from([Fraction(1, 2), Fraction(5, 2)])
    held = draw(st.lists(st.one_of(whole, whole, whole, odd), min_size=1, max_size=positions))
    amount = st.lists(st.integers(0, 6), min_size=like.objectives, max_size=like.objectives).map(tuple)
    ways = [Way((p,), (1,), draw(amount)) for p in range(len(held))]
    ways += [Way((p,), (1,), draw(amount)) for p in range(len(held)) if draw(st.booleans())]
    for _ in range(draw(st.integers(0, 5)) if len(held) > 1 else 0):
        size = draw(st.integers(2, min(3, len(held))))
        legs = tuple(draw(st.permutations(range(len(held))))[:size])
        contracts = tuple(draw(st.sampled_from([1, 1, 1, 2])) for _ in legs)
        ways.append(Way(legs, contracts, draw(amount)))
    points = draw(st.integers(1, 3))
    gains = st.lists(st.integers(-4, 4), min_size=points, max_size=points).map(tuple)
    for p in range(len(held)) if draw(st.booleans()) else ():
        ways.append(
            Way(
                (p,), (1,), draw(amount), draw(st.sampled_from(["long", "short"])),
                draw(st.sampled_from([1, 1, 2])), draw(st.integers(0, 1)), draw(st.integers(0, 1)),
                draw(st.integers(1, 3)), tuple(draw(gains) for _ in like.scans),
            )
        )  # fmt: skip
    return Group(
        tuple(held), tuple(ways), like.scans, like.balanced, like.bounded, like.upward, like.objectives
    )


@st.composite
def larger(draw: Any) -> Group:
    """A group of 5 to 14 positions that cost alike, so that many choices tie: too large for brute force."""
    positions, kinds = draw(st.integers(5, 14)), draw(st.integers(1, 4))
    objectives, pooled = draw(st.integers(1, 3)), draw(st.booleans())
    held = draw(st.lists(st.integers(1, 6).map(Fraction), min_size=positions, max_size=positions))
    kind = draw(st.lists(st.integers(1, kinds), min_size=positions, max_size=positions))
    save = draw(st.lists(st.integers(0, 3), min_size=objectives, max_size=objectives))
    ways = [Way((p,), (1,), (4 * kind[p],) * objectives) for p in range(positions)]
    for _ in range(draw(st.integers(positions, 3 * positions))):
        legs = tuple(draw(st.permutations(range(positions)))[: draw(st.sampled_from([2, 2, 2, 3]))])
        contracts = tuple(draw(st.sampled_from([1, 1, 1, 2])) for _ in legs)
        apart = sum(4 * kind[leg] * n for leg, n in zip(legs, contracts, strict=True))
        ways.append(Way(legs, contracts, tuple(apart - kind[legs[0]] * some for some in save)))
    gains = st.lists(st.integers(-3, 3), min_size=4, max_size=4).map(tuple)
    for p in range(positions) if pooled else ():
        side = ("long", "short")[p % 2]
        charges = (draw(st.integers(0, 3)),) * objectives
        ways.append(Way((p,), (1,), charges, side, 1, p // 2 % 2, 0, kind[p], (draw(gains),)))
    scans = ((0, objectives - 1),) if pooled else ()
    return Group(held=tuple(held), ways=tuple(ways), scans=scans, objectives=objectives)


@st.composite
def books(draw: Any, most: int = 3) -> tuple[Group, ...]:
    """Some groups that can be asked about together."""
    like = draw(likes())
    return tuple(draw(st.lists(groups(like), min_size=1, max_size=most)))
