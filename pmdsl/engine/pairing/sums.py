"""Sums by owner, in the order of the entries."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.words import Array, Codes, Number


def sums(owner: Codes, amounts: Array, size: int) -> Number:
    """The sum of the amounts of each owner. Shape (size,)."""
    found: Number = np.bincount(owner, weights=amounts, minlength=size).astype(np.float64)
    return found
