"""Operations over the points of one axis in plain Python: at sixteen points lists are quicker than arrays."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from math import inf, nan

from pmdsl.engine.incremental.light_ops import Op, Slots, least, most

# ---- point by point ----------------------------------------------------------------------------------------


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
