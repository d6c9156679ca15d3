"""The linear model: a share, a fund, a future is worth its price."""

from __future__ import annotations

import numpy as np

from pmdsl.pricing.terms import Floats


def price(spot: Floats) -> Floats:
    """V = P, shape and units of `spot`. A negative price is allowed (futures have settled below zero)."""
    return np.array(spot, dtype=np.float64)


def delta(spot: Floats) -> Floats:
    """dV/dP = 1, shape of `spot`; NaN where the price is NaN."""
    return np.where(np.isnan(spot), np.nan, 1.0)
