"""Backward induction through a few trees at once, compiled: each row of a step holds one node of each tree.

The trees of a group have equal numbers of steps and stand side by side, so that a step is one loop over
(rows · trees) numbers. A node of step i and row j is at level κ = i − 2j, and e^{−M} stands in one table for
the levels of each parity; exercise pays constant − factor·e^{−M}. As in `rollback.py` only a band of rows
around the mean path is worked out, and exercise is looked at only where it can pay.
"""

from __future__ import annotations

from math import exp as precise_exp
from math import sqrt

import numpy as np

from pmdsl.jit import compiled, inlined
from pmdsl.pricing.compiled.elementary import exp
from pmdsl.pricing.compiled.lattice import limit_of_exercise
from pmdsl.pricing.rollback import BAND
from pmdsl.pricing.terms import Floats

# Rows of the table of a group: what is known of each of its trees, discounted probabilities last.
MONEYNESS, INWARD_LOG, OUTWARD_LOG, PROBABILITY, LEAST, INWARD, OUTWARD = range(7)
# Exercise is looked at up to a node that pays less than waiting by no more than rounding.
_SLACK = 1e-9


@compiled
def roll(
    trees: Floats,
    count: int,
    steps: int,
    alike: bool,
    drifting: bool,
    paying: bool,
    call: bool,
    rate: float,
    dividend_yield: float,
    remaining: Floats,
    work: Floats,
) -> Floats:
    """The values at the root of the first `count` trees of (7, most), in the units of the lattice, (count,).

    `alike`: the trees differ in moneyness alone. `drifting`: their moves are not of one size. `paying`: they
    are of one option with dividends still to come of `remaining`, over the strike, and with `rate` and
    `dividend_yield` per step. `work` is memory of (7, rows · most).
    """
    tables = work[2:4]
    _levels(trees, count, steps, alike, tables, work[4:7])
    later, values = work[0], work[1]
    size = (steps + 1) * count
    terminal, highest = values[:size], tables[0][:size]
    for k in range(size):
        paid = 1.0 - highest[k]
        terminal[k] = 0.0 if paid < 0.0 else paid
    if drifting or not alike:
        _tiles(trees, count, steps, work)
    if drifting:
        for k in range(size):
            highest[k] *= work[6, k]
    inward, outward = trees[INWARD, 0], trees[OUTWARD, 0]
    bound = _bound(trees, count)
    for i in range(steps - 1, -1, -1):
        later, values = values, later
        low, stop = 0, i + 1
        if not drifting:
            low, stop = _band(trees, count, i)
        constant, factor, check = 1.0, 1.0, stop
        if paying:
            now = remaining[i]
            factor, constant = (1.0 - now, 1.0) if call else (1.0, 1.0 - now)
            limit = limit_of_exercise(call, rate, dividend_yield, now, remaining[i + 1])
            top = precise_exp(-_deepest(trees, count, i))
            if (limit * top > 1.0 + _SLACK) if call else (top > limit * (1.0 + _SLACK)):
                check = low
        else:
            check = int(min(max(bound + 0.5 * i + _SLACK + 1.0, float(low)), float(stop)))
        done, parity = divmod(steps - i, 2)
        table = tables[parity][(done + low) * count :]
        # The step before reads a row on each side that this one does not work out.
        first, last = low * count, (stop + 1) * count
        if low > 0:
            values[first - count : first] = later[first - count : first]
        values[stop * count : last] = later[stop * count : last]
        here, next_row = later[first:], later[first + count :]
        if drifting:
            size = stop * count
            _drifting(values[:size], here, next_row, table, work[4], work[5], work[6], constant, factor)
        elif alike:
            size = (check - low) * count
            _exercised(values[first : first + size], here, next_row, table, inward, outward, constant, factor)
            rest = values[first + size : stop * count]
            _held(rest, here[size:], next_row[size:], inward, outward)
        else:
            size = (check - low) * count
            part = values[first : first + size]
            _mixed(part, here, next_row, table, work[4], work[5], constant, factor)
            rest = values[first + size : stop * count]
            _mixed_held(rest, here[size:], next_row[size:], work[4], work[5])
    found: Floats = values[:count]
    return found


