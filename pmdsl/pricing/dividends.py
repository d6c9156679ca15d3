"""Discrete dividends by the escrowed method: the spot without the present value of what will be paid.

The present value of a dividend D with ex-date t is D·exp(−(r − q)t): with a continuous yield q beside it,
that is what makes the forward price S·e^{(r−q)T} − Σ D·e^{(r−q)(T−t)}. Only ex-dates in (0, expiry] count:
one of today has left the price already. A company cannot pay out more than it is worth, so where the spot is
below the present value of its dividends they are scaled down to it and the net spot is 0.
"""

from __future__ import annotations

import numpy as np

from pmdsl.pricing.terms import Bools, Floats, Terms


def counted(terms: Terms) -> Bools:
    """Which dividends are not nothing and have their ex-date in (0, expiry], shape (n, d)."""
    times = terms.dividend_times
    inside = (times > 0.0) & (times <= terms.years[:, None])
    return np.asarray(inside & (terms.dividend_amounts != 0.0))


def present_values(terms: Terms) -> Floats:
    """The present value of each dividend, 0 for those that do not count, (n, d), in price units.

    NaN for an amount without a date and for one that is not finite.
    """
    carry = (terms.rate - terms.dividend_yield)[:, None]
    with np.errstate(all="ignore"):
        values = terms.dividend_amounts * np.exp(-carry * terms.dividend_times)
    lost = np.isnan(terms.dividend_times) & (terms.dividend_amounts != 0.0)
    values = np.where(np.isfinite(values), values, np.nan)
    return np.where(counted(terms), values, np.where(lost, np.nan, 0.0))


def present_value(terms: Terms) -> Floats:
    """The present value of all dividends up to expiry, shape (n,), in price units."""
    return np.asarray(present_values(terms).sum(axis=1))


def net_spot(terms: Terms, spot: Floats) -> Floats:
    """The escrowed spot max(S − PV, 0) for spots of (n,) or (n, m); a negative spot stays as it is."""
    if terms.dividend_times.shape[1] == 0:
        return spot
    value = present_value(terms).reshape((-1,) + (1,) * (spot.ndim - 1))
    # 0·value is 0 or NaN: what is not known of the dividends is not known of a worthless share either.
    return np.where(spot > 0.0, np.maximum(spot - value, 0.0), spot + 0.0 * value)
