"""The exercise boundary of American puts: below which share price each is exercised, at every time to expiry.

Where the price is on the boundary, holding is worth what exercise pays:

    1 − b(τ) = p(b, τ) + e(b, τ),   e = ∫₀^τ r·e^{−ru}·N(−d₂) − q·b·e^{−qu}·N(−d₁) du

with the European put p, and d₁,₂ of b(τ) against b(τ − u): Kim's equation. It is asked at Chebyshev points of
√τ, where ln²(b/X) is interpolated by a polynomial, and solved for all of them at once by Newton's method: the
derivative of the integral by the boundary inside it is known in closed form. Two steps from `boundary_start`
are the rule. The boundary depends neither on the spot nor on the strike, so one serves every price scenario.

Sources: I. J. Kim, "The analytic valuation of American options", Review of Financial Studies 3 (1990); the
variables of L. Andersen, M. Lake and D. Offengenden, "High-performance American option pricing", Journal of
Computational Finance 20 (2016). Newton's method takes the place of their fixed point: it needs no choice
between two equations and ends at low volatilities too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pmdsl.pricing.boundary_start import first_depth
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import FAR, FINE, INVERSE_ROOT_TWO_PI, Fit, density_ratio, half_less_tail, mills
from pmdsl.pricing.quadrature import each_life, roots_of_time, rule
from pmdsl.pricing.terms import Floats

_BLOCK = 1536
_MOST_STEPS = 22
LEAST_SQUARE = 1e-8


@dataclass(frozen=True)
class Scheme:
    """How finely to work: nodes of the boundary, points of its integrals, points of a price's integral.

    `enough` is the error of the equation, in strikes, from which one step of Newton more is the last; `fit`
    is that of the normal distribution.
    """

    nodes: int
    lags: int
    points: int
    enough: float
    fit: Fit = FINE


def newton(life: Life, depth: Floats, scheme: Scheme) -> tuple[Floats, Floats]:
    """One step for all nodes, and the largest error of the equation before it, (n,)."""
    roots, count = roots_of_time(scheme.nodes), scheme.nodes
    error, own = exercise_gap(life, roots[:, None], depth)
    slopes = np.empty((count, count, len(life)))
    squares = depth * depth
    for node, matrix in enumerate(each_life(count, scheme.lags)):
        later = matrix @ squares
        # A polynomial through a guess can dip below zero; there it says nothing about the nodes.
        least = LEAST_SQUARE * squares[node]
        known = later > least
        np.sqrt(np.maximum(later, least, out=later), out=later)
        premium, lost, kernel = _premium(life, float(roots[node]), depth[node], later, scheme)
        error[node] -= premium
        own[node] += lost + kernel.sum(axis=0)
        # ∂ ln b(u)/∂ ln b(node) is matrix·depth(node)/depth(u), and the premium is taken off.
        kernel /= later
        kernel *= known
        slopes[node] = matrix.T @ kernel
    slopes *= depth
    slopes[range(count), range(count)] += own
    largest = np.abs(error).max(axis=0)
    step = _solved(slopes, error)
    step = np.where(np.isfinite(step), step, 0.0)
    return np.clip(depth - step, 2.0 * depth, 0.5 * depth), largest


Guess = Callable[[Life, Floats], Floats]
Newton = Callable[[Life, Floats, Scheme], tuple[Floats, Floats]]


def solve(life: Life, scheme: Scheme, guess: Guess = first_depth, newton: Newton = newton) -> Floats:
    """ln(b/X) at the nodes of the scheme, (nodes, n); NaN where the search does not end.

    For puts that are exercised below one price: r > 0, or r = 0 and q < 0. `guess` and `newton` may be those
    of `compiled/boundary.py`.
    """
    depth = np.empty((scheme.nodes, len(life)))
    with np.errstate(all="ignore"):
        for start in range(0, len(life), _BLOCK):
            part = slice(start, start + _BLOCK)
            depth[:, part] = _solve(life.take(part), scheme, guess, newton)
    return depth


def _solve(life: Life, scheme: Scheme, guess: Guess, newton: Newton) -> Floats:
    depth = guess(life, roots_of_time(scheme.nodes))
    # From a guess, half the points go as far.
    depth, _ = newton(life, depth, replace(scheme, lags=(scheme.lags + 1) // 2))
    depth, error = newton(life, depth, scheme)
    for _ in range(_MOST_STEPS):
        rest = np.flatnonzero(~(error <= scheme.enough))
        if not len(rest):
            break
        depth[:, rest], error[rest] = newton(life.take(rest), depth[:, rest], scheme)
    depth[:, ~(error <= scheme.enough)] = np.nan
    return depth


def exercise_gap(life: Life, x: Floats, depth: Floats) -> tuple[Floats, Floats]:
    """What exercise pays over a European put on the boundary, 1 − b − p(b), and its derivative by ln b.

    At roots of time `x` of (k, 1) and ln(b/X) of (k, n); both are (k, n).
    """
    price, spread = np.exp(life.highest + depth), life.spread * x
    d1 = (life.highest + depth + (life.rate - life.dividend_yield) * x * x) / spread + 0.5 * spread
    first, second = 0.5 - half_less_tail(np.stack([d1, d1 - spread]))[0]
    below = price * np.exp(-life.dividend_yield * x * x) * first
    return 1.0 - price - np.exp(-life.rate * x * x) * second + below, below - price


def _premium(
    life: Life, x: float, depth: Floats, later: Floats, scheme: Scheme
) -> tuple[Floats, Floats, Floats]:
    """The premium e at one node, what of it is lost yield, both (n,), and its derivative by ln b(u).

    `later` is ln(X/b) at the lags, (lags, n), as is the derivative. N(−d) is written as ½ ∓ (½ − φ·M), and
    b(u)·e^{−ru}·φ(d₂) stands for b·e^{−qu}·φ(d₁): one density serves both tails.
    """
    points = rule(scheme.lags)
    y, weight = x * points.lag[:, None], x * x * points.weight[:, None]
    both = np.empty((2, *later.shape))
    lower, upper = both
    inverse = (1.0 / life.spread) * (1.0 / y)
    np.add(later, depth, out=lower)
    lower *= inverse
    lower += ((life.rate - life.dividend_yield) / life.spread - 0.5 * life.spread) * y
    np.add(lower, life.spread * y, out=upper)
    distance = np.abs(both)
    np.minimum(distance, FAR, out=distance)
    discount = np.exp(life.rate * (-y * y))
    discount *= weight
    density = density_ratio(distance[0])
    density *= discount
    ratio = np.exp(np.negative(later))
    first, second = mills(distance, scheme.fit)
    first *= density
    discount *= 0.5
    np.subtract(discount, first, out=first)
    discount -= np.copysign(first, lower, out=first)
    paid = life.rate * discount.sum(axis=0)
    second *= density
    second *= ratio
    held = np.exp(life.dividend_yield * (-y * y))
    held *= weight
    held *= 0.5 * np.exp(depth)
    np.subtract(held, second, out=second)
    held -= np.copysign(second, upper, out=second)
    highest = life.dividend_yield * np.exp(life.highest)
    lost = highest * held.sum(axis=0)
    ratio *= -highest * INVERSE_ROOT_TWO_PI
    ratio += life.rate * INVERSE_ROOT_TWO_PI
    ratio *= density
    ratio *= inverse
    return paid - lost, lost, ratio


def _solved(matrix: Floats, right: Floats) -> Floats:
    """n linear systems by elimination, (k, n) from (k, k, n) and (k, n), both of which are written over.

    The nodes stand from the shortest time to the longest and each depends on the shorter ones, so no rows
    need to be exchanged.
    """
    size = len(right)
    for pivot in range(size - 1):
        below = slice(pivot + 1, None)
        factor = matrix[below, pivot] / matrix[pivot, pivot]
        matrix[below, below] -= factor[:, None] * matrix[pivot, below]
        right[below] -= factor * right[pivot]
    for row in range(size - 1, -1, -1):
        right[row] -= (matrix[row, row + 1 :] * right[row + 1 :]).sum(axis=0)
        right[row] /= matrix[row, row]
    return right