@inlined
def _levels(trees: Floats, count: int, steps: int, alike: bool, tables: Floats, spare: Floats) -> None:
    """e^{−M} at the levels of both parities, at step `steps` and at the one before."""
    even, odd = tables[0], tables[1]
    size = (steps + 1) * count
    if alike:
        apart = trees[INWARD_LOG, 0] - trees[OUTWARD_LOG, 0]
        inward = precise_exp(trees[INWARD_LOG, 0])
        base = spare[0, :count]
        for lane in range(count):
            base[lane] = exp(-trees[MONEYNESS, lane] - trees[INWARD_LOG, 0] * steps)
        for row in range(steps + 1):
            factor = precise_exp(apart * row)
            line = even[row * count : (row + 1) * count]
            for lane in range(count):
                line[lane] = base[lane] * factor
        for k in range(size):
            odd[k] = even[k] * inward
        return
    base, spacing, up = spare[0, :count], spare[1, :count], spare[2, :count]
    for lane in range(count):
        spacing[lane] = trees[INWARD_LOG, lane] - trees[OUTWARD_LOG, lane]
        base[lane] = -trees[MONEYNESS, lane] - trees[INWARD_LOG, lane] * steps
        up[lane] = precise_exp(trees[INWARD_LOG, lane])
    for row in range(steps + 1):
        line, other = even[row * count : (row + 1) * count], odd[row * count : (row + 1) * count]
        for lane in range(count):
            line[lane] = exp(base[lane] + spacing[lane] * row)
        for lane in range(count):
            other[lane] = line[lane] * up[lane]


@inlined
def _tiles(trees: Floats, count: int, steps: int, work: Floats) -> None:
    """Probabilities and the drift of two steps, repeated for each row."""
    lines = work[4:7, :count]
    for lane in range(count):
        lines[0, lane] = trees[INWARD, lane]
        lines[1, lane] = trees[OUTWARD, lane]
        lines[2, lane] = precise_exp(trees[INWARD_LOG, lane] + trees[OUTWARD_LOG, lane])
    for kind in range(3):
        line = work[4 + kind]
        for row in range(1, steps + 1):
            line[row * count : (row + 1) * count] = line[:count]


@inlined
def _bound(trees: Floats, count: int) -> float:
    """Rows from the top at step 0 that can hold exercise; half a row more at each step."""
    bound = -np.inf
    for lane in range(count):
        spacing = trees[INWARD_LOG, lane] - trees[OUTWARD_LOG, lane]
        bound = max(bound, (trees[MONEYNESS, lane] - trees[LEAST, lane]) / spacing)
    return bound


@inlined
def _deepest(trees: Floats, count: int, step: int) -> float:
    """The largest log-moneyness of a step."""
    deepest = -np.inf
    for lane in range(count):
        deepest = max(deepest, trees[MONEYNESS, lane] + trees[INWARD_LOG, lane] * step)
    return deepest


@inlined
def _band(trees: Floats, count: int, step: int) -> tuple[int, int]:
    """First row that any tree reaches, and the one after the last."""
    least, most = trees[PROBABILITY, 0], trees[PROBABILITY, 0]
    for lane in range(1, count):
        least, most = min(least, trees[PROBABILITY, lane]), max(most, trees[PROBABILITY, lane])
    swing = BAND * sqrt(step)
    return int(max(least * step - swing, 0.0)), int(min(most * step + swing, float(step))) + 1


@inlined
def _exercised(
    values: Floats,
    here: Floats,
    next_row: Floats,
    table: Floats,
    inward: float,
    outward: float,
    constant: float,
    factor: float,
) -> None:
    """One step back, exercised where that is worth more."""
    for k in range(values.shape[0]):
        kept = inward * here[k] + outward * next_row[k]
        paid = constant - factor * table[k]
        values[k] = paid if paid > kept else kept


@inlined
def _held(values: Floats, here: Floats, next_row: Floats, inward: float, outward: float) -> None:
    for k in range(values.shape[0]):
        values[k] = inward * here[k] + outward * next_row[k]


@inlined
def _mixed(
    values: Floats,
    here: Floats,
    next_row: Floats,
    table: Floats,
    inward: Floats,
    outward: Floats,
    constant: float,
    factor: float,
) -> None:
    """The same for trees of several probabilities."""
    for k in range(values.shape[0]):
        kept = inward[k] * here[k] + outward[k] * next_row[k]
        paid = constant - factor * table[k]
        values[k] = paid if paid > kept else kept


@inlined
def _mixed_held(values: Floats, here: Floats, next_row: Floats, inward: Floats, outward: Floats) -> None:
    for k in range(values.shape[0]):
        values[k] = inward[k] * here[k] + outward[k] * next_row[k]


@inlined
def _drifting(
    values: Floats,
    here: Floats,
    next_row: Floats,
    table: Floats,
    inward: Floats,
    outward: Floats,
    drift: Floats,
    constant: float,
    factor: float,
) -> None:
    """The same for trees whose levels move: the table is brought two steps back on the way."""
    for k in range(values.shape[0]):
        kept = inward[k] * here[k] + outward[k] * next_row[k]
        paid = constant - factor * table[k]
        table[k] = table[k] * drift[k]
        values[k] = paid if paid > kept else kept
