"""Amounts of money as decimals: half up to the minor unit of the currency, on the decimal that was meant."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

MINOR_UNITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
NEAR = 1e-9


def digits_of(currency: str) -> int:
    """How many digits after the point the minor unit of a currency has."""
    return MINOR_UNITS.get(currency, 2)


def money(amount: float, currency: str) -> Decimal:
    """An amount half up to the minor unit; within a billionth of a unit of a tie is a tie."""
    step = Decimal(1).scaleb(-digits_of(currency))
    scaled = Decimal(amount) / step
    size = abs(scaled)
    whole = size.to_integral_value(rounding="ROUND_FLOOR")
    slack = Decimal(max(NEAR, 4 * math.ulp(float(size))))
    up = size - whole >= Decimal("0.5") - slack
    units = whole + 1 if up else whole
    return ((-units if scaled < 0 else units) * step + 0).quantize(step, rounding=ROUND_HALF_UP)


def as_rounded(amount: float, currency: str) -> Decimal:
    """An amount that the rule set rounded: its shortest decimal, not shorter than the minor unit."""
    exact = Decimal(repr(amount + 0.0))
    step = Decimal(1).scaleb(-digits_of(currency))
    return exact.quantize(step) if exact == exact.quantize(step) else exact
