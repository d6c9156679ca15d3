"""American options with continuous exercise: the European formula and a premium for early exercise.

Exercise pays below one boundary (boundary.py), which is solved once for each set of rate, yield, volatility
and time and serves every strike and every price scenario; the premium is an integral along it (premium.py).
Calls are puts with spot and strike exchanged (life.py). That leaves

- options that never pay to exercise early, r ≤ 0 and r ≤ q for a put: the European formula;
- puts with q < r < 0, calls with r < q < 0, where exercise pays between two prices: a tree of `binomial`;
- no volatility, or next to none: exercise at the best date, known beforehand, where that is worth more than
  the European option;
- dividends of dated amounts: NaN, they are not for this model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from pmdsl.pricing import binomial, black_scholes
from pmdsl.pricing.boundary import Scheme, solve
from pmdsl.pricing.dividends import counted, present_values
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import COARSE
from pmdsl.pricing.premium import Integral, premium
from pmdsl.pricing.terms import Bools, Floats, Indices, Terms

# How finely to work up to each of the grades of steepness, and above them: the steeper, the more sharply the
# integrals bend.
_GRADES = (4.0, 16.0)
_SCHEMES: Mapping[str, Sequence[Scheme]] = {
    "standard": (
        Scheme(9, 9, 16, 1e-5, COARSE),
        Scheme(10, 24, 32, 1e-5, COARSE),
        Scheme(12, 64, 128, 1e-5, COARSE),
    ),
    "high": (Scheme(12, 16, 28, 1e-6), Scheme(12, 48, 80, 1e-6), Scheme(12, 128, 256, 1e-6)),
}
# Beyond these the date of exercise is known, to within 1e-6 of the value.
_CERTAIN = 250.0
_LEAST_SPREAD = 1e-7
_BLOCK = 1536
_TREE_STEPS = (1001, 251)
# Spot and strike are floored at this part of each other, so that their quotient has a logarithm.
_FLOOR = 1e-18


@dataclass(frozen=True)
class Parts:
    """What the model is put together from: by numpy, or compiled (`compiled/american.py`).

    `european` values options on (n, m) prices and volatilities, `tree` cells of (c,), as `binomial.price`;
    `boundary` is `boundary.solve`, `premium` is `premium.premium`.
    """

    european: Callable[[Terms, Floats, Floats], Floats]
    boundary: Callable[[Life, Scheme], Floats]
    premium: Callable[[Life, Floats, Floats, Floats, Scheme], Floats]
    tree: Callable[[Terms, Floats, Floats, str, int], Floats]


NUMPY = Parts(black_scholes.price, solve, premium, binomial.price)


def price(
    terms: Terms, spot: Floats, volatility: Floats, accuracy: str, parts: Parts | None = None
) -> Floats:
    """The value of n options, shape of the broadcast of `spot` and `volatility`, which are (n, m) or (n, 1).

    NaN for NaN, negative prices, volatility or time, and for an option with dividends to be paid in its life.
    Units of the spot price. Without `parts` they are those of numpy.
    """
    return _answer(False, accuracy, terms, spot, volatility, parts or NUMPY)


def delta(terms: Terms, spot: Floats, volatility: Floats, accuracy: str) -> Floats:
    """dV/dS, arguments, shape and NaN as in `price`; ±1 where the option is to be exercised at once."""
    return _answer(True, accuracy, terms, spot, volatility, NUMPY)


def _answer(
    slope: bool, accuracy: str, terms: Terms, spot: Floats, volatility: Floats, parts: Parts
) -> Floats:
    paying = (counted(terms) | np.isnan(present_values(terms))).any(axis=1)
    terms = replace(terms, years=np.where(paying, np.nan, terms.years))
    formula = black_scholes.delta if slope else parts.european
    result = formula(_held(terms), spot, volatility)
    spot, volatility = np.broadcast_arrays(spot, volatility)
    early = np.flatnonzero(terms.american & Life.of(terms, np.ones(len(terms))).pays_early)
    for columns in _alike(volatility):
        for start in range(0, len(early), _BLOCK):
            rows = early[start : start + _BLOCK]
            # Copies of everything are for those who need only a part.
            whole = result.size == len(rows) * len(columns)
            cells = (slice(None), slice(None)) if whole else np.ix_(rows, columns)
            some = _Cells.of(terms.take(rows), spot[cells], volatility[rows, columns[0]], result[cells])
            result[cells] = some.answer(slope, accuracy, parts)
    if slope:
        return result
    # Rounding must not take an option below what its exercise pays.
    return np.where(terms.american[:, None], np.maximum(result, _exercised(terms, spot)), result)


def _exercised(terms: Terms, spot: Floats) -> Floats:
    """What exercise pays, negative out of the money, shape of `spot`."""
    sign = np.where(terms.call, 1.0, -1.0)[:, None]
    return np.asarray(sign * (spot - terms.strike[:, None]))


def _held(terms: Terms) -> Terms:
    """The same options without early exercise."""
    return replace(terms, american=np.zeros_like(terms.american))


def _alike(volatility: Floats) -> Iterator[Indices]:
    """The columns of scenarios in groups that have one volatility in each row."""
    known = np.nan_to_num(volatility, nan=-1.0)
    left = np.arange(known.shape[1])
    while len(left):
        same = (known[:, left] == known[:, left[:1]]).all(axis=0)
        yield left[same]
        left = left[~same]


@dataclass(frozen=True, eq=False)
class _Cells:
    """k American options that may pay to exercise early, at w prices and one volatility each.

    `european` is the answer to the question if they are exercised at expiry alone, (k, w), and `ratio` the
    prices s of their puts, (w, k).
    """

    terms: Terms
    spot: Floats
    volatility: Floats
    european: Floats
    life: Life
    ratio: Floats

    @staticmethod
    def of(terms: Terms, spot: Floats, volatility: Floats, european: Floats) -> _Cells:
        strike = np.maximum(terms.strike[:, None], _FLOOR * spot + 1e-300)
        net = np.maximum(spot, _FLOOR * strike)
        ratio = np.where(terms.call[:, None], strike / net, net / strike)
        return _Cells(terms, spot, volatility, european, Life.of(terms, volatility), ratio.T.copy())

    def take(self, index: Indices) -> _Cells:
        return _Cells(
            self.terms.take(index),
            self.spot[index],
            self.volatility[index],
            self.european[index],
            self.life.take(index),
            self.ratio[:, index],
        )

    def answer(self, slope: bool, accuracy: str, parts: Parts) -> Floats:
        """The values or their slopes, (k, w), each option by the method for its kind."""
        life = self.life
        certain = (life.spread <= _LEAST_SPREAD) | (life.steepness > _CERTAIN)
        two_sided = ~certain & life.two_sided
        grade = np.where(
            certain | two_sided | np.isnan(life.spread), -1, np.digitize(life.steepness, _GRADES)
        )
        kinds: list[tuple[Bools, Callable[[_Cells], Floats]]] = [
            (certain, partial(_Cells.at_best_date, slope=slope)),
            (two_sided, partial(_Cells.by_tree, slope=slope, parts=parts)),
        ]
        for number, scheme in enumerate(_SCHEMES[accuracy]):
            by_boundary = partial(_Cells.by_boundary, slope=slope, scheme=scheme, parts=parts)
            kinds.append((grade == number, by_boundary))
        result = self.european.copy()
        for chosen, method in kinds:
            index = np.flatnonzero(chosen)
            if len(index) == len(chosen):
                result = method(self)
            elif len(index):
                result[index] = method(self.take(index))
        return np.where(np.isnan(self.european), np.nan, result)

    def by_boundary(self, slope: bool, scheme: Scheme, parts: Parts) -> Floats:
        """The European answer and the premium; what is beyond the boundary is exercised."""
        first, which = self.life.distinct()
        depth = parts.boundary(self.life.take(first), scheme)[:, which]
        log, call = np.log(self.ratio), self.terms.call
        if slope:
            integral = Integral.of(self.life, depth, scheme)
            fall = integral.slope_of(log, self.ratio)
            rise = integral.value(log, self.ratio) - self.ratio * fall
            result = self.european + np.where(call, rise, fall).T
        else:
            unit = np.where(call[:, None], self.spot, self.terms.strike[:, None])
            early = parts.premium(self.life, depth, log, self.ratio, scheme)
            result = self.european + unit * np.maximum(early, 0.0).T
        beyond = (log <= self.life.highest + depth[-1]).T
        result = np.where(beyond, self.exercised(slope), result)
        lost = np.flatnonzero(np.isnan(depth[-1]))
        if len(lost):
            result[lost] = self.take(lost).by_tree(slope, parts)
        return result

    def by_tree(self, slope: bool, parts: Parts) -> Floats:
        """The answer of a binomial tree, which asks for no boundary."""
        method = binomial.delta if slope else parts.tree
        count, width = self.spot.shape
        cells = np.repeat(np.arange(count), width)
        asked = self.terms.take(cells), self.spot.ravel(), self.volatility[cells], "leisen_reimer"
        # The error falls with the number of steps: what the smaller tree says of it is taken off.
        fine, coarse = (method(*asked, steps).reshape(count, width) for steps in _TREE_STEPS)
        result = fine + (fine - coarse) * _TREE_STEPS[1] / (_TREE_STEPS[0] - _TREE_STEPS[1])
        return result if slope else np.maximum(result, self.european)

    def at_best_date(self, slope: bool) -> Floats:
        """Exercise at the date that is best if the price takes its forward path, or the European answer.

        The put pays e^{−rt} − s·e^{−qt} at a part t of its life, which has its largest value at the ends or
        at one date between them.
        """
        life, ratio = self.life, self.ratio
        turn = np.log(life.rate / (ratio * life.dividend_yield)) / (life.rate - life.dividend_yield)
        between = np.clip(np.nan_to_num(turn), 0.0, 1.0)
        dates = np.stack([np.zeros_like(ratio), between, np.ones_like(ratio)])
        kept, given = np.exp(-life.rate * dates), np.exp(-life.dividend_yield * dates)
        best = np.argmax(kept - ratio * given, axis=0)[None]
        kept, given = (np.take_along_axis(part, best, 0)[0].T for part in (kept, given))
        call, strike = self.terms.call[:, None], self.terms.strike[:, None]
        worth = np.where(call, self.spot * kept - strike * given, strike * kept - self.spot * given)
        if not slope:
            return np.asarray(np.maximum(worth, self.european))
        held = black_scholes.price(_held(self.terms), self.spot, self.volatility[:, None])
        return np.where(worth > held, np.where(call, kept, -given), self.european)

    def exercised(self, slope: bool) -> Floats:
        """The answer where the option is exercised at once, (k, w)."""
        if slope:
            return np.broadcast_to(np.where(self.terms.call, 1.0, -1.0)[:, None], self.spot.shape)
        return _exercised(self.terms, self.spot)
