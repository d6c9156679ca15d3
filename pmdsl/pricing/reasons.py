"""Why there is, or is not, an implied volatility, and how exact one has to be."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from pmdsl.pricing.terms import Floats

# A volatility is right where it gives the price to within this part of the strike.
TOLERANCE = 1e-10


class Reason(IntEnum):
    """Why there is, or is not, an implied volatility."""

    SOLVED = 0
    BELOW_BOUND = 1
    ABOVE_BOUND = 2
    NOT_CONVERGED = 3
    EXPIRED = 4
    BAD_INPUT = 5


def outside(target: Floats, lower: Floats, upper: Floats, tolerance: Floats) -> NDArray[np.int8]:
    """The reasons of targets that are out of their bounds, SOLVED for the others, (n,).

    The lower bound is reached by the lowest volatility, the upper one by none.
    """
    reason = np.where(target >= upper, Reason.ABOVE_BOUND, Reason.SOLVED)
    return np.where(target < lower - tolerance, Reason.BELOW_BOUND, reason).astype(np.int8)
