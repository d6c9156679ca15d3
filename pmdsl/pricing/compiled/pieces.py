"""Options as compiled loops take them, and a loop over options divided among threads."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
from numpy.typing import ArrayLike

from pmdsl.pricing.terms import Floats
from pmdsl.threads import each


def column(values: ArrayLike) -> Floats:
    """The values as a loop takes them: contiguous, writeable, so that there is one type to compile for."""
    return np.require(values, np.float64, ("C", "W"))


def divided(work: Callable[[int, int], None], count: int, size: int) -> None:
    """`work(start, stop)` for the pieces of `size` of 0 … count, on as many threads as numba may have.

    The pieces do not depend on the number of threads, so neither does the answer. That number is set by the
    environment variable NUMBA_NUM_THREADS.
    """

    def quietly(start: int) -> None:
        # What numpy is told of bad data does not reach other threads by itself.
        with np.errstate(all="ignore"):
            work(start, min(start + size, count))

    each(quietly, range(0, count, size), numba.config.NUMBA_NUM_THREADS)
