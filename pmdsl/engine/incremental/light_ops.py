"""Operations on single numbers in plain Python.

An operation is a function of the slots that all values of one trade stand in: it reads some and fills one.
What cannot be had is NaN, as everywhere in the engine.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from math import nan
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
