"""What early exercise adds to a European put: Kim's integral over the life, for many prices and one boundary.

    e = ∫₀^T r·e^{−ru}·N(−d₂) − q·s·e^{−qu}·N(−d₁) du,   d₁,₂ = ln(s/b(T − u))/(σ√u) + (r − q)√u/σ ± σ√u/2

Everything in it but s and ln s belongs to the option and is worked out once for all its prices; at each point
of the integral both d are straight lines in ln s. Arrays are (prices, options), so that what belongs to an
option lies along the last dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pmdsl.pricing.boundary import Scheme, exercise_gap
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import INVERSE_ROOT_TWO_PI, Fit, half_less_tail
from pmdsl.pricing.quadrature import rule, whole_life
from pmdsl.pricing.terms import Floats

# Draws the points of the integral together at short times, where it bends if the spot is near the boundary.
BEND = 0.8
LEAST = 1e-12


def premium(life: Life, depth: Floats, log: Floats, price: Floats, scheme: Scheme) -> Floats:
    """e at m prices s of n options, with their logarithms, (m, n), from the boundary at its nodes."""
    return Integral.of(life, depth, scheme).value(log, price)


@dataclass(frozen=True, eq=False)
class Integral:
    """The integral of n options at p points, where both d are `slope`·ln s + `offset`.

    `slope` is (p, n), `offset` and `weight` are (p, 2, n): for d₂ and the rate, then for d₁ and the yield.
    `weight` is the weight of the point times the rate, or minus the yield, discounted. `top` is the integral
    on the boundary of today and `gap`, as a part of it, what it lacks there to the known premium, both (n,).
    """

    slope: Floats
    offset: Floats
    weight: Floats
    top: Floats
    gap: Floats
    fit: Fit

    @staticmethod
    def of(life: Life, depth: Floats, scheme: Scheme) -> Integral:
        """From the boundary at its nodes, ln(b/X) of (nodes, n)."""
        points = rule(scheme.points, BEND)
        y, weight = points.lag[:, None], points.weight[:, None]
        square = whole_life(scheme.nodes, scheme.points, BEND) @ (depth * depth)
        log = life.highest - np.sqrt(np.maximum(square, 0.0))
        slope = (1.0 / life.spread) * (1.0 / y)
        drift = (life.rate - life.dividend_yield) / life.spread * y - log * slope
        half = 0.5 * life.spread * y
        paid = life.rate * weight * np.exp(-life.rate * y * y)
        lost = -life.dividend_yield * weight * np.exp(-life.dividend_yield * y * y)
        nothing = np.zeros(len(life))
        plain = Integral(
            slope,
            np.stack([drift - half, drift + half], 1),
            np.stack([paid, lost], 1),
            nothing,
            nothing,
            scheme.fit,
        )
        today = (life.highest + depth[-1])[None]
        top = plain.value(today, np.exp(today))[0]
        known = exercise_gap(life, np.ones((1, 1)), depth[-1:])[0][0]
        return replace(plain, top=top, gap=np.where(top > LEAST, known / top - 1.0, 0.0))

    def value(self, log: Floats, price: Floats) -> Floats:
        """e at prices s with their logarithms, (m, n), in units of the strike.

        What the integral lacks on the boundary is added there, and less where the premium is less: a price
        meets what exercise pays without a step.
        """
        total = np.zeros((2, *log.shape))
        for both, _, weight in self._points(log):
            part = half_less_tail(both, self.fit)[0]
            part *= weight
            total += part
        paid, lost = 0.5 * self.weight.sum(axis=0)[:, None] - total
        value = paid + lost * price
        return np.asarray(value + self.gap * np.minimum(value, self.top))

    def slope_of(self, log: Floats, price: Floats) -> Floats:
        """de/ds, arguments as in `value`."""
        total, density = np.zeros((2, *log.shape)), np.zeros((2, *log.shape))
        for both, slope, weight in self._points(log):
            part, ratio = half_less_tail(both, self.fit)
            total += part * weight
            density += ratio * (weight * slope)
        lost = 0.5 * self.weight[:, 1].sum(axis=0) - total[1]
        return np.asarray(lost - INVERSE_ROOT_TWO_PI * (density[0] / price + density[1]))

    def _points(self, log: Floats) -> Iterator[tuple[Floats, Floats, Floats]]:
        """d₂ and d₁ at each point, (2, m, n), in memory that is used again; slope (n,); weight (2, 1, n)."""
        both = np.empty((2, *log.shape))
        for slope, offset, weight in zip(self.slope, self.offset, self.weight, strict=True):
            np.multiply(log, slope, out=both[0])
            np.add(both[0], offset[1], out=both[1])
            both[0] += offset[0]
            yield both, slope, weight[:, None]
