"""How a function becomes machine code, and how a loop over options is divided among threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba
import numpy as np
from numpy.typing import ArrayLike

from pmdsl.pricing.terms import Floats
from pmdsl.threads import each

_R = TypeVar("_R")


def kernel(function: Callable[..., _R]) -> Callable[..., _R]:
    """The function compiled on its first call and kept on disk; it holds no lock while it runs.

    Sums keep their order, nothing is contracted, division by zero is that of numpy.
    """
    compiled: Callable[..., _R] = numba.njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)(
        function
    )
    return compiled


def inlined(function: Callable[..., _R]) -> Callable[..., _R]:
    """As `kernel`, for what is to become a part of its callers: a loop with a call in it is no vector."""
    compiled: Callable[..., _R] = numba.njit(
        cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True
    )(function)
    return compiled


def column(values: ArrayLike) -> Floats:
    """The values as a kernel takes them: contiguous, writeable, so that there is one type to compile for."""
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
