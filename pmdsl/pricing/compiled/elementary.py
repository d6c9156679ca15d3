"""Exponential, logarithm and normal distribution without a branch, so that loops over them become vectors.

`math.exp` and `math.log` are calls of the C library, one number at a time; these here are a few additions and
multiplications, and the compiler works out eight of them at once.

Sources: the logarithm is that of fdlibm (K. C. Ng, Sun Microsystems, 1993), the exponential its reduction
with the Taylor series to the thirteenth power; the normal distribution is that of `pmdsl.pricing.normal`.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np

from pmdsl.jit import inlined
from pmdsl.pricing.normal import COARSE, FINE

# Adding it rounds a double to a whole number, which then stands in the last bits.
_ROUNDING = 6755399441055744.0
_LOG2_E = 1.4426950408889634
# ln 2 in two parts, the first with trailing zeros.
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_C2, _C3, _C4, _C5, _C6, _C7, _C8, _C9, _C10, _C11, _C12, _C13 = (1.0 / factorial(n) for n in range(2, 14))
_L1, _L2, _L3, _L4, _L5, _L6, _L7 = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
# The bits of √½: where the mantissa is cut.
_ROOT_HALF = 0x3FE6A09E667F3BCD
_P0, _P1, _P2, _P3, _P4, _P5, _P6, _P7, _P8, _P9 = FINE.numerator
_Q0, _Q1, _Q2, _Q3, _Q4, _Q5, _Q6, _Q7, _Q8, _Q9 = FINE.denominator
_A0, _A1, _A2, _A3, _A4 = COARSE.numerator
_B0, _B1, _B2, _B3, _B4 = COARSE.denominator


@inlined
def _reduced(x: Any) -> Any:
    """k whole and r with x = k ln 2 + r, |r| ≤ ½ ln 2; k stands in the last bits of a double."""
    shifted = x * _LOG2_E + _ROUNDING
    whole = shifted - _ROUNDING
    return shifted, (x - whole * _LN2_HIGH) - whole * _LN2_LOW


@inlined
def _raised(shifted: Any, r: Any, p: Any) -> Any:
    """(1 + r + r² p) 2^k of what `_reduced` made."""
    p = p * (r * r) + r
    bits = np.float64(shifted).view(np.int64)
    power = np.int64((bits + 1023) << 52).view(np.float64)
    return power + power * p


@inlined
def exp(x: Any) -> Any:
    """e^x for −700 ≤ x ≤ 700, to two units of the last place; NaN stays. Others must not be passed."""
    shifted, r = _reduced(x)
    p = _C13 * r + _C12
    p = p * r + _C11
    p = p * r + _C10
    p = p * r + _C9
    p = p * r + _C8
    p = p * r + _C7
    p = p * r + _C6
    p = p * r + _C5
    p = p * r + _C4
    p = p * r + _C3
    p = p * r + _C2
    return _raised(shifted, r, p)


@inlined
def short_exp(x: Any) -> Any:
    """The same by the tenth power, to a relative error of 2e-13."""
    shifted, r = _reduced(x)
    p = _C10 * r + _C9
    p = p * r + _C8
    p = p * r + _C7
    p = p * r + _C6
    p = p * r + _C5
    p = p * r + _C4
    p = p * r + _C3
    p = p * r + _C2
    return _raised(shifted, r, p)


@inlined
def within(x: Any) -> Any:
    """x where `exp` may be asked of it, else NaN."""
    return x if abs(x) <= 700.0 else np.nan


@inlined
def log(x: Any) -> Any:
    """ln x for x > 1e-307, to one unit of the last place; NaN for NaN and below zero."""
    bits = np.float64(x).view(np.int64)
    power = (bits - _ROOT_HALF) >> 52
    mantissa = np.int64(bits - (power << 52)).view(np.float64)
    whole = np.float64(power)
    f = mantissa - 1.0
    s = f / (2.0 + f)
    z = s * s
    rest = z * (_L1 + z * (_L2 + z * (_L3 + z * (_L4 + z * (_L5 + z * (_L6 + z * _L7))))))
    half = 0.5 * f * f
    result = whole * _LN2_HIGH - ((half - (s * (half + rest) + whole * _LN2_LOW)) - f)
    return result if x >= 0.0 else np.nan


@inlined
def mills_parts(y: Any) -> Any:
    """Numerator and denominator of `normal.mills` with its fine fit: exp(y²/2) N(−y) for 0 ≤ y ≤ 38."""
    b = y + _Q9
    b = b * y + _Q8
    b = b * y + _Q7
    b = b * y + _Q6
    b = b * y + _Q5
    b = b * y + _Q4
    b = b * y + _Q3
    b = b * y + _Q2
    b = b * y + _Q1
    b = b * y + _Q0
    a = (y * _P9 + _P8) * y
    a = (a + _P7) * y
    a = (a + _P6) * y
    a = (a + _P5) * y
    a = (a + _P4) * y
    a = (a + _P3) * y
    a = (a + _P2) * y
    a = (a + _P1) * y
    return a + _P0, b


@inlined
def coarse_mills(y: Any) -> Any:
    """The same of the coarse fit, for 0 ≤ y ≤ 9."""
    b = y + _B4
    b = b * y + _B3
    b = b * y + _B2
    b = b * y + _B1
    b = b * y + _B0
    a = (y * _A4 + _A3) * y
    a = (a + _A2) * y
    a = (a + _A1) * y
    return a + _A0, b
