"""The normal distribution: prices need it in numpy alone (scipy.special costs 240 ms of start-up).

`mills(y) = exp(y²/2) N(−y)` is one quotient of polynomials without a branch; every probability follows from
it with one exponential, and the tails keep their relative accuracy because nothing is subtracted from one.
All coefficients are positive, so the sums lose nothing either.

Source: one smooth form for the whole scaled tail is the idea of M. M. Shepherd and J. G. Laframboise,
"Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞", Mathematics of Computation 36 (1981); the
quotients are our own, printed by `benchmarks/fit_normal.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.pricing.terms import Floats

# Beyond this N(−y) is under 3e-316: the quotient need not reach further.
FURTHEST = 38.0
# Beyond this it is under 1e-18, which no sum of other numbers notices. Much smaller ones turn subnormal when
# they are multiplied, and fifty times slower.
FAR = 9.0
INVERSE_ROOT_TWO_PI = 1.0 / np.sqrt(2.0 * np.pi)


@dataclass(frozen=True)
class Fit:
    """exp(y²/2) N(−y) ≈ P(y)/Q(y): coefficients, lowest power first; Q leads with a 1 that is left out."""

    numerator: tuple[float, ...]
    denominator: tuple[float, ...]


# For 0 ≤ y ≤ 38: relative error 5e-17 before rounding.
FINE = Fit(
    (
        146162.58337472528,
        226192.56568153648,
        173183.75932781002,
        84240.52722237293,
        28406.88782572096,
        6858.299678317817,
        1185.3131466733548,
        141.88677268875276,
        10.754785687884016,
        0.39894228040008367,
    ),
    (
        292325.16674945055,
        685626.8686465811,
        747256.0282456827,
        499638.91378581664,
        227649.6552987742,
        74122.72754538477,
        17544.865418497604,
        2998.0976941089907,
        356.6573962813471,
        26.9582498921568,
    ),
)
# For 0 ≤ y ≤ 9: relative error 2e-9, at half the cost.
COARSE = Fit(
    (56.52048700950387, 47.65710531411443, 19.339496904943204, 4.1364077068140315, 0.3989572806472187),
    (113.04097401900773, 185.5078691719743, 130.17220841491147, 49.44669087473258, 10.370028735135287),
)


def mills(y: Floats, fit: Fit = FINE) -> Floats:
    """exp(y²/2) N(−y) for y in the range of the fit, any shape. Relative error 9e-16, or that of the fit.

    NaN stays NaN; a y outside the range must not be passed.
    """
    below = y + fit.denominator[-1]
    for coefficient in fit.denominator[-2::-1]:
        below *= y
        below += coefficient
    above = y * fit.numerator[-1]
    for coefficient in fit.numerator[-2:0:-1]:
        above += coefficient
        above *= y
    above += fit.numerator[0]
    above /= below
    return above


def density_ratio(y: Floats) -> Floats:
    """exp(−y²/2), any shape: the normal density without its constant. Relative error y²/2 · 1e-16."""
    result = y * y
    result *= -0.5
    return np.exp(result, out=result)


def cdf(z: Floats) -> Floats:
    """The standard normal distribution function N(z), any shape.

    Absolute error 4e-16; relative error 1e-14 down to z = −12 and 1e-13 down to −37. Beyond ±38 the value is
    that at ±38: 3e-316 and 1. NaN stays.
    """
    distance = np.minimum(np.abs(z), FURTHEST)
    tail = mills(distance)
    tail *= density_ratio(distance)
    return np.where(z > 0.0, 1.0 - tail, tail)


def half_less_tail(d: Floats, fit: Fit = FINE) -> tuple[Floats, Floats]:
    """½ − N(−d) and exp(−d²/2), any shape; beyond ±9 the values at ±9. NaN stays.

    The absolute error of the tail is 4e-16, with the coarse fit 1e-9.
    """
    distance = np.abs(d)
    np.minimum(distance, FAR, out=distance)
    ratio = density_ratio(distance)
    result = mills(distance, fit)
    result *= ratio
    np.subtract(0.5, result, out=result)
    return np.copysign(result, d, out=result), ratio


def density(z: Floats) -> Floats:
    """The standard normal density, any shape."""
    result = density_ratio(z)
    result *= INVERSE_ROOT_TWO_PI
    return result


def quantile(p: Floats) -> Floats:
    """The z at which the standard normal distribution reaches p, any shape. Relative error 6e-16.

    Infinite at 0 and at 1; NaN beyond them, and where p is NaN.
    """
    from scipy.special import ndtri

    found: Floats = ndtri(p)
    return found
