"""The normal distribution in numpy alone (scipy.special costs 240 ms of start-up).

`mills(y) = exp(y²/2) N(−y)` is one quotient of polynomials without a branch; every probability follows from
it with one exponential, and the tails keep their relative accuracy because nothing is subtracted from one.
All coefficients are positive, so the sums lose nothing either.

Source: one smooth form for the whole scaled tail is the idea of M. M. Shepherd and J. G. Laframboise,
"Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞", Mathematics of Computation 36 (1981); the
quotients are our own, printed by `benchmarks/fit_normal.py`.
"""

from __future__ import annotations

import numpy as np

from pmdsl.pricing.terms import Floats

# Beyond this N(−y) is under 3e-316: the quotient need not reach further.
FURTHEST = 38.0

# Lowest power first; the denominators lead with a 1 that is left out.
_NUMERATOR = (
    145577.89044060276,
    225364.76276953076,
    172604.46634101073,
    83985.84198296088,
    28330.766035988883,
    6842.51635793009,
    1183.0921029996414,
    141.69142802194898,
    10.746433793744966,
    0.3989422804001073,
)
_DENOMINATOR = (
    291155.7808812055,
    683038.227892675,
    744616.6987152162,
    498006.97175727657,
    226972.6695397304,
    73926.39310284477,
    17504.812842976422,
    2992.5094281970196,
    356.1677398152168,
    26.93731479817275,
)


def mills(y: Floats) -> Floats:
    """exp(y²/2) N(−y) for 0 ≤ y ≤ 38, any shape. Relative error 7e-16.

    NaN stays NaN; other y are outside the fit and must not be passed.
    """
    below = y + _DENOMINATOR[-1]
    for coefficient in _DENOMINATOR[-2::-1]:
        below *= y
        below += coefficient
    above = y * _NUMERATOR[-1]
    for coefficient in _NUMERATOR[-2:0:-1]:
        above += coefficient
        above *= y
    above += _NUMERATOR[0]
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
