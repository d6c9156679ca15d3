"""A first guess of the exercise boundary of an American put: a closed form, improved at each node by itself.

The closed form joins what is known of short and long times. With m = (r − q)√τ/σ, the depth ln(X/b) below the
highest boundary X is about σ√τ·√ln(1 + 1/(2πm² + 4π(rτ)²)) where X is the strike, and at least 0.6388·σ√τ
where X is below it; at long times it ends at the perpetual boundary. The improvement is Newton's method on
the QD+ equation of Li, which is right to a few per cent of the depth.

Sources: J. D. Evans, R. Kuske and J. B. Keller, "American options on assets with dividends near expiry",
Mathematical Finance 12 (2002), for short times; M. Li, "Analytical approximations for the critical stock
prices of American options", Review of Derivatives Research 13 (2010), for QD+.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import INVERSE_ROOT_TWO_PI, half_less_tail
from pmdsl.pricing.terms import Floats

STEPS = 2
SHORT = 0.6388


def first_depth(life: Life, roots: Floats) -> Floats:
    """ln(b/X), negative, at times to expiry of `roots`² parts of the life: (nodes, n) for (nodes,)."""
    x = roots[:, None]
    equation = _Equation.of(life, x)
    depth = -_closed_form(life, x)
    for _ in range(STEPS):
        value, slope = equation.at(depth)
        step = depth - value / slope
        # Newton's method is taken where it is sane: within a factor of two.
        depth = np.clip(np.where(np.isfinite(step), step, depth), 2.0 * depth, 0.5 * depth)
    return depth


def _closed_form(life: Life, x: Floats) -> Floats:
    spread = life.spread * x
    drift = (life.rate - life.dividend_yield) * x / life.spread
    rate = life.rate * x * x
    depth = spread * np.sqrt(np.log1p(1.0 / (2.0 * np.pi * drift**2 + 4.0 * np.pi * rate**2)))
    depth = np.maximum(depth + life.highest, SHORT * spread)
    return np.asarray(depth / np.sqrt(1.0 + (depth / life.deepest) ** 2))


@dataclass(frozen=True, eq=False)
class _Equation:
    """The QD+ equation for the boundary at each node; arrays (nodes, n)."""

    life: Life
    x: Floats
    discount: Floats
    yield_discount: Floats
    gain_weight: Floats
    decay_weight: Floats

    @staticmethod
    def of(life: Life, x: Floats) -> _Equation:
        square = life.spread**2
        discount = np.exp(-life.rate * x * x)
        # (1 − e^{−aτ})/a, which is τ at a = 0.
        span = np.where(life.rate == 0.0, x * x, -np.expm1(-life.rate * x * x) / life.rate)
        twice = 2.0 / (square * span)
        drift = 2.0 * (life.rate - life.dividend_yield) / square - 1.0
        root = np.sqrt(drift * drift + 4.0 * twice)
        power = np.where(drift > 0.0, -0.5 * (drift + root), -2.0 * twice / (root - drift))
        return _Equation(
            life,
            x,
            discount,
            np.exp(-life.dividend_yield * x * x),
            power + discount * twice * (1.0 - twice / root**2) / root,
            2.0 / (square * root),
        )

    def at(self, depth: Floats) -> tuple[Floats, Floats]:
        """What must vanish, and its derivative by the depth."""
        life, spread = self.life, self.life.spread * self.x
        log = life.highest + depth
        price = np.exp(log)
        d1 = (log + (life.rate - life.dividend_yield) * self.x**2) / spread + 0.5 * spread
        tails, density = half_less_tail(np.stack([d1, d1 - spread]))
        below, paid = self.yield_discount * (0.5 - tails[0]), self.discount * (0.5 - tails[1])
        weight = self.yield_discount * density[0] * INVERSE_ROOT_TWO_PI
        gain = 1.0 - price - (paid - price * below)
        half = 0.5 * life.spread / self.x
        decay = life.rate * paid - life.dividend_yield * price * below - half * price * weight
        value = (1.0 - below) * price + self.gain_weight * gain - self.decay_weight * decay
        turn = (life.dividend_yield - life.rate) / spread - half * (1.0 - d1 / spread)
        slope = (1.0 - below) * (1.0 - self.gain_weight) + weight / spread
        slope -= self.decay_weight * (weight * turn - life.dividend_yield * below)
        return value, slope * price
