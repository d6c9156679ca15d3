"""The binomial model: European and American options on a tree, with escrowed dividends.

The tree carries the net spot S* (dividends.py). The share price at a node of time t is the net price there
plus the present value, at t, of the dividends with ex-dates after t: that is what early exercise trades
against. A node on an ex-date is ex dividend. Below the present value of its dividends a spot has them scaled
down, so the root is always worth the spot.

Cells (option × scenario) are flattened, sorted by moneyness and worked off in blocks that stay in the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from pmdsl.pricing.dividends import counted, net_spot, present_values
from pmdsl.pricing.european_tree import european, log_choices
from pmdsl.pricing.exercise import Schedule, never_pays
from pmdsl.pricing.lattice import Lattice, crr, leisen_reimer
from pmdsl.pricing.rollback import BAND, fits_levels, roll_levels, roll_rows
from pmdsl.pricing.terms import Bools, Floats, Indices, Terms

_TREES: Mapping[str, Callable[[int, Floats, Floats, Floats, Floats], Lattice]] = {
    "crr": crr,
    "leisen_reimer": leisen_reimer,
}
_BLOCK_NODES = 98_304
_LEAST_CELLS = 64
# Prices are floored at this part of each other, so that a spot or a strike of 0 has a logarithm.
FLOOR = 1e-18
_DELTA_FLOOR = 1e-6


def price(terms: Terms, spot: Floats, volatility: Floats, tree: str, steps: int) -> Floats:
    """The value of c cells, all arguments (c,), in units of the spot.

    Intrinsic at expiry. NaN for NaN, for a negative price, volatility or time, and where the tree has no
    probability within [0, 1]: in a crr tree for σ < |r − q|·√Δt, in both for σ = 0.
    """
    cells = _Cells.of(terms, spot, volatility, tree, steps, FLOOR)
    values = cells.values(0)[0]
    values *= np.where(terms.call, cells.net, cells.strike)
    # The floor under the spot must not make a call on a worthless share worth anything.
    values[terms.call & (spot == 0.0) & ~np.isnan(values)] = 0.0
    exercise = np.maximum(_sign(terms) * (spot - terms.strike), 0.0)
    # The root is a node like any other: rounding must not take an American option below its exercise value.
    np.maximum(values, exercise, out=values, where=terms.american)
    return np.where(cells.expired, exercise, values)


def delta(terms: Terms, spot: Floats, volatility: Floats, tree: str, steps: int) -> Floats:
    """dV/dS of c cells, the slope between the two nodes of the first step; arguments as in `price`."""
    cells = _Cells.of(terms, spot, volatility, tree, steps, _DELTA_FLOOR)
    values = cells.values(1)
    sign = _sign(terms)
    moves = np.stack([cells.lattice.inward_log, cells.lattice.outward_log])
    shares = cells.net * np.exp(sign * moves)
    worth = values * np.where(terms.call, shares, cells.strike)
    slope = (worth[0] - worth[1]) / (shares[0] - shares[1])
    return np.where(cells.expired, sign * np.heaviside(sign * (spot - terms.strike), 0.0), slope)


def _sign(terms: Terms) -> Floats:
    return np.where(terms.call, 1.0, -1.0)


@dataclass(frozen=True, eq=False)
class _Cells:
    """The trees of c cells and what is needed to value them."""

    terms: Terms
    net: Floats
    strike: Floats
    spot: Floats
    expired: Bools
    lattice: Lattice

    @staticmethod
    def of(terms: Terms, spot: Floats, volatility: Floats, tree: str, steps: int, floor: float) -> _Cells:
        sound = (spot >= 0.0) & (terms.strike >= 0.0) & (volatility >= 0.0)
        sound &= np.isfinite(terms.rate + terms.dividend_yield + volatility)
        alive = sound & (terms.years > 0.0)
        strike = np.where(alive, np.maximum(terms.strike, FLOOR * spot + 1e-300), np.nan)
        net = np.maximum(net_spot(terms, spot), floor * strike)
        sign = _sign(terms)
        step = terms.years / steps
        lattice = _TREES[tree](
            steps,
            sign * np.log(net / strike),
            sign * (terms.rate - terms.dividend_yield) * step,
            volatility * np.sqrt(terms.years),
            np.exp(-np.where(terms.call, terms.dividend_yield, terms.rate) * step),
        )
        return _Cells(terms, net, strike, spot, sound & (terms.years == 0.0), lattice)

    def values(self, to: int) -> Floats:
        """Values at step `to`, (to + 1, c), in the units of the lattice; NaN where there is no tree."""
        result = np.full((to + 1, len(self.net)), np.nan)
        usable = self.lattice.valid
        dividends = counted(self.terms).any(axis=1)
        idle = ~dividends & never_pays(self.lattice, self._schedule(slice(None), False), BAND)
        waits = idle | ~self.terms.american
        choices = log_choices(self.lattice.steps - to)
        for block in self._blocks(usable & waits):
            result[:, block] = european(self.lattice.take(block), choices, to)
        tame = fits_levels(self.lattice)
        for paying, rollback in product((False, True), (roll_levels, roll_rows)):
            alike = usable & ~waits & (dividends == paying) & (tame == (rollback is roll_levels))
            for block in self._blocks(alike):
                result[:, block] = rollback(self.lattice.take(block), self._schedule(block, paying), to)
        return result

    def _blocks(self, chosen: Bools) -> Iterator[Indices]:
        """The chosen cells, alike ones together, in blocks of about `_BLOCK_NODES` nodes a step.

        A block checks for exercise where any of its cells asks for it. For a put that is a matter of depth in
        the money, for a call of ex-dates, so there equal expiries come together first.
        """
        cells = np.flatnonzero(chosen)
        terms, lattice = self.terms.take(cells), self.lattice.take(cells)
        keys = [lattice.moneyness / lattice.spacing]
        if terms.dividend_times.shape[1]:
            keys += [np.where(terms.call, terms.years, 0.0), terms.call.astype(np.float64)]
        cells = cells[np.lexsort(keys)]
        size = max(_BLOCK_NODES // (self.lattice.steps + 1), _LEAST_CELLS)
        for start in range(0, len(cells), size):
            yield cells[start : start + size]

    def _schedule(self, block: Indices | slice, paying: bool) -> Schedule:
        terms = self.terms.take(block)
        step = terms.years / self.lattice.steps
        remaining = self._remaining(terms, block) if paying else np.zeros((1, len(terms)))
        return Schedule(terms.call, terms.rate * step, terms.dividend_yield * step, remaining)

    def _remaining(self, terms: Terms, block: Indices | slice) -> Floats:
        """The value at each node time of the dividends after it, over the strike, (steps + 1, c)."""
        steps = self.lattice.steps
        step = terms.years / steps
        values = present_values(terms)
        total, spot = values.sum(axis=1), self.spot[block]
        scale = np.where(total > spot, spot / total, 1.0) / self.strike[block]
        # A dividend counts at the nodes before its ex-date; a millionth of a step decides nothing.
        option, column = np.nonzero(counted(terms))
        node = np.ceil(terms.dividend_times[option, column] / step[option] - 1e-6).astype(np.intp)
        last = np.maximum(node - 1, 0)
        remaining = np.zeros((steps + 1, len(terms)))
        np.add.at(remaining, (last, option), values[option, column] * scale[option])
        remaining = np.cumsum(remaining[::-1], axis=0)[::-1]
        carry = (terms.rate - terms.dividend_yield) * step
        return np.asarray(remaining * np.exp(carry * np.arange(steps + 1)[:, None]))
