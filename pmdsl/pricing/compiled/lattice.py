"""One tree at a time, compiled: `lattice.py` and the bounds of `exercise.py` for a single cell."""

from __future__ import annotations

from math import exp, expm1, inf, isfinite, log, log1p, sqrt
from typing import Any

from pmdsl.jit import inlined
from pmdsl.pricing.exercise import SLACK


@inlined
def crr(steps: Any, call: Any, rate: Any, dividend_yield: Any, spread: Any) -> Any:
    """The move as a logarithm and the probabilities of one inward and outward: `lattice.crr`."""
    move = spread / sqrt(steps)
    carry = rate - dividend_yield if call else dividend_yield - rate
    inward = expm1(-carry - move) / expm1(-2.0 * move)
    outward = expm1(move - carry) / expm1(2.0 * move)
    return move, inward, outward


@inlined
def leisen_reimer(steps: Any, moneyness: Any, carry: Any, spread: Any) -> Any:
    """Moves inward and outward as logarithms and their probabilities: `lattice.leisen_reimer`."""
    centre = (moneyness + carry * steps) / spread
    own_in, own_out = _peizer_pratt(centre + 0.5 * spread, steps)
    other_in, other_out = _peizer_pratt(centre - 0.5 * spread, steps)
    return carry + own_in - other_in, carry + own_out - other_out, exp(own_in), exp(own_out)


@inlined
def _peizer_pratt(z: Any, steps: Any) -> Any:
    exponent = (z / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0))) ** 2 * (steps + 1.0 / 6.0)
    root = sqrt(-expm1(-exponent))
    larger = log1p(root) - log(2.0)
    smaller = -exponent - log1p(root) - log(2.0)
    return (larger, smaller) if z > 0.0 else (smaller, larger)


@inlined
def is_tree(moneyness: Any, inward_log: Any, outward_log: Any, inward: Any, outward: Any) -> Any:
    """`Lattice.valid` of one tree."""
    spacing = inward_log - outward_log
    return spacing > 0.0 and isfinite(spacing) and isfinite(moneyness) and inward >= 0.0 and outward >= 0.0


@inlined
def limit_of_exercise(call: Any, rate: Any, dividend_yield: Any, now: Any, later: Any) -> Any:
    """What e^{−M} of a put must be below, or e^M of a call above, for exercise to beat waiting one step.

    `Schedule.least_moneyness` without its logarithm: rates are per step, `now` and `later` are the dividends
    still to come over the strike.
    """
    cost = max(-expm1(-dividend_yield), 1e-300)
    gain = now - exp(-rate) * later + expm1(-rate)
    if dividend_yield < 0.0:
        gain = inf if call else -inf
    if call:
        return max(1.0 - now, -gain / cost, 0.0)
    return max(-max(now - 1.0, gain / cost), 0.0)


@inlined
def least_moneyness(call: Any, limit: Any) -> Any:
    """The log-moneyness that the limit stands for; −inf anywhere, inf nowhere."""
    if limit == 0.0:
        return -inf if call else inf
    return log(limit) if call else -log(limit)


@inlined
def never_pays(
    steps: Any,
    moneyness: Any,
    inward_log: Any,
    outward_log: Any,
    inward: Any,
    outward: Any,
    least: Any,
    width: Any,
) -> Any:
    """`exercise.never_pays` of one tree."""
    spacing = inward_log - outward_log
    drift = inward_log - spacing * outward
    swing = spacing * width
    root = sqrt(steps)
    if drift < 0.0:
        root = min(0.5 * swing / max(-drift, 1e-300), root)
    return moneyness + drift * root * root + swing * root < least - SLACK
