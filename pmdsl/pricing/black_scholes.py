"""Black-Scholes-Merton: European options on a spot price with a continuous yield and escrowed dividends.

    V = e^{−rT}·Black(F, K, σ√T),   F = S*·e^{(r−q)T},   S* = S without the present value of its dividends
    (dividends.py)

Source: F. Black and M. Scholes, Journal of Political Economy 81 (1973); R. C. Merton, "Theory of rational
option pricing", Bell Journal of Economics 4 (1973).
"""

from __future__ import annotations

import numpy as np

from pmdsl.pricing import black
from pmdsl.pricing.dividends import net_spot
from pmdsl.pricing.terms import Floats, Terms


def price(terms: Terms, spot: Floats, volatility: Floats) -> Floats:
    """The value of n options, shape of the broadcast of `spot` and `volatility`, which are (n, m) or (n, 1).

    NaN for an American option, and for NaN, negative prices, volatility or time. Units of the spot price.
    """
    growth = np.exp((terms.rate - terms.dividend_yield) * terms.years)[:, None]
    # In units of the spot: the forward of each cell is not needed then.
    return black.value(
        terms.call[:, None],
        net_spot(terms, spot),
        terms.strike[:, None] / growth,
        european_discount(terms) * growth,
        black.deviation(volatility, terms.years[:, None]),
    )


def delta(terms: Terms, spot: Floats, volatility: Floats) -> Floats:
    """dV/dS, shapes as in `price`; 0 where the spot does not cover the present value of its dividends."""
    net = net_spot(terms, spot)
    growth = np.exp((terms.rate - terms.dividend_yield) * terms.years)[:, None]
    probability = black.exercise_probability(
        terms.call[:, None],
        net * growth,
        terms.strike[:, None],
        black.deviation(volatility, terms.years[:, None]),
    )
    covered = (net > 0.0) | (net == spot)
    return np.where(covered | np.isnan(net), probability * growth * european_discount(terms), 0.0)


def european_discount(terms: Terms) -> Floats:
    """e^{−rT}, shape (n, 1); NaN for an American option, which these formulas do not value."""
    return np.where(terms.american, np.nan, np.exp(-terms.rate * terms.years))[:, None]
