"""Implied volatility: where a model gives a price, for every model, with a reason where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pmdsl.memory import OPTIONS, keep_freed_memory
from pmdsl.pricing import implied_black, implied_search
from pmdsl.pricing.catalogue import MODELS
from pmdsl.pricing.dispatch import completed_options
from pmdsl.pricing.dividends import counted
from pmdsl.pricing.reasons import Reason
from pmdsl.pricing.terms import Floats, Terms

_BLOCK_OPTIONS = 65_536


@dataclass(frozen=True, eq=False)
class Solved:
    """Volatilities per year, (n,), NaN where there is none, and a `Reason` for each, (n,) int8."""

    volatility: Floats
    reason: NDArray[np.int8]


def implied_volatility(
    model: str, options: Mapping[str, int | str], terms: Terms, spot: ArrayLike, target: ArrayLike
) -> Solved:
    """The volatility at which `price` gives the target, for n options; `spot`, `target`: (n,) or scalars.

    BELOW_BOUND: the target is under what the lowest volatility gives. ABOVE_BOUND: over what a volatility of
    1000% gives. Where a range of volatilities gives the price, as for an option that is exercised at once,
    the answer is the largest of them to within the tolerance of 1e-10 of the strike. ValueError for unknown
    models, options and shapes.
    """
    chosen = completed_options(model, options)
    spots, targets = (
        np.broadcast_to(np.asarray(values, dtype=np.float64), (len(terms),)) for values in (spot, target)
    )
    volatility = np.full(len(terms), np.nan)
    keep_freed_memory(OPTIONS)
    with np.errstate(all="ignore"):
        reason = _unfit(model, terms, spots, targets)
        fit = np.flatnonzero(reason == Reason.SOLVED)
        for start in range(0, len(fit), _BLOCK_OPTIONS):
            part = fit[start : start + _BLOCK_OPTIONS]
            some = terms.take(part), spots[part], targets[part]
            volatility[part], reason[part] = (
                implied_search.solve(model, chosen, *some)
                if MODELS[model].american
                else implied_black.solve(model, *some)
            )
    return Solved(volatility, reason)


def _unfit(model: str, terms: Terms, spot: Floats, target: Floats) -> NDArray[np.int8]:
    """The reasons that need no search, SOLVED for all others, (n,)."""
    info = MODELS[model]
    numbers = terms.strike + terms.years + terms.rate + spot + target
    if info.underlying == "spot":
        paying = terms.dividend_amounts != 0.0
        numbers += terms.dividend_yield
        numbers += np.where(paying, terms.dividend_times + terms.dividend_amounts, 0.0).sum(axis=1)
    bad = ~np.isfinite(numbers) | (spot < 0.0) | ~(terms.strike > 0.0)
    if info.refuses_dividends:
        bad |= counted(terms).any(axis=1)
    bad |= (terms.american & (not info.american)) | (not info.uses_volatility)
    reason = np.where(terms.years <= 0.0, Reason.EXPIRED, Reason.SOLVED)
    return np.where(bad, Reason.BAD_INPUT, reason).astype(np.int8)
