"""A root finder for many increasing functions at once, frugal with evaluations of an expensive model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pmdsl.pricing.terms import Bools, Floats, Indices

_STEPS = 100
_NARROW = 1e-12
# How far a guess may jump past everything evaluated so far, as a factor.
_STRIDE = 4.0

Residual = Callable[[Indices, Floats], Floats]
Correction = Callable[[Indices, Floats, Floats], Floats]


@dataclass(frozen=True, eq=False)
class Roots:
    """Where the search ended: `x`, the residual there, whether it is a root; all (n,)."""

    x: Floats
    residual: Floats
    found: Bools


def solve(
    residual: Residual, correct: Correction, start: Floats, low: Floats, high: Floats, tolerance: Floats
) -> Roots:
    """Roots in [low, high] of n functions that increase in x; all arrays (n,).

    `residual(index, x)` evaluates the functions of an index; `correct(index, x, residual)` makes the second
    guess from the first. Then secant steps run inside a bracket and give way to bisection where they leave it
    or stall. The ends are evaluated only where the search runs into them. It stops where |residual| ≤
    tolerance or the bracket is narrower than 1e-12; a NaN residual or an end on the wrong side of the root
    stops it without one.
    """
    search = _Search(start, low, high)
    for step in range(_STEPS):
        index = search.open()
        if not len(index):
            break
        search.record(index, residual(index, search.x[index]), tolerance[index])
        index = search.open()
        first = step == 0
        guess = correct(index, search.x[index], search.value[index]) if first else search.secant(index)
        search.move(index, guess)
    return Roots(search.x, search.value, search.found)


class _Search:
    """The state of one search: current and former points, brackets, and who is done."""

    def __init__(self, start: Floats, low: Floats, high: Floats) -> None:
        self.x = np.clip(start, low, high)
        self.value = np.full_like(start, np.nan)
        self.found = np.zeros(len(start), dtype=np.bool_)
        self._stopped = np.isnan(self.x)
        self._low, self._high = low.copy(), high.copy()
        self._ends = low, high
        self._low_known, self._high_known = self.found.copy(), self.found.copy()
        self._x_before, self._value_before = self.x.copy(), self.value.copy()
        self._stalled = self.found.copy()

    def open(self) -> Indices:
        return np.flatnonzero(~(self.found | self._stopped))

    def record(self, index: Indices, value: Floats, tolerance: Floats) -> None:
        x = self.x[index]
        before = self.value[index]
        self._stalled[index] = np.abs(value) > 0.5 * np.abs(before)
        self._value_before[index], self.value[index] = before, value
        under = value < 0.0
        self._low[index[under]], self._low_known[index[under]] = x[under], True
        self._high[index[~under]], self._high_known[index[~under]] = x[~under], True
        narrow = self._high[index] - self._low[index] <= _NARROW
        first, last = self._ends
        at_end = (under & (x >= last[index])) | (~under & (x <= first[index]))
        self.found[index] = (np.abs(value) <= tolerance) | (narrow & ~at_end)
        self._stopped[index] = np.isnan(value) | at_end

    def secant(self, index: Indices) -> Floats:
        x, value = self.x[index], self.value[index]
        rise = value - self._value_before[index]
        return x - value * (x - self._x_before[index]) / rise

    def move(self, index: Indices, guess: Floats) -> None:
        """Take the guesses that are sound, and something safer for the others."""
        x, low, high = self.x[index], self._low[index], self._high[index]
        # Past an end that has not been evaluated the search walks in strides; the last one lands on the end.
        reach_up = np.where(self._high_known[index], high, np.minimum(_STRIDE * x, high))
        reach_down = np.where(self._low_known[index], low, np.maximum(x / _STRIDE, low))
        bracketed = self._low_known[index] & self._high_known[index]
        bad = ~((guess > low) & (guess < high)) | self._stalled[index]
        rising = self.value[index] < 0.0
        toward = np.where(rising, reach_up, reach_down)
        safe = np.where(bracketed, 0.5 * (low + high), toward)
        clipped = np.clip(guess, reach_down, reach_up)
        self._x_before[index] = x
        self.x[index] = np.where(bad, safe, clipped)
