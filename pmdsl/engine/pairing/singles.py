"""Positions by themselves: the cheapest pattern of one slot for each, one contract of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.engine.pairing.question import Question
from pmdsl.engine.words import Codes, Number

# What differs by less than this part of itself is one amount: round-off must not choose.
SAME = 2.0**-44


@dataclass(frozen=True, eq=False)
class Singles:
    """For each position the row that takes it alone (-1: none does), and what one contract then costs.

    Shapes (P,) and (P, K).
    """

    row: Codes
    cost: Number


def cheapest(question: Question) -> Singles:
    """The cheapest by the first objective, then by the next, then the row that stands first."""
    rows = np.flatnonzero(question.single & question.usable)
    rows = rows[np.argsort(question.slots[rows, 0], kind="stable")]
    at = question.slots[rows, 0]
    each = question.charges[rows] / question.taken[rows, :1]
    found = np.full(len(question.held), -1, dtype=np.int64)
    cost = np.zeros((len(question.held), question.charges.shape[1]))
    if len(rows) == 0:
        return Singles(found, cost)
    starts = np.flatnonzero(np.append(True, at[1:] != at[:-1]))
    lengths = np.diff(np.append(starts, len(rows)))
    open_ = np.ones(len(rows), dtype=bool)
    for amounts in each.T:
        best = np.repeat(np.minimum.reduceat(np.where(open_, amounts, np.inf), starts), lengths)
        open_ &= amounts <= best + SAME * np.abs(best)
    first = np.minimum.reduceat(np.where(open_, np.arange(len(rows)), len(rows)), starts)
    found[at[starts]] = rows[first]
    cost[at[starts]] = each[first]
    return Singles(found, cost)
