"""The exercise boundary, compiled: first guess and one step of Newton's method, as in `boundary.py`.

The innermost loop runs over lives, some dozens at a time, whose numbers stay in the cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.pricing.boundary import LEAST_SQUARE, Scheme
from pmdsl.pricing.boundary_start import SHORT, STEPS
from pmdsl.pricing.compiled.elementary import coarse_mills, exp, log, mills_parts, short_exp
from pmdsl.pricing.compiled.jit import column, inlined, kernel
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import COARSE, FAR, INVERSE_ROOT_TWO_PI
from pmdsl.pricing.quadrature import each_life, roots_of_time, rule
from pmdsl.pricing.terms import Floats

_LINE = 64
_EXPONENT = 700.0
_TWO_PI = 2.0 * np.pi


def first_depth(life: Life, roots: Floats) -> Floats:
    """`boundary_start.first_depth`: (nodes, n)."""
    depth = np.empty((len(roots), len(life)))
    guess(*columns(life), column(life.highest), column(life.deepest), column(roots), depth)
    return depth


def newton(life: Life, depth: Floats, scheme: Scheme) -> tuple[Floats, Floats]:
    """One step for all nodes, and the largest error of the equation before it, (n,)."""
    points = rule(scheme.lags)
    fixed = roots_of_time(scheme.nodes), each_life(scheme.nodes, scheme.lags), points.lag, points.weight
    result, error = np.empty_like(depth), np.empty(len(life))
    before = np.require(depth, np.float64, ("C", "W"))
    inputs = [column(x) for x in (*columns(life), life.highest)]
    step(*inputs, before, *(column(x) for x in fixed), scheme.fit is COARSE, result, error)
    return result, error


def columns(life: Life) -> tuple[Floats, Floats, Floats]:
    """rT, qT and σ√T as kernels take them."""
    return column(life.rate), column(life.dividend_yield), column(life.spread)


@inlined
def bounded_exp(x: Any) -> Any:
    """e^x; beyond e^±700 the value there."""
    x = -_EXPONENT if x < -_EXPONENT else x
    return exp(_EXPONENT if x > _EXPONENT else x)


@inlined
def short_bounded_exp(x: Any) -> Any:
    """The same by `short_exp`."""
    x = -_EXPONENT if x < -_EXPONENT else x
    return short_exp(_EXPONENT if x > _EXPONENT else x)


@inlined
def tail_and_density(d: Any) -> Any:
    """N(−d) and exp(−d²/2): `normal.half_less_tail` with the fine fit."""
    distance = abs(d)
    distance = FAR if distance > FAR else distance
    ratio = exp(-0.5 * (distance * distance))
    above, below = mills_parts(distance)
    return 0.5 - np.copysign(0.5 - above / below * ratio, d), ratio


@kernel
def guess(
    rate: Floats,
    dividend_yield: Floats,
    spread: Floats,
    highest: Floats,
    deepest: Floats,
    roots: Floats,
    result: Floats,
) -> None:
    """`boundary_start` for every node and life."""
    for node in range(roots.shape[0]):
        line, x = result[node], roots[node]
        for i in range(line.shape[0]):
            line[i] = -closed_form(rate[i], dividend_yield[i], spread[i], highest[i], deepest[i], x)
        for _ in range(STEPS):
            for i in range(line.shape[0]):
                line[i] = improved(rate[i], dividend_yield[i], spread[i], highest[i], x, line[i])


@inlined
def closed_form(rate: Any, dividend_yield: Any, spread: Any, highest: Any, deepest: Any, x: Any) -> Any:
    own = spread * x
    drift = (rate - dividend_yield) * x / spread
    total = rate * x * x
    square = 1.0 / (_TWO_PI * drift * drift + 2.0 * _TWO_PI * total * total)
    depth = own * np.sqrt(log(1.0 + square)) + highest
    depth = _larger(depth, SHORT * own)
    return depth / np.sqrt(1.0 + (depth / deepest) * (depth / deepest))


@inlined
def _larger(a: Any, b: Any) -> Any:
    """The larger one; NaN of the first stays."""
    return b if a < b else a


@inlined
def improved(rate: Any, dividend_yield: Any, spread: Any, highest: Any, x: Any, depth: Any) -> Any:
    """One step of Newton's method on the QD+ equation."""
    square, time = spread * spread, x * x
    discount, yield_discount = bounded_exp(-rate * time), bounded_exp(-dividend_yield * time)
    span = time if abs(rate * time) < 1e-9 else (1.0 - discount) / rate
    twice = 2.0 / (square * span)
    drift = 2.0 * (rate - dividend_yield) / square - 1.0
    root = np.sqrt(drift * drift + 4.0 * twice)
    power = -0.5 * (drift + root) if drift > 0.0 else -2.0 * twice / (root - drift)
    gain_weight = power + discount * twice * (1.0 - twice / (root * root)) / root
    decay_weight = 2.0 / (square * root)
    own, total = spread * x, highest + depth
    price = bounded_exp(total)
    d1 = (total + (rate - dividend_yield) * time) / own + 0.5 * own
    first, density = tail_and_density(d1)
    second, _ = tail_and_density(d1 - own)
    below, paid = yield_discount * first, discount * second
    weight = yield_discount * density * INVERSE_ROOT_TWO_PI
    gain = 1.0 - price - (paid - price * below)
    half = 0.5 * spread / x
    decay = rate * paid - dividend_yield * price * below - half * price * weight
    value = (1.0 - below) * price + gain_weight * gain - decay_weight * decay
    turn = (dividend_yield - rate) / own - half * (1.0 - d1 / own)
    slope = (1.0 - below) * (1.0 - gain_weight) + weight / own
    slope = (slope - decay_weight * (weight * turn - dividend_yield * below)) * price
    following = depth - value / slope
    following = following if abs(following) < np.inf else depth
    following = 2.0 * depth if following < 2.0 * depth else following
    return 0.5 * depth if following > 0.5 * depth else following


@kernel
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
