"""The exercise boundary, compiled: one step of Newton's method, as in `boundary.py`.

The innermost loop runs over lives, some dozens at a time, whose numbers stay in the cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.jit import compiled, inlined
from pmdsl.pricing.boundary import LEAST_SQUARE, Scheme
from pmdsl.pricing.compiled.boundary_start import EXPONENT, bounded_exp, columns, tail_and_density
from pmdsl.pricing.compiled.elementary import coarse_mills, mills_parts, short_exp
from pmdsl.pricing.compiled.pieces import column
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import COARSE, FAR, INVERSE_ROOT_TWO_PI
from pmdsl.pricing.quadrature import each_life, roots_of_time, rule
from pmdsl.pricing.terms import Floats

_LINE = 64


def newton(life: Life, depth: Floats, scheme: Scheme) -> tuple[Floats, Floats]:
    """One step for all nodes, and the largest error of the equation before it, (n,)."""
    points = rule(scheme.lags)
    fixed = roots_of_time(scheme.nodes), each_life(scheme.nodes, scheme.lags), points.lag, points.weight
    result, error = np.empty_like(depth), np.empty(len(life))
    before = np.require(depth, np.float64, ("C", "W"))
    inputs = [column(x) for x in (*columns(life), life.highest)]
    step(*inputs, before, *(column(x) for x in fixed), scheme.fit is COARSE, result, error)
    return result, error


@inlined
def short_bounded_exp(x: Any) -> Any:
    """The same by `short_exp`."""
    x = -EXPONENT if x < -EXPONENT else x
    return short_exp(EXPONENT if x > EXPONENT else x)


@compiled
def step(
    rate: Floats,
    dividend_yield: Floats,
    spread: Floats,
    highest: Floats,
    depth: Floats,
    roots: Floats,
    matrices: Floats,
    lag: Floats,
    weight: Floats,
    coarse: bool,
    result: Floats,
    error: Floats,
) -> None:
    """`boundary._newton`: `depth` and `result` are (nodes, n), `matrices` (nodes, lags, nodes)."""
    nodes, lags, count = roots.shape[0], lag.shape[0], rate.shape[0]
    slopes = np.empty((nodes, nodes, _LINE))
    squares, gaps, later, kernels = (
        np.empty((nodes, _LINE)),
        np.empty((nodes, _LINE)),
        np.empty((lags, _LINE)),
        np.empty((lags, _LINE)),
    )
    sums, spare = np.empty((3, _LINE)), np.empty((9, _LINE))
    for start in range(0, count, _LINE):
        size = min(_LINE, count - start)
        part = slice(start, start + size)
        life = (rate[part], dividend_yield[part], spread[part], highest[part])
        for node in range(nodes):
            line, square = depth[node, part], squares[node, :size]
            for i in range(size):
                square[i] = line[i] * line[i]
        for node in range(nodes):
            own = sums[2, :size]
            line = depth[node, part]
            _gap(*life, roots[node], line, gaps[node, :size], own)
            _later(matrices[node], squares[:, :size], node, later, kernels)
            paid, lost = sums[0, :size], sums[1, :size]
            paid[:] = 0.0
            lost[:] = 0.0
            # The fit is chosen here, outside of the loops, which then have nothing to choose.
            given = (*life, roots[node], line, lag, weight)
            if coarse:
                _inner(*given, True, later, kernels, paid, lost, own, spare)
            else:
                _inner(*given, False, later, kernels, paid, lost, own, spare)
            gap = gaps[node, :size]
            for i in range(size):
                gap[i] -= paid[i] - lost[i]
                own[i] += lost[i]
            _slopes(matrices[node], kernels, size, slopes[node])
            for other in range(nodes):
                line, slope = depth[other, part], slopes[node, other, :size]
                for i in range(size):
                    slope[i] *= line[i]
            slope = slopes[node, node, :size]
            for i in range(size):
                slope[i] += own[i]
        _largest(gaps, size, error[part])
        _eliminate(slopes, gaps, size)
        for node in range(nodes):
            line, gap, found = depth[node, part], gaps[node, :size], result[node, part]
            for i in range(size):
                move = gap[i] if abs(gap[i]) < np.inf else 0.0
                moved = line[i] - move
                moved = 2.0 * line[i] if moved < 2.0 * line[i] else moved
                found[i] = 0.5 * line[i] if moved > 0.5 * line[i] else moved


@inlined
def _gap(
    rate: Floats,
    dividend_yield: Floats,
    spread: Floats,
    highest: Floats,
    x: float,
    depth: Floats,
    gap: Floats,
    slope: Floats,
) -> None:
    """`boundary.exercise_gap` at one node."""
    for i in range(gap.shape[0]):
        gap[i], slope[i] = gap_and_slope(rate[i], dividend_yield[i], spread[i], highest[i] + depth[i], x)


@inlined
def gap_and_slope(rate: Any, dividend_yield: Any, spread: Any, log_price: Any, x: Any) -> Any:
    """1 − b − p(b) at the boundary of logarithm `log_price` and the root of time x, and its slope by ln b."""
    own, time = spread * x, x * x
    price = bounded_exp(log_price)
    d1 = (log_price + (rate - dividend_yield) * time) / own + 0.5 * own
    first, _ = tail_and_density(d1)
    second, _ = tail_and_density(d1 - own)
    below = price * bounded_exp(-dividend_yield * time) * first
    return 1.0 - price - bounded_exp(-rate * time) * second + below, below - price


@inlined
def _later(matrix: Floats, squares: Floats, node: int, later: Floats, known: Floats) -> None:
    """ln(X/b) at each lag, and 1 or 0: whether the polynomial says anything there."""
    size = squares.shape[1]
    own = squares[node]
    for row in range(matrix.shape[0]):
        line, mark = later[row, :size], known[row, :size]
        line[:] = 0.0
        for other in range(matrix.shape[1]):
            factor, square = matrix[row, other], squares[other]
            for i in range(size):
                line[i] += factor * square[i]
        for i in range(size):
            least = LEAST_SQUARE * own[i]
            mark[i] = 1.0 if line[i] > least else 0.0
            line[i] = np.sqrt(least if line[i] < least else line[i])


@inlined
def _inner(
    rate: Floats,
    dividend_yield: Floats,
    spread: Floats,
    highest: Floats,
    x: float,
    depth: Floats,
    lag: Floats,
    weight: Floats,
    coarse: bool,
    later: Floats,
    kernels: Floats,
    paid: Floats,
    lost: Floats,
    own: Floats,
    spare: Floats,
) -> None:
    """`boundary._premium`: adds to `paid`, `lost` and `own`; `kernels` goes from marks to derivatives."""
    size = rate.shape[0]
    price, given, flat = spare[0, :size], spare[1, :size], spare[2, :size]
    lower, upper, discount = spare[3, :size], spare[4, :size], spare[5, :size]
    held, ratio, density = spare[6, :size], spare[7, :size], spare[8, :size]
    for i in range(size):
        price[i] = 0.5 * bounded_exp(depth[i])
        given[i] = dividend_yield[i] * bounded_exp(highest[i])
        flat[i] = 1.0 / spread[i]
    for row in range(lag.shape[0]):
        y, part = x * lag[row], x * x * weight[row]
        turn = 1.0 / y
        line, derivative = later[row, :size], kernels[row, :size]
        # In short loops: a long one would wait for one exponential after the other.
        for i in range(size):
            second = (line[i] + depth[i]) * (flat[i] * turn)
            second += ((rate[i] - dividend_yield[i]) * flat[i] - 0.5 * spread[i]) * y
            lower[i], upper[i] = second, second + spread[i] * y
        for i in range(size):
            discount[i] = short_bounded_exp(-rate[i] * (y * y)) * part
        for i in range(size):
            held[i] = short_bounded_exp(-dividend_yield[i] * (y * y)) * part * price[i]
        for i in range(size):
            ratio[i] = short_bounded_exp(-line[i])
        for i in range(size):
            near = abs(lower[i])
            near = FAR if near > FAR else near
            density[i] = short_exp(-0.5 * (near * near)) * discount[i]
        for i in range(size):
            near, far = abs(lower[i]), abs(upper[i])
            near = FAR if near > FAR else near
            far = FAR if far > FAR else far
            if coarse:
                above, below = coarse_mills(near)
                other_above, other_below = coarse_mills(far)
            else:
                above, below = mills_parts(near)
                other_above, other_below = mills_parts(far)
            # One division for both tails.
            shared = density[i] / (below * other_below)
            half = 0.5 * discount[i]
            paid[i] += rate[i] * (half - np.copysign(half - above * other_below * shared, lower[i]))
            tail = other_above * below * shared * ratio[i]
            lost[i] += given[i] * (held[i] - np.copysign(held[i] - tail, upper[i]))
        for i in range(size):
            change = (rate[i] - ratio[i] * given[i]) * INVERSE_ROOT_TWO_PI * density[i] * (flat[i] * turn)
            own[i] += change
            derivative[i] *= change / line[i]


@inlined
def _slopes(matrix: Floats, kernels: Floats, size: int, result: Floats) -> None:
    """The transpose of the matrix times the derivatives: (nodes, lives)."""
    for other in range(matrix.shape[1]):
        line = result[other, :size]
        line[:] = 0.0
        for row in range(matrix.shape[0]):
            factor, derivative = matrix[row, other], kernels[row, :size]
            for i in range(size):
                line[i] += factor * derivative[i]


@inlined
def _largest(gaps: Floats, size: int, error: Floats) -> None:
    """The largest error of all nodes; NaN where one is."""
    error[:] = 0.0
    for node in range(gaps.shape[0]):
        gap = gaps[node, :size]
        for i in range(size):
            found = abs(gap[i])
            error[i] = error[i] if found <= error[i] else found
            error[i] = error[i] if found >= 0.0 else np.nan


@inlined
def _eliminate(matrix: Floats, right: Floats, size: int) -> None:
    """`boundary._solved`: the solutions take the place of `right`."""
    nodes = right.shape[0]
    for pivot in range(nodes - 1):
        top, own = matrix[pivot], right[pivot, :size]
        for row in range(pivot + 1, nodes):
            factor, diagonal = matrix[row, pivot, :size], top[pivot, :size]
            for i in range(size):
                factor[i] = factor[i] / diagonal[i]
            for place in range(pivot + 1, nodes):
                line, above = matrix[row, place, :size], top[place, :size]
                for i in range(size):
                    line[i] -= factor[i] * above[i]
            other = right[row, :size]
            for i in range(size):
                other[i] -= factor[i] * own[i]
    for row in range(nodes - 1, -1, -1):
        own = right[row, :size]
        for place in range(row + 1, nodes):
            factor, other = matrix[row, place, :size], right[place, :size]
            for i in range(size):
                own[i] -= factor[i] * other[i]
        diagonal = matrix[row, row, :size]
        for i in range(size):
            own[i] = own[i] / diagonal[i]
