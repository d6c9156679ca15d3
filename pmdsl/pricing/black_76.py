"""Black-76: European options on a forward or future price.

    V = e^{−rT}·Black(F, K, σ√T)

The premium is paid up front. Yield and dividends of the terms are not read: the forward price carries them
already. Source: F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976).
"""

from __future__ import annotations

from pmdsl.pricing import black
from pmdsl.pricing.black_scholes import european_discount
from pmdsl.pricing.terms import Floats, Terms


def price(terms: Terms, spot: Floats, volatility: Floats) -> Floats:
    """The value of n options on the forward price `spot`; all else as in `black_scholes.price`."""
    return black.value(
        terms.call[:, None],
        spot,
        terms.strike[:, None],
        european_discount(terms),
        black.deviation(volatility, terms.years[:, None]),
    )


def delta(terms: Terms, spot: Floats, volatility: Floats) -> Floats:
    """dV/dF, the derivative by the forward price; shapes as in `price`."""
    probability = black.exercise_probability(
        terms.call[:, None],
        spot,
        terms.strike[:, None],
        black.deviation(volatility, terms.years[:, None]),
    )
    return probability * european_discount(terms)
