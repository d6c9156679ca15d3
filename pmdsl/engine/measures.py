"""Whole numbers of contracts whose sizes are equal: how much of each leg the smallest match takes."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.words import Codes, Number, Truth

MILLIONTHS = 1e6
ROUND_OFF = 1e-12
MOST_CONTRACTS = 1_000_000
MOST_SIZE = 9e12


def smallest_whole(sizes: Number, counting: Truth) -> Number:
    """The smallest whole numbers n with n * size equal for all that count. Shapes (rows, slots).

    Sizes are whole, or whole numbers of millionths. NaN where a slot does not count, and in rows in which a
    size is unknown or not above zero, or in which some n would be above a million (no common measure).
    """
    units, good = in_units(sizes, counting)
    common = np.ones(len(units), dtype=np.int64)
    found = np.ones(units.shape, dtype=np.int64)
    begun = np.zeros(len(units), dtype=bool)
    for slot in range(units.shape[1]):
        here = counting[:, slot] & good
        size = np.where(here, units[:, slot], 1)
        divisor = np.gcd(common, size)
        grow = np.where(here & begun, size // divisor, 1)
        mine = np.where(begun, common // divisor, 1)
        largest = np.maximum(found.max(axis=1) * grow.astype(np.float64), mine)
        good &= ~here | (largest <= MOST_CONTRACTS)
        here &= good
        found[here] *= grow[here, None]
        found[here, slot] = mine[here]
        common[here] = mine[here] * size[here]
        begun |= here
    return np.where(counting & good[:, None], found, np.nan)


def in_units(sizes: Number, counting: Truth) -> tuple[Codes, Truth]:
    """Sizes as whole numbers of one unit in each row: 1 where all are whole, else a millionth."""
    known = np.where(counting, sizes, 1.0)
    positive = (known > 0) & (known <= MOST_SIZE)
    known = np.where(positive, known, 1.0)
    scale = np.where((known == np.rint(known)).all(axis=1), 1.0, MILLIONTHS)[:, None]
    scaled = known * scale
    whole = np.rint(scaled)
    exact = (np.abs(scaled - whole) <= ROUND_OFF * scaled) & (whole >= 1) & (whole <= MOST_SIZE)
    return whole.clip(1, MOST_SIZE).astype(np.int64), (positive & exact).all(axis=1)
