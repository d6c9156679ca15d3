"""The first guess of an exercise boundary, compiled: `boundary_start.py` for every node and life."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.jit import compiled, inlined
from pmdsl.pricing.boundary_start import SHORT, STEPS
from pmdsl.pricing.compiled.elementary import exp, log, mills_parts
from pmdsl.pricing.compiled.pieces import column
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import FAR, INVERSE_ROOT_TWO_PI
from pmdsl.pricing.terms import Floats

EXPONENT = 700.0
_TWO_PI = 2.0 * np.pi


def first_depth(life: Life, roots: Floats) -> Floats:
    """`boundary_start.first_depth`: (nodes, n)."""
    depth = np.empty((len(roots), len(life)))
    guess(*columns(life), column(life.highest), column(life.deepest), column(roots), depth)
    return depth


def columns(life: Life) -> tuple[Floats, Floats, Floats]:
    """rT, qT and σ√T as kernels take them."""
    return column(life.rate), column(life.dividend_yield), column(life.spread)


@inlined
def bounded_exp(x: Any) -> Any:
    """e^x; beyond e^±700 the value there."""
    x = -EXPONENT if x < -EXPONENT else x
    return exp(EXPONENT if x > EXPONENT else x)


@inlined
def tail_and_density(d: Any) -> Any:
    """N(−d) and exp(−d²/2): `normal.half_less_tail` with the fine fit."""
    distance = abs(d)
    distance = FAR if distance > FAR else distance
    ratio = exp(-0.5 * (distance * distance))
    above, below = mills_parts(distance)
    return 0.5 - np.copysign(0.5 - above / below * ratio, d), ratio


@compiled
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
