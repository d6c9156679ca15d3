"""The volatility of the Black formula from a price: Newton on a transformed price, kept inside a bracket.

The price is reduced to the relative time value c = A/m of black.py, an increasing function of s = σ√T with
values in [0, 1) and one point of inflection at √(2|ln(F/K)|). Below it Newton's method runs on 1/ln c, above
it on ln(1 − c): both are nearly straight there, so four to seven steps reach the last bits.

Source of the objectives: P. Jäckel, "By implication", Wilmott (2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pmdsl.pricing import black
from pmdsl.pricing.catalogue import HIGHEST_VOLATILITY
from pmdsl.pricing.dividends import net_spot
from pmdsl.pricing.normal import density
from pmdsl.pricing.reasons import TOLERANCE, Reason, outside
from pmdsl.pricing.terms import Bools, Floats, Indices, Terms

# Largest s that is looked for: beyond it the time value is all of m in float64.
_WIDEST = 40.0
_ROUNDING = 1e-15
_STEPS = 100


@dataclass(frozen=True, eq=False)
class Formula:
    """The Black formula that values n European options, or stands in for American ones; arrays (n,)."""

    terms: Terms
    forward: Floats
    discount: Floats

    @staticmethod
    def european(model: str, terms: Terms, spot: Floats) -> Formula:
        """The formula of the European model of that name; others have that of `black_scholes`."""
        growth = np.exp((terms.rate - terms.dividend_yield) * terms.years)
        forward = spot if model == "black_76" else net_spot(terms, spot) * growth
        return Formula(terms, forward, np.exp(-terms.rate * terms.years))

    @property
    def lower(self) -> Floats:
        """The value without volatility, (n,)."""
        sign = np.where(self.terms.call, 1.0, -1.0)
        return self.discount * np.maximum(sign * (self.forward - self.terms.strike), 0.0)

    @property
    def upper(self) -> Floats:
        """What the value tends to at high volatility, (n,)."""
        return self.discount * np.where(self.terms.call, self.forward, self.terms.strike)

    def take(self, index: Indices | Bools) -> Formula:
        return Formula(self.terms.take(index), self.forward[index], self.discount[index])

    def value(self, volatility: Floats) -> Floats:
        """The value at a volatility, (n,)."""
        terms = self.terms
        spread = black.deviation(volatility, terms.years)
        return black.value(terms.call, self.forward, terms.strike, self.discount, spread)

    def volatility(self, target: Floats) -> Floats:
        """The inverse of `value`, (n,); NaN for targets outside the bounds."""
        terms = self.terms
        spread = implied_spread(terms.call, self.forward, terms.strike, target / self.discount)
        return spread / np.sqrt(terms.years)


def solve(model: str, terms: Terms, spot: Floats, target: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """Volatilities, NaN where there is none, and reasons of `black_scholes` and `black_76`, (n,)."""
    formula = Formula.european(model, terms, spot)
    tolerance = TOLERANCE * terms.strike
    volatility = formula.volatility(np.maximum(target, formula.lower))
    reason = outside(target, formula.lower, formula.upper, tolerance)
    reason[(reason == Reason.SOLVED) & (volatility > HIGHEST_VOLATILITY)] = Reason.ABOVE_BOUND
    missed = ~(np.abs(formula.value(volatility) - target) <= tolerance)
    reason[(reason == Reason.SOLVED) & missed] = Reason.NOT_CONVERGED
    return np.where(reason == Reason.SOLVED, volatility, np.nan), reason


def implied_spread(call: Bools, forward: Floats, strike: Floats, undiscounted: Floats) -> Floats:
    """s = σ√T for which the undiscounted Black value is the target; all arguments (n,).

    A target on its lower bound up to rounding gives the largest s that still rounds to it. NaN where the
    target is further below the intrinsic value of the forward, or not below the forward (call) or strike
    (put).
    """
    sign = np.where(call, 1.0, -1.0)
    time_value = undiscounted - np.maximum(sign * (forward - strike), 0.0)
    rounding = _ROUNDING * np.maximum(forward, strike)
    share = np.maximum(time_value, rounding) / np.minimum(forward, strike)
    share[(time_value < -rounding) | ~(share < 1.0)] = np.nan
    return _newton(share, black.distance(forward, strike))


def _newton(share: Floats, away: Floats) -> Floats:
    """s with relative time value `share` in (0, 1) at distance `away`, (n,); NaN stays NaN."""
    low, high = np.zeros_like(share), np.full_like(share, _WIDEST)
    spread = np.sqrt(2.0 * away) + 1e-8
    below = share < black.relative_time_value(away, spread)
    # Far below the inflection the time value falls like e^{−away²/2s²}: a better start than the inflection.
    tail = away / np.sqrt(-2.0 * np.log(share))
    spread = np.where(below, np.maximum(tail, 0.5 * spread), spread)
    goal = np.where(below, 1.0 / np.log(share), np.log1p(-share))
    for _ in range(_STEPS):
        value = black.relative_time_value(away, spread)
        under = value < share
        low, high = np.where(under, spread, low), np.where(under, high, spread)
        following = spread - _step(value, away, spread, below, goal)
        outside_bracket = ~((following > low) & (following < high))
        following = np.where(outside_bracket, 0.5 * (low + high), following)
        settled = np.abs(following - spread) <= 4e-16 * spread
        spread = np.where(settled, spread, following)
        if bool(np.all(settled | np.isnan(share))):
            break
    return np.where(np.isnan(share), np.nan, spread)


def _step(value: Floats, away: Floats, spread: Floats, below: Bools, goal: Floats) -> Floats:
    """Newton's step on 1/ln c where `below`, else on ln(1 − c), (n,)."""
    slope = density(0.5 * spread - away / spread)
    logarithm = np.log(np.where(below, value, 1.0 - value))
    low_step = (1.0 / logarithm - goal) * -value * logarithm**2
    high_step = (logarithm - goal) * -(1.0 - value)
    return np.asarray(np.where(below, low_step, high_step) / slope)
