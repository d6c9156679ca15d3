"""The volatility of a model without a formula from a price, with as few evaluations of it as possible.

The search starts from the volatility of the nearest Black formulas. The first correction inverts such a
formula once more, at its own price less the residual of the model, because the difference between model and
formula hardly changes with the volatility. Secant steps inside a bracket (bracketing.py) do the rest: three
evaluations of a tree for a European option, four or five of either model for an American one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmdsl.pricing import bracketing
from pmdsl.pricing.catalogue import HIGHEST_VOLATILITY, LOWEST_VOLATILITY
from pmdsl.pricing.dispatch import price
from pmdsl.pricing.implied_black import Formula
from pmdsl.pricing.reasons import TOLERANCE, Reason, outside
from pmdsl.pricing.terms import Floats, Indices, Terms


def solve(
    model: str, options: Mapping[str, Any], terms: Terms, spot: Floats, target: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """Volatilities, NaN where there is none, and reasons of `binomial` or `american`, (n,)."""
    european = Formula.european(model, terms, spot)
    lower, upper = _bounds(european, spot)
    tolerance = TOLERANCE * terms.strike
    reason = outside(target, lower, upper, tolerance)
    # On the bound a whole range of volatilities gives the price: aim at the upper edge of the tolerance.
    goal = np.maximum(target, lower + 0.5 * tolerance)
    inside = np.flatnonzero(reason == Reason.SOLVED)
    problem = _Problem(model, options, terms.take(inside), spot[inside], goal[inside], european.take(inside))
    low = _lowest(model, options, problem.terms)
    high = np.full_like(low, HIGHEST_VOLATILITY)
    start = problem.start()
    roots = bracketing.solve(problem.residual, problem.correct, start, low, high, 0.4 * tolerance[inside])
    ended = np.full(len(inside), Reason.NOT_CONVERGED, dtype=np.int8)
    ended[(roots.x <= low) & (roots.residual > 0.0)] = Reason.BELOW_BOUND
    ended[(roots.x >= high) & (roots.residual < 0.0)] = Reason.ABOVE_BOUND
    # At an end of the range the price may be right although the search aimed past it.
    reached = problem.goal + roots.residual - target[inside]
    ended[roots.found | (np.abs(reached) <= tolerance[inside])] = Reason.SOLVED
    reason[inside] = ended
    volatility = np.full_like(spot, np.nan)
    volatility[inside] = np.where(ended == Reason.SOLVED, roots.x, np.nan)
    return volatility, reason


@dataclass(frozen=True, eq=False)
class _Problem:
    """The options whose volatility is searched for, all (n,)."""

    model: str
    options: Mapping[str, Any]
    terms: Terms
    spot: Floats
    goal: Floats
    european: Formula

    @property
    def stand_in(self) -> Formula:
        """A formula with the bounds of the options: those of an American one are a formula without rates."""
        american = self.terms.american
        forward = np.where(american, self.spot, self.european.forward)
        return Formula(self.terms, forward, np.where(american, 1.0, self.european.discount))

    def start(self) -> Floats:
        """The mean of the volatilities of the two formulas, one as a rule too low and one too high."""
        guesses = np.stack([self.stand_in.volatility(self.goal), self.european.volatility(self.goal)])
        known = np.isfinite(guesses)
        total = np.where(known, guesses, 0.0).sum(axis=0)
        return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), 0.3)

    def residual(self, index: Indices, volatility: Floats) -> Floats:
        terms = self.terms.take(index)
        return price(self.model, self.options, terms, self.spot[index], volatility) - self.goal[index]

    def correct(self, index: Indices, volatility: Floats, residual: Floats) -> Floats:
        formula = self.stand_in.take(index)
        return formula.volatility(formula.value(volatility) - residual)


def _bounds(european: Formula, spot: Floats) -> tuple[Floats, Floats]:
    """What the price cannot go below and cannot reach, (n,)."""
    terms = european.terms
    sign = np.where(terms.call, 1.0, -1.0)
    exercise = np.maximum(sign * (spot - terms.strike), 0.0)
    most = np.where(terms.call, spot, terms.strike)
    lower = np.where(terms.american, np.maximum(european.lower, exercise), european.lower)
    return lower, np.where(terms.american, np.maximum(european.upper, most), european.upper)


def _lowest(model: str, options: Mapping[str, Any], terms: Terms) -> Floats:
    """The lowest volatility to look at, where a tree still has probabilities, (n,)."""
    carry = np.abs(terms.rate - terms.dividend_yield)
    if model != "binomial" or options["tree"] != "crr":
        return np.full_like(carry, LOWEST_VOLATILITY)
    least = carry * np.sqrt(terms.years / options["steps"]) * (1.0 + 1e-9)
    return np.asarray(np.maximum(LOWEST_VOLATILITY, least))
