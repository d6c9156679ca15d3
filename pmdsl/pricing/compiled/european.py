"""European options on a spot or a forward price, compiled: `black.py` cell by cell, the same operations.

The cells of a piece are laid out in a row, whatever the number of scenarios, and worked out as vectors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.jit import compiled, inlined
from pmdsl.pricing.black import FURTHEST, LEAST_STRIKE, TINY
from pmdsl.pricing.compiled.elementary import exp, log, mills_parts, within
from pmdsl.pricing.compiled.pieces import column, divided
from pmdsl.pricing.dividends import present_value
from pmdsl.pricing.terms import Bools, Floats, Terms

_LINE = 512
_PIECE = 16_384


def price(terms: Terms, spot: Floats, volatility: Floats, on_forward: bool) -> Floats:
    """`black_76.price` where `on_forward`, else `black_scholes.price`; arguments, shape and NaN as there."""
    count, width = len(terms), max(spot.shape[1], volatility.shape[1])
    result = np.empty((count, width))
    carry = np.zeros(count) if on_forward else terms.rate - terms.dividend_yield
    paid = np.zeros(count) if on_forward else present_value(terms)
    years = np.where(terms.american, np.nan, terms.years)
    columns = [column(x) for x in (terms.strike, years, terms.rate, carry, paid, spot, volatility)]
    call = np.require(terms.call, np.bool_, ("C", "W"))
    if result.size:
        divided(
            lambda start, stop: fill(call, *columns, result.reshape(-1), width, start, stop),
            count,
            max(_PIECE // width, 1),
        )
    return result


@compiled
def fill(
    call: Bools,
    strike: Floats,
    years: Floats,
    rate: Floats,
    carry: Floats,
    paid: Floats,
    spot: Floats,
    volatility: Floats,
    result: Floats,
    width: int,
    start: int,
    stop: int,
) -> None:
    """The values of the options start ≤ i < stop, into `result` of (n · width,).

    `carry` is r − q and `paid` the present value of the dividends; all other columns are those of the terms.
    """
    units, values, roots = np.empty(stop - start), np.empty(stop - start), np.empty(stop - start)
    some = slice(start, stop)
    _constants(call[some], strike[some], years[some], rate[some], carry[some], units, values, roots)
    ratio, spread, inverse, unit = np.empty(_LINE), np.empty(_LINE), np.empty(_LINE), np.empty(_LINE)
    row, at, cell = start, 0, start * width
    while row < stop:
        filled = 0
        while filled < _LINE and row < stop:
            taken = min(width - at, _LINE - filled)
            part = slice(filled, filled + taken)
            unit[part] = values[row - start]
            _ratios(spot[row], at, units[row - start], paid[row], ratio[part])
            _spreads(volatility[row], at, roots[row - start], spread[part], inverse[part])
            filled += taken
            at += taken
            if at == width:
                row, at = row + 1, 0
        line = result[cell : cell + filled]
        # In two loops, as one of them alone would wait for the logarithm.
        for k in range(filled):
            line[k] = abs(log(ratio[k] + TINY))
        for k in range(filled):
            line[k] = value_of(line[k], ratio[k], spread[k], inverse[k], unit[k])
        cell += filled


@inlined
def _constants(
    call: Bools,
    strike: Floats,
    years: Floats,
    rate: Floats,
    carry: Floats,
    units: Floats,
    values: Floats,
    roots: Floats,
) -> None:
    """What belongs to an option: the strike in prices of today, its value, negative for a put, and √T."""
    for i in range(units.shape[0]):
        growth = within(carry[i] * years[i])
        asked = strike[i] / exp(growth)
        asked = LEAST_STRIKE if asked < LEAST_STRIKE else asked
        units[i] = asked if strike[i] >= 0.0 else np.nan
        value = units[i] * (exp(within(-rate[i] * years[i])) * exp(growth))
        values[i] = value if call[i] else -value
        roots[i] = np.sqrt(years[i])


@inlined
def _ratios(spot: Floats, at: int, unit: float, paid: float, result: Floats) -> None:
    """The prices less their dividends over the strike; one price may stand for all scenarios."""
    if spot.shape[0] > 1:
        some = spot[at : at + result.shape[0]]
        for k in range(result.shape[0]):
            price = some[k]
            net = price - paid
            net = 0.0 if net < 0.0 else net
            result[k] = (net if price > 0.0 else price + 0.0 * paid) / unit
    else:
        price = spot[0]
        net = price - paid
        net = 0.0 if net < 0.0 else net
        result[:] = (net if price > 0.0 else price + 0.0 * paid) / unit


@inlined
def _spreads(volatility: Floats, at: int, root: float, result: Floats, inverse: Floats) -> None:
    """σ√T and what is to be multiplied by instead of dividing by it."""
    if volatility.shape[0] > 1:
        some = volatility[at : at + result.shape[0]]
        for k in range(result.shape[0]):
            spread = some[k] * root if some[k] >= 0.0 else np.nan
            spread = TINY if spread < TINY else spread
            result[k] = spread
            inverse[k] = 1.0 / spread
    else:
        spread = volatility[0] * root if volatility[0] >= 0.0 else np.nan
        spread = TINY if spread < TINY else spread
        result[:] = spread
        inverse[:] = 1.0 / spread


@inlined
def value_of(away: Any, ratio: Any, spread: Any, inverse: Any, unit: Any) -> Any:
    """The value for `away` = |ln(F/K)|, `ratio` = F/K, s = σ√T and 1/s.

    `unit` is the discounted strike, negative for a put.
    """
    half, far = 0.5 * spread, away * inverse
    first = half - far
    far = far + half
    near = abs(first)
    near = FURTHEST if near > FURTHEST else near
    far = FURTHEST if far > FURTHEST else far
    density = exp(-0.5 * (near * near))
    above, below = mills_parts(near)
    other_above, other_below = mills_parts(far)
    # Both tails over one denominator: divisions are what costs most.
    tail = np.copysign(above, first) * other_below + other_above * below
    time_value = (1.0 if first >= 0.0 else 0.0) - tail / (below * other_below) * density
    paid = np.copysign(ratio - 1.0, (ratio - 1.0) * unit)
    return abs(unit) * (time_value * (1.0 if ratio > 1.0 else ratio) + (0.0 if paid < 0.0 else paid))
