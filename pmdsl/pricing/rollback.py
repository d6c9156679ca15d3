"""Backward induction through a block of trees of equal numbers of steps, one column a cell.

Only a band of rows around the mean path is worked out: by Hoeffding's inequality the tree leaves `BAND`·√i
rows at step i with a probability below e^{−34} = 2e-15, and values are at most 1 in the units of the lattice.
That turns the work from N² into N^1.5 without an error that float64 could show.
"""

from __future__ import annotations

import numpy as np

from pmdsl.pricing.exercise import LARGEST_EXPONENT, LevelPayoff, Payoff, Schedule, rows_to_check
from pmdsl.pricing.lattice import Lattice
from pmdsl.pricing.terms import Bools, Floats

BAND = float(np.sqrt(17.0))


def fits_levels(lattice: Lattice) -> Bools:
    """Which trees are tame enough for `roll_levels`: those whose powers fit a float64, (c,)."""
    tilt = np.abs(np.log(lattice.inward / lattice.outward))
    exponent = 0.5 * tilt + np.abs(lattice.inward_log) + np.abs(lattice.outward_log)
    return exponent * lattice.steps < LARGEST_EXPONENT


def roll_rows(lattice: Lattice, schedule: Schedule, to: int) -> Floats:
    """The values at step `to` (0 or 1) of American options, (to + 1, c), in the units of the lattice.

    The plain rollback, for any tree: three operations and an exponential a node.
    """
    steps = lattice.steps
    payoff = Payoff(lattice, schedule)
    check = rows_to_check(lattice, schedule)
    first, last = _band(lattice)
    inward, outward = lattice.inward * lattice.discount, lattice.outward * lattice.discount
    values = np.maximum(payoff.at(steps, 0, steps + 1), 0.0)
    for step in range(steps - 1, to - 1, -1):
        low, stop = first[step], last[step] + 1
        values[low:stop] = inward * values[low:stop] + outward * values[low + 1 : stop + 1]
        end = min(check[step], stop)
        if end > low:
            np.maximum(values[low:end], payoff.at(step, low, end), out=values[low:end])
    return values[: to + 1]


def roll_levels(lattice: Lattice, schedule: Schedule, to: int) -> Floats:
    """As `roll_rows`, for trees that `fits_levels`: 1.5 operations a node, and the payoff where it matters.

    At level κ = i − 2j the values are scaled by (inward/outward)^{κ/2}: both branches then weigh the same,
    √(in·out), and that weight is applied twice at every second step.
    """
    steps = lattice.steps
    weight = np.sqrt(lattice.inward * lattice.outward) * lattice.discount
    twice = weight * weight
    tilt_log = 0.5 * np.log(lattice.inward / lattice.outward)
    first, last = _band(lattice)
    check = rows_to_check(lattice, schedule)
    base = min(row + (steps - step) // 2 for step, row in enumerate(first)) - 1
    top = max(row + (steps - step) // 2 for step, row in enumerate(last)) + 1
    payoff = LevelPayoff(lattice, schedule, range(base, top + 1), tilt_log, 1.0 / weight)
    expiry = np.maximum(payoff.at(steps, 0, top + 1 - base), 0.0)
    values = [expiry, np.empty_like(expiry)]
    for step in range(steps - 1, to - 1, -1):
        done, odd = divmod(steps - step, 2)
        shift = done - base
        low, stop = first[step] + shift, last[step] + 1 + shift
        here, later = values[odd], values[1 - odd]
        inner = low - 1 + odd
        np.add(
            later[inner : inner + stop - low], later[inner + 1 : inner + 1 + stop - low], out=here[low:stop]
        )
        if not odd:
            here[low:stop] *= twice
        end = min(check[step] + shift, stop)
        if end > low:
            np.maximum(here[low:end], payoff.at(step, low, end), out=here[low:end])
        if step > to:
            # The next step reads up to a row on each side that this one has not worked out.
            below, above = first[step - 1] + shift, last[step - 1] + 2 + shift
            if below < low:
                np.maximum(payoff.at(step, below, low), 0.0, out=here[below:low])
            here[stop:above] = 0.0
    done, odd = divmod(steps - to, 2)
    unscale = np.stack([np.exp(-tilt_log * (to - 2 * row)) for row in range(to + 1)])
    return values[odd][done - base : done - base + to + 1] * (unscale * (weight if odd else 1.0))


def _band(lattice: Lattice) -> tuple[list[int], list[int]]:
    """First and last row worked out at each step: those that any cell of the block reaches."""
    step = np.arange(lattice.steps + 1)
    swing = BAND * np.sqrt(step)
    first = np.floor(lattice.outward.min() * step - swing).clip(0, step)
    last = np.ceil(lattice.outward.max() * step + swing).clip(0, step)
    return [int(row) for row in first], [int(row) for row in last]
