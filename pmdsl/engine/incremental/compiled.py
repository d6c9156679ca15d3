"""The kernel that runs encoded operations: all values of a trade or an account in one call."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.compiled.lanes import WIDTH as LANES
from pmdsl.engine.compiled.lanes import add, least, lesser, load, mul, opaque, splat, store, unknown
from pmdsl.engine.incremental.records import HEAD, WIDTH, Do
from pmdsl.engine.words import Codes, Number
from pmdsl.jit import compiled

_HEAD, _WIDTH = HEAD, WIDTH
# Compiled code knows whole numbers better than members of an enumeration.
_ADD, _SUB, _MUL, _MIN, _MAX, _GT, _GE, _LT, _LE, _AND = (int(do) for do in list(Do)[:10])
_OR, _NEG, _ABS, _NOT, _IF, _NET, _SOME, _SUM, _WEIGHED, _WORST = (int(do) for do in list(Do)[10:])

U = np.uintp


@compiled
def one(do: int, x: float, y: float, z: float) -> float:
    """An operation of single numbers; NaN in, NaN out, as in numpy."""
    if do == _ADD:
        return x + y
    if do == _SUB:
        return x - y
    if do == _MUL:
        return x * y
    if do == _MIN:
        return x if x <= y or x != x else y
    if do == _MAX:
        return x if x >= y or x != x else y
    if _GT <= do <= _LE:
        if x != x or y != y:
            return np.nan
        holds = x > y if do == _GT else x >= y if do == _GE else x < y if do == _LT else x <= y
        return 1.0 if holds else 0.0
    if do == _AND:
        return 0.0 if x == 0.0 else x * y
    if do == _OR:
        return 1.0 if x == 1.0 else x + y
    if do == _NEG:
        return -x
    if do == _ABS:
        return abs(x)
    if do == _NOT:
        return 1.0 - x
    if do == _IF:
        return y if x == 1.0 else z if x == x else np.nan
    if do == _NET:
        return np.nan if y != y else x if x < 0.0 else y * x
    # What counts of a sum with a condition.
    return x if y == 1.0 else 0.0 if y == 0.0 else np.nan


@compiled
def worst(x: Number, out: int, rows: int, points: int, first: Number, a: int, down: int) -> None:
    """The largest loss of each row, 0 where there is none."""
    even = points - points % LANES
    for r in range(rows):
        row = a + r * down
        low, sound = splat(0.0), True
        for p in range(row, row + even, LANES):
            some = load(first, p)
            sound = sound and not unknown(some, some)
            low = lesser(some, low)
        lowest = least(low)
        for p in range(U(row + even), U(row + points)):
            y = first[p]
            sound = sound and y == y
            lowest = min(lowest, y)
        x[out + r] = -lowest if sound else np.nan


@compiled
def sums(
    x: Number,
    out: int,
    rows: int,
    points: int,
    edges: Codes,
    first: Number,
    a: int,
    down: int,
    third: Number,
    c: int,
) -> None:
    """The sums of runs of rows, from the first row to the last; by their weights unless `c` is below 0."""
    even, pairs = points - points % LANES, points - points % (2 * LANES)
    for r in range(rows):
        low, high = U(edges[U(r)]), U(edges[U(r + 1)])
        for p in range(0, pairs, 2 * LANES):
            one_half, other_half = splat(0.0), splat(0.0)
            member = low
            while member < high:
                row = a + np.intp(member) * down + p
                left, right = load(first, row), load(first, row + LANES)
                if c >= 0:
                    weight = splat(third[U(c) + member])
                    left, right = mul(weight, left), mul(weight, right)
                one_half, other_half = add(one_half, left), add(other_half, right)
                member = opaque(member + U(1))
            store(x, out + r * points + p, one_half)
            store(x, out + r * points + p + LANES, other_half)
        for p in range(pairs, even, LANES):
            total = splat(0.0)
            for m in range(low, high):
                row = load(first, a + np.intp(m) * down + p)
                total = add(total, mul(splat(third[U(c) + m]), row) if c >= 0 else row)
            store(x, out + r * points + p, total)
        for p in range(even, points):
            one_total = 0.0
            for m in range(low, high):
                w = third[U(c) + m] if c >= 0 else 1.0
                one_total += w * first[U(a + np.intp(m) * down + p)]
            x[out + r * points + p] = one_total


@compiled
def net(
    x: Number, out: int, rows: int, points: int, first: Number, a: int, second: Number, b: int, down: int
) -> None:
    """Losses in full and gains at what each row credits."""
    for r in range(rows):
        credit = second[b + r * down]
        for p in range(points):
            y = first[a + r * points + p]
            y = y if y < 0.0 else credit * y
            x[out + r * points + p] = y if credit == credit else np.nan


@compiled
def numbers(
    do: int,
    x: Number,
    out: int,
    rows: int,
    first: Number,
    a: int,
    a_down: int,
    second: Number,
    b: int,
    b_down: int,
    third: Number,
    c: int,
    c_down: int,
) -> None:
    """An operation of one number a row."""
    if do == _MUL:
        for r in range(rows):
            x[out + r] = first[a + r * a_down] * second[b + r * b_down]
    elif do == _ABS:
        for r in range(rows):
            x[out + r] = abs(first[a + r * a_down])
    else:
        for r in range(rows):
            z = third[c + r * c_down] if do == _IF else 0.0
            x[out + r] = one(do, first[a + r * a_down], second[b + r * b_down], z)


@compiled
def fill(tape: Number, program: Codes, x: Number) -> None:
    """Work out all values of a code from those that are held, which stand first."""
    space = len(x)
    behind = program[2] - space
    for number in range(program[0]):
        at = _HEAD + number * _WIDTH
        do, out, rows, points = program[at], program[at + 1], program[at + 2], program[at + 3]
        a, a_down, a_along = program[at + 4], program[at + 5], program[at + 6]
        b, b_down, b_along = program[at + 7], program[at + 8], program[at + 9]
        c, c_down, c_along = program[at + 10], program[at + 11], program[at + 12]
        first, third = x if a < space else tape, x if c < space else tape
        a, c = a if a < space else a + behind, c if c < space else c + behind
        if do == _WORST:
            worst(x, out, rows, points, first, a, a_down)
            continue
        if do in (_SUM, _WEIGHED):
            sums(x, out, rows, points, program[b:], first, a, a_down, third, c if do == _WEIGHED else -1)
            continue
        second = x if b < space else tape
        b = b if b < space else b + behind
        if do == _NET and b_along == 0 and a_down == points:
            net(x, out, rows, points, first, a, second, b, b_down)
            continue
        if points == 1:
            numbers(do, x, out, rows, first, a, a_down, second, b, b_down, third, c, c_down)
            continue
        for r in range(rows):
            for p in range(points):
                z = third[c + r * c_down + p * c_along] if do == _IF else 0.0
                x[out + r * points + p] = one(
                    do, first[a + r * a_down + p * a_along], second[b + r * b_down + p * b_along], z
                )


@compiled
def account(tape: Number, held: Number) -> Number:
    """All values of an account of some quantities. Shape (space,)."""
    program = tape.view(np.int64)
    x = np.empty(program[1])
    x[: len(held)] = held
    fill(tape, program, x)
    return x


@compiled
def account_at(tape: Number, held: Number, at: int) -> float:
    """One value of an account: a number is handed over faster than an array."""
    found: float = account(tape, held)[at]
    return found


@compiled
def trade(tape: Number, held: float) -> Number:
    """All values of a trade after which so much is held. Shape (space,)."""
    program = tape.view(np.int64)
    x = np.empty(program[1])
    x[0] = held
    fill(tape, program, x)
    return x


@compiled
def trade_at(tape: Number, held: float, at: int) -> float:
    """One value of a trade, as `account_at`."""
    found: float = trade(tape, held)[at]
    return found
