"""What early exercise adds to European puts, compiled: the integral of `premium.py` for many prices."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.jit import compiled, inlined
from pmdsl.pricing.boundary import Scheme
from pmdsl.pricing.compiled.boundary import gap_and_slope
from pmdsl.pricing.compiled.boundary_start import bounded_exp, columns
from pmdsl.pricing.compiled.elementary import coarse_mills, mills_parts, short_exp
from pmdsl.pricing.compiled.pieces import column
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import COARSE, FAR
from pmdsl.pricing.premium import BEND, LEAST
from pmdsl.pricing.quadrature import rule, whole_life
from pmdsl.pricing.terms import Floats

_LINE = 64


def premium(life: Life, depth: Floats, log: Floats, price: Floats, scheme: Scheme) -> Floats:
    """`Integral.of(…).value(…)`: `depth` is (nodes, n), `log` and `price` of the spots are (m, n)."""
    points = rule(scheme.points, BEND)
    fixed = points.lag, points.weight, whole_life(scheme.nodes, scheme.points, BEND)
    result = np.empty(log.shape)
    inputs = [column(x) for x in (*columns(life), life.highest, depth, *fixed, log, price)]
    integrate(*inputs, scheme.fit is COARSE, result)
    return result


@compiled
def integrate(
    rate: Floats,
    dividend_yield: Floats,
    spread: Floats,
    highest: Floats,
    depth: Floats,
    lag: Floats,
    weight: Floats,
    matrix: Floats,
    log: Floats,
    price: Floats,
    coarse: bool,
    result: Floats,
) -> None:
    """The premium of n lives at m prices each, `result` of (m, n)."""
    count, points = rate.shape[0], lag.shape[0]
    # At each point: the slope of both d, their offsets, and the weights of the rate and of the yield.
    table = np.empty((5, points, _LINE))
    totals = np.empty((6, _LINE))
    today = np.empty((5, _LINE))
    for start in range(0, count, _LINE):
        size = min(_LINE, count - start)
        part = slice(start, start + size)
        own = (rate[part], dividend_yield[part], spread[part], highest[part])
        _points(*own, depth[:, part], lag, weight, matrix, table)
        where, share, top, gap = today[0, :size], today[1, :size], today[2, :size], today[3, :size]
        last = depth[depth.shape[0] - 1, part]
        for i in range(size):
            where[i] = highest[start + i] + last[i]
            share[i] = bounded_exp(where[i])
        _value(table, where, share, coarse, totals, top)
        for i in range(size):
            known, _ = gap_and_slope(own[0][i], own[1][i], own[2][i], where[i], 1.0)
            gap[i] = known / top[i] - 1.0 if top[i] > LEAST else 0.0
        for row in range(log.shape[0]):
            found = result[row, part]
            _value(table, log[row, part], price[row, part], coarse, totals, found)
            for i in range(size):
                found[i] += gap[i] * (top[i] if found[i] > top[i] else found[i])


@inlined
def _points(
    rate: Floats,
    dividend_yield: Floats,
    spread: Floats,
    highest: Floats,
    depth: Floats,
    lag: Floats,
    weight: Floats,
    matrix: Floats,
    table: Floats,
) -> None:
    """What belongs to a life at each point of the integral."""
    size = rate.shape[0]
    for row in range(lag.shape[0]):
        square = table[0, row, :size]
        square[:] = 0.0
        for node in range(matrix.shape[1]):
            factor, line = matrix[row, node], depth[node]
            for i in range(size):
                square[i] += factor * (line[i] * line[i])
        slope, lower, upper = table[0, row, :size], table[1, row, :size], table[2, row, :size]
        paid, lost = table[3, row, :size], table[4, row, :size]
        y, part = lag[row], weight[row]
        for i in range(size):
            log_price = highest[i] - np.sqrt(0.0 if square[i] < 0.0 else square[i])
            steep = 1.0 / (spread[i] * y)
            drift = (rate[i] - dividend_yield[i]) / spread[i] * y - log_price * steep
            half = 0.5 * spread[i] * y
            lower[i], upper[i] = drift - half, drift + half
            paid[i] = rate[i] * part * bounded_exp(-rate[i] * (y * y))
            lost[i] = -dividend_yield[i] * part * bounded_exp(-dividend_yield[i] * (y * y))
            slope[i] = steep


@inlined
def _value(table: Floats, log: Floats, price: Floats, coarse: bool, totals: Floats, result: Floats) -> None:
    """The integral at one price of each life."""
    # The fit is chosen here, outside of the loops, which then have nothing to choose.
    if coarse:
        _fitted(table, log, price, True, totals, result)
    else:
        _fitted(table, log, price, False, totals, result)


@inlined
def _fitted(table: Floats, log: Floats, price: Floats, coarse: bool, totals: Floats, result: Floats) -> None:
    size = result.shape[0]
    paid, lost = totals[0, :size], totals[1, :size]
    lower_d, upper_d, density, other = (
        totals[2, :size],
        totals[3, :size],
        totals[4, :size],
        totals[5, :size],
    )
    paid[:] = 0.0
    lost[:] = 0.0
    for row in range(table.shape[1]):
        slope, lower, upper = table[0, row, :size], table[1, row, :size], table[2, row, :size]
        rates, yields = table[3, row, :size], table[4, row, :size]
        # In short loops: a long one would wait for one exponential after the other.
        for i in range(size):
            lower_d[i] = log[i] * slope[i] + lower[i]
            upper_d[i] = log[i] * slope[i] + upper[i]
        for i in range(size):
            near = abs(lower_d[i])
            near = FAR if near > FAR else near
            density[i] = short_exp(-0.5 * (near * near))
        for i in range(size):
            far = abs(upper_d[i])
            far = FAR if far > FAR else far
            other[i] = short_exp(-0.5 * (far * far))
        for i in range(size):
            near, far = abs(lower_d[i]), abs(upper_d[i])
            near = FAR if near > FAR else near
            far = FAR if far > FAR else far
            tail, second = _quotients(near, far, coarse)
            paid[i] += rates[i] * (0.5 - np.copysign(0.5 - tail * density[i], lower_d[i]))
            lost[i] += yields[i] * (0.5 - np.copysign(0.5 - second * other[i], upper_d[i]))
    for i in range(size):
        result[i] = paid[i] + lost[i] * price[i]


@inlined
def _quotients(near: Any, far: Any, coarse: bool) -> Any:
    """`normal.mills` of two distances, with one division."""
    if coarse:
        above, below = coarse_mills(near)
        other_above, other_below = coarse_mills(far)
    else:
        above, below = mills_parts(near)
        other_above, other_below = mills_parts(far)
    inverse = 1.0 / (below * other_below)
    return above * other_below * inverse, other_above * below * inverse
