"""Operations on one row in plain Python: a number, or a list of numbers over the points of one axis.

At sixteen points a list is quicker than an array. An operation is a function of the slots that all values of
one trade stand in: it reads some and fills one. What cannot be had is NaN, as everywhere in the engine.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from math import inf, nan
from typing import Any

Slots = list[Any]
Op = Callable[[Slots], None]


def add(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = v[a] + v[b]

    return run


def sub(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = v[a] - v[b]

    return run


def mul(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = v[a] * v[b]

    return run


def div(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = v[a] / v[b] if v[b] else nan

    return run


def neg(o: int, a: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = -v[a]

    return run


def absolute(o: int, a: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = abs(v[a])

    return run


def least(x: float, y: float) -> float:
    """The smaller one; NaN where either is."""
    return x if x <= y or x != x else y


def most(x: float, y: float) -> float:
    """The larger one; NaN where either is."""
    return x if x >= y or x != x else y


def minimum(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        x, y = v[a], v[b]
        v[o] = x if x <= y or x != x else y

    return run


def maximum(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        x, y = v[a], v[b]
        v[o] = x if x >= y or x != x else y

    return run


def clamp(o: int, a: int, low: int, high: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = least(most(v[a], v[low]), v[high])

    return run


def ratio(o: int, a: int, b: int, if_zero: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = v[a] / v[b] if v[b] else v[if_zero]

    return run


def both(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = 0.0 if v[a] == 0.0 else v[a] * v[b]

    return run


def either(o: int, a: int, b: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = 1.0 if v[a] == 1.0 else v[a] + v[b]

    return run


def negation(o: int, a: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = 1.0 - v[a]

    return run


def choice(o: int, condition: int, then: int, other: int) -> Op:
    def run(v: Slots) -> None:
        c = v[condition]
        v[o] = v[then] if c == 1.0 else v[other] if c == c else nan

    return run


def given(o: int, a: int, default: int) -> Op:
    """A value, or its default where it was not given."""

    def run(v: Slots) -> None:
        x = v[a]
        v[o] = x if x == x else v[default]

    return run


def comparison(holds: Callable[[float, float], bool]) -> Callable[[int, int, int], Op]:
    """A comparison of numbers: 1 or 0, NaN where a side is."""

    def make(o: int, a: int, b: int) -> Op:
        def run(v: Slots) -> None:
            x, y = v[a], v[b]
            v[o] = (1.0 if holds(x, y) else 0.0) if x == x and y == y else nan

        return run

    return make


SCALAR: Mapping[str, Callable[..., Op]] = {
    "add": add,
    "sub": sub,
    "mul": mul,
    "div": div,
    "neg": neg,
    "abs": absolute,
    "min": minimum,
    "max": maximum,
    "clamp": clamp,
    "ratio": ratio,
    "and": both,
    "or": either,
    "not": negation,
    "if": choice,
    "eq": comparison(operator.eq),
    "ne": comparison(operator.ne),
    "lt": comparison(operator.lt),
    "le": comparison(operator.le),
    "gt": comparison(operator.gt),
    "ge": comparison(operator.ge),
}


# ---- over the points of an axis ----------------------------------------------------------------------------


def each(function: Callable[[float, float], float]) -> Callable[[int, int, int, bool, bool], Op]:
    """An operation of two inputs point by point; either may be one number for all points."""

    def make(o: int, a: int, b: int, wide_a: bool, wide_b: bool) -> Op:
        def rows(v: Slots) -> None:
            v[o] = list(map(function, v[a], v[b]))

        def left(v: Slots) -> None:
            y = v[b]
            v[o] = [function(x, y) for x in v[a]]

        def right(v: Slots) -> None:
            x = v[a]
            v[o] = [function(x, y) for y in v[b]]

        return rows if wide_a and wide_b else left if wide_a else right

    return make


def scaled(o: int, rows: int, factor: int) -> Op:
    def run(v: Slots) -> None:
        y = v[factor]
        v[o] = [x * y for x in v[rows]]

    return run


def negated(o: int, a: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = [-x for x in v[a]]

    return run


VECTOR: Mapping[str, Callable[[int, int, int, bool, bool], Op]] = {
    "add": each(operator.add),
    "sub": each(operator.sub),
    "mul": each(operator.mul),
    "min": each(least),
    "max": each(most),
}


# ---- over an axis ------------------------------------------------------------------------------------------


def worst(o: int, a: int) -> Op:
    """The largest loss, and none where there is none."""

    def run(v: Slots) -> None:
        x = v[a]
        low = min(x)
        v[o] = (-low if low < 0.0 else 0.0) if -inf < sum(x) < inf else nan

    return run


def worst_unfloored(o: int, a: int) -> Op:
    """The largest loss, below zero where there is none."""

    def run(v: Slots) -> None:
        x = v[a]
        v[o] = -min(x) if -inf < sum(x) < inf else nan

    return run


def smallest(o: int, a: int) -> Op:
    def run(v: Slots) -> None:
        x = v[a]
        v[o] = min(x) if -inf < sum(x) < inf else nan

    return run


def largest(o: int, a: int) -> Op:
    def run(v: Slots) -> None:
        x = v[a]
        v[o] = max(x) if -inf < sum(x) < inf else nan

    return run


OVER: Mapping[str, Callable[[int, int], Op]] = {
    "worst": worst,
    "worst_unfloored": worst_unfloored,
    "smallest": smallest,
    "largest": largest,
}


# ---- sums: what is left of a group, and the member that a trade changes ------------------------------------


def join(o: int, rest: int, a: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = v[rest] + v[a]

    return run


def join_where(o: int, rest: int, a: int, where: int) -> Op:
    def run(v: Slots) -> None:
        w = v[where]
        v[o] = v[rest] + v[a] if w == 1.0 else v[rest] if w == 0.0 else nan

    return run


def join_rows(o: int, rest: int, a: int) -> Op:
    def run(v: Slots) -> None:
        v[o] = [r + x for r, x in zip(v[rest], v[a], strict=False)]

    return run


def join_weighed(o: int, rest: int, rows: int, weight: int) -> Op:
    """The rest, and rows by their weight: what most positions bring."""

    def run(v: Slots) -> None:
        w = v[weight]
        v[o] = [r + w * x for r, x in zip(v[rest], v[rows], strict=False)]

    return run


def join_net(o: int, rest: int, a: int, credit: int) -> Op:
    """The rest, and of one member losses in full and gains at what it credits."""

    def run(v: Slots) -> None:
        c = v[credit]
        if c != c:
            v[o] = [nan] * len(v[a])
        else:
            v[o] = [r + (x if x < 0.0 else c * x) for r, x in zip(v[rest], v[a], strict=False)]

    return run


# ---- several operations as one, point by point: no list is made in between ---------------------------------


def worst_of_sum(o: int, points: int, weight: int) -> Op:
    """The worst of a sum: (rest, row of the member) of each point, and the member's weight."""

    def run(v: Slots) -> None:
        w, low = v[weight], 0.0
        for r, x in v[points]:
            x = r + w * x
            if x < low:
                low = x
        v[o] = -low if w - w == 0.0 else nan

    return run


def worst_of_net(o: int, points: int, weight: int, credit: int) -> Op:
    """As `worst_of_sum`, the sum netted into a group of which another rest stands third in each point."""

    def run(v: Slots) -> None:
        w, c, low = v[weight], v[credit], 0.0
        for r, x, s in v[points]:
            x = r + w * x
            x = s + (x if x < 0.0 else c * x)
            if x < low:
                low = x
        v[o] = -low if w - w == c - c == 0.0 else nan

    return run


def worst_of_net_twice(o: int, points: int, weight: int, credit: int, further: int) -> Op:
    """As `worst_of_net`, and netted once more into a group of which the rest stands fourth."""

    def run(v: Slots) -> None:
        w, c, d, low = v[weight], v[credit], v[further], 0.0
        for r, x, s, t in v[points]:
            x = r + w * x
            x = s + (x if x < 0.0 else c * x)
            x = t + (x if x < 0.0 else d * x)
            if x < low:
                low = x
        v[o] = -low if w - w == c - c == d - d == 0.0 else nan

    return run


WORST_OF: tuple[Callable[..., Op], ...] = (worst_of_sum, worst_of_net, worst_of_net_twice)
