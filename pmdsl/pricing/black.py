"""The one formula under Black-Scholes-Merton and Black-76: a European option on a forward price.

With F the forward, K the strike, D the discount factor and s = σ√T, the value is

    D·(max(±(F − K), 0) + A)

where A is the value of the option that is out of the money. Working with A alone keeps the relative accuracy
of cheap options, makes put-call parity hold to the last bit, and costs one exponential instead of two. With m
the smaller of F and K and d₁,₂ = −|ln(F/K)|/s ± s/2,

    A = m·(N(d₁) − e^{|ln(F/K)|} N(d₂)) = m·e^{−d₁²/2}·(M(−d₁) − M(−d₂)),   M(y) = e^{y²/2} N(−y).

Source: F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976); the form in
scaled tails follows P. Jäckel, "Let's be rational", Wilmott (2015).

Over a row of scenarios the strike, the discount factor and s are columns: a cell costs one logarithm, one
exponential and two tails.
"""

from __future__ import annotations

import numpy as np

from pmdsl.pricing.normal import cdf, density_ratio, mills
from pmdsl.pricing.terms import Bools, Floats

# Keep logarithms and quotients finite at F = 0, K = 0 and s = 0 without changing any other number.
TINY = 1e-300
LEAST_STRIKE = 1e-290
# Further out a value is 0 (under 1e-290): subnormal numbers would make it fifty times slower.
FURTHEST = 36.5


def relative_time_value(away: Floats, spread: Floats) -> Floats:
    """A/m for away = |ln(F/K)| ≥ 0 and spread s = σ√T > 0, which broadcast; in [0, 1), no units."""
    half = 0.5 * spread
    # Both tails in one array: half the calls of the fit, which is most of the work.
    distances = np.empty((2, *np.broadcast_shapes(away.shape, spread.shape)))
    near, far = distances
    np.multiply(away, 1.0 / spread, out=far)
    first = half - far
    far += half
    np.abs(first, out=near)
    np.minimum(distances, FURTHEST, out=distances)
    density = density_ratio(near)
    near, far = mills(distances)
    # Where d₁ > 0 the tail is that of −d₁ and the value is counted down from one; masks would cost a
    # misprediction a cell.
    np.copysign(near, first, out=near)
    near += far
    near *= density
    near -= ~np.signbit(first)
    return np.asarray(np.negative(near, out=near))


def distance(forward: Floats, strike: Floats) -> Floats:
    """|ln(F/K)|, finite at zero; NaN for a negative price."""
    result = (forward + TINY) / (strike + TINY)
    np.log(result, out=result)
    return np.abs(result, out=result)


def deviation(volatility: Floats, years: Floats) -> Floats:
    """s = σ√T, the standard deviation of the log price at expiry; NaN for a negative volatility or time."""
    return np.where(volatility >= 0.0, volatility, np.nan) * np.sqrt(years)


def value(call: Bools, forward: Floats, strike: Floats, discount: Floats, spread: Floats) -> Floats:
    """The discounted value of European options; all arguments broadcast, prices in units of the forward.

    `spread` is s = σ√T; 0 gives the discounted intrinsic value of the forward. NaN or negative prices give
    NaN. The spot may stand for the forward where strike and discount factor are those of the spot.
    """
    unit = np.maximum(np.where(strike >= 0.0, strike, np.nan), LEAST_STRIKE)
    sign = np.where(call, 1.0, -1.0)
    ratio = forward / unit
    spare = ratio + TINY
    np.log(spare, out=spare)
    result = relative_time_value(np.abs(spare, out=spare), np.maximum(spread, TINY))
    result *= np.minimum(ratio, 1.0, out=spare)
    np.multiply(ratio, sign, out=spare)
    spare -= sign
    result += np.maximum(spare, 0.0, out=spare)
    result *= unit * discount
    return result


def exercise_probability(call: Bools, forward: Floats, strike: Floats, spread: Floats) -> Floats:
    """±N(±d₁): the derivative of the undiscounted value by the forward; all arguments broadcast.

    Without volatility or time it is ±1 in the money and 0 elsewhere, at the strike too.
    """
    log = np.log((forward + TINY) / (np.where(strike >= 0.0, strike, np.nan) + TINY))
    sign = np.where(call, 1.0, -1.0)
    d1 = log / np.maximum(spread, TINY) + 0.5 * spread
    certain = np.heaviside(sign * log, 0.0)
    return np.asarray(sign * np.where(spread == 0.0, certain, cdf(sign * d1)))
