"""What early exercise pays at the nodes of a block of trees, and at which nodes it can pay at all.

In the units of the lattice (a put by its strike, a call by the net share price at the node), with g the
present value of the dividends still to come over the strike, exercise pays

    put: (1 − g) − e^{−M}        call: 1 − (1 − g)·e^{−M}

because the share price at a node is the net price plus g·K.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.pricing.lattice import Lattice
from pmdsl.pricing.terms import Bools, Floats, Indices

# Above this the logarithms of a tree no longer fit a float64 and the separable form is not used.
LARGEST_EXPONENT = 600.0
# What rounding may take from a row or a log-moneyness.
SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Schedule:
    """What decides early exercise in c cells: kind of option, rates over one step, dividends still to come.

    `rate` and `dividend_yield` are per step, (c,). `remaining` is the present value, at each node time, of
    the dividends after it, over the strike: (steps + 1, c), or (1, c) zeros where no cell has dividends.
    """

    call: Bools
    rate: Floats
    dividend_yield: Floats
    remaining: Floats

    def take(self, index: Indices | Bools | slice) -> Schedule:
        """The schedules at an index of the cells."""
        return Schedule(
            self.call[index], self.rate[index], self.dividend_yield[index], self.remaining[:, index]
        )

    def least_moneyness(self) -> Floats:
        """The log-moneyness from which exercise can beat waiting one step: (steps, c) or (1, c).

        Waiting is worth at least the discounted forward of what exercise would pay one step later. −inf:
        exercise may pay anywhere; inf: nowhere.
        """
        now, later = self.remaining[:-1], self.remaining[1:]
        if len(self.remaining) == 1:
            now = later = self.remaining
        sign = np.where(self.call, 1.0, -1.0)
        # Exercise beats waiting where ±(net share · cost + gain) ≥ 0, everything over the strike.
        cost = np.maximum(-np.expm1(-self.dividend_yield), 1e-300)
        gain = now - np.exp(-self.rate) * later
        # A negative yield bounds the region from the other side: that is no help here, so there is no bound.
        gain += np.expm1(-self.rate) + np.where(self.dividend_yield < 0.0, sign * np.inf, 0.0)
        gain *= -sign / cost
        limit = np.maximum(sign * (1.0 - now), gain, out=gain)
        limit *= sign
        np.log(np.maximum(limit, 0.0, out=limit), out=limit)
        limit *= sign
        return limit


def rows_to_check(lattice: Lattice, schedule: Schedule) -> list[int]:
    """For each step before expiry, how many rows from the top can hold early exercise in any cell."""
    steps = np.arange(lattice.steps, dtype=np.float64)[:, None]
    depth = lattice.moneyness + lattice.inward_log * steps - schedule.least_moneyness()
    rows = np.floor(depth / lattice.spacing + SLACK).max(axis=1) + 1.0
    return [int(row) for row in np.clip(rows, 0.0, steps[:, 0] + 1.0)]


def never_pays(lattice: Lattice, schedule: Schedule, width: float) -> Bools:
    """Which cells have no early exercise within `width`·√i rows of the mean path; no dividends, (c,)."""
    drift = lattice.inward_log - lattice.spacing * lattice.outward
    swing = lattice.spacing * width
    # The greatest depth that the band reaches, max of moneyness + drift·i + swing·√i over 0 ≤ i ≤ steps.
    turn = np.where(drift < 0.0, 0.5 * swing / np.maximum(-drift, 1e-300), np.inf)
    root = np.minimum(turn, np.sqrt(lattice.steps))
    reach = lattice.moneyness + drift * root**2 + swing * root
    return np.asarray(reach < schedule.least_moneyness()[0] - SLACK)


class Payoff:
    """What exercise pays at any node of a block, straight from its log-moneyness."""

    def __init__(self, lattice: Lattice, schedule: Schedule) -> None:
        self._lattice = lattice
        self._constant, self._factor = _coefficients(lattice, schedule)
        self._rows = lattice.spacing * np.arange(lattice.steps + 1)[:, None]

    def at(self, step: int, first: int, stop: int) -> Floats:
        """The payoff in rows first ≤ j < stop of a step: (stop − first, c), negative out of the money."""
        top = self._lattice.moneyness + self._lattice.inward_log * step
        result = np.exp(np.minimum(self._rows[first:stop] - top, LARGEST_EXPONENT))
        result *= self._factor[step]
        np.subtract(self._constant[step], result, out=result)
        return result


class LevelPayoff:
    """What exercise pays, from tables by level: two multiplications a node, or none where nodes stand still.

    A node of step i and row j is at level κ = i − 2j and in slot j + (steps − i) // 2, counted from `base`;
    the levels of one parity share a table. Payoffs are scaled by tilt^κ, and at steps of odd distance from
    expiry by `odd_scale`.
    """

    def __init__(
        self, lattice: Lattice, schedule: Schedule, slots: range, tilt_log: Floats, odd_scale: Floats
    ) -> None:
        half = 0.5 * lattice.spacing
        self._drift = 0.5 * (lattice.inward_log + lattice.outward_log)
        constant, factor = _coefficients(lattice, schedule)
        self._steps = lattice.steps
        self.still = len(schedule.remaining) == 1 and not self._drift.any()
        # None where a coefficient is 1 at every node: puts and calls each have one of the two.
        self._constant = None if np.all(constant == 1.0) else constant
        self._factor = None if np.all(factor == 1.0) and not self._drift.any() else factor
        scales, exponentials = [], []
        for odd in (0, 1):
            level = (lattice.steps - odd - 2.0 * np.arange(slots.start, slots.stop))[:, None]
            scale = np.exp(tilt_log * level)
            if odd:
                scale *= odd_scale
            exponential = np.exp(-half * level - lattice.moneyness)
            exponential *= scale
            scales.append(scale)
            exponentials.append(exponential)
        self._tables = (
            [np.subtract(scale, part, out=scale) for scale, part in zip(scales, exponentials, strict=True)]
            if self.still
            else scales
        )
        self._exponentials = exponentials
        self._spare = (np.empty_like(exponentials[0]), np.empty_like(exponentials[0]))

    def at(self, step: int, first: int, stop: int) -> Floats:
        """The scaled payoff in slots first ≤ s < stop of a step: (stop − first, c); not to be written to."""
        odd = (self._steps - step) % 2
        if self.still:
            return self._tables[odd][first:stop]
        scale, exponential = self._tables[odd][first:stop], self._exponentials[odd][first:stop]
        spare, second = (array[first:stop] for array in self._spare)
        if self._factor is not None:
            factor = self._factor[step] * np.exp(-self._drift * step)
            exponential = np.multiply(exponential, factor, out=spare)
        if self._constant is not None:
            scale = np.multiply(scale, self._constant[step], out=second)
        return np.subtract(scale, exponential, out=spare)


def _coefficients(lattice: Lattice, schedule: Schedule) -> tuple[Floats, Floats]:
    """The payoff is constant − factor·e^{−M}: both at every step, (steps + 1, c)."""
    shape = (lattice.steps + 1, len(lattice.moneyness))
    net = 1.0 - schedule.remaining
    return (
        np.broadcast_to(np.where(schedule.call, 1.0, net), shape),
        np.broadcast_to(np.where(schedule.call, net, 1.0), shape),
    )
