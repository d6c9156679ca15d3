"""Matches of several legs and members of pools, each as what it saves against its legs taken alone.

What is left of a position goes to its cheapest pattern of one slot, so that these columns are all that is to
be chosen. Exact reductions drop what can be in no cheapest pairing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.engine.joins import codes
from pmdsl.engine.pairing.question import Pool, Question
from pmdsl.engine.pairing.singles import SAME, Singles
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Number, Truth

WHOLE = 1e-9


@dataclass(frozen=True, eq=False)
class Columns:
    """One entry a candidate, m of them, in the order of the rows.

    `row` (m,); `legs` and `contracts` (m, W), -1 and 0 for no slot; `most` (m,): how often what is held
    suffices for; `cost` (m, K + 1): what it costs more than its legs alone, and how many matches more it is;
    `size` (m, K + 1): the size of the amounts that these are differences of.
    """

    row: Codes
    legs: Codes
    contracts: Number
    most: Number
    cost: Number
    size: Number

    def take(self, which: Codes | Truth) -> Columns:
        """Some of the columns."""
        return Columns(
            self.row[which], self.legs[which], self.contracts[which], self.most[which], self.cost[which],
            self.size[which],
        )  # fmt: skip

    def used(self, count: Number, positions: int) -> Number:
        """Contracts of each position that so many of each column take. Shape (P,)."""
        inside = self.legs >= 0
        amounts = (self.contracts * count[:, None])[inside]
        return sums(self.legs[inside], amounts, positions)


def columns_of(question: Question, singles: Singles) -> Columns:
    """The columns that are worth a thought."""
    found = all_columns(question, singles)
    pooled = in_pool(question, found.row)
    found = found.take((found.most >= 1) & (pooled | ~dearer(found.cost)))
    for pool in question.pools:
        found = found.take(balanceable(pool, found.row))
    return found


def all_columns(question: Question, singles: Singles) -> Columns:
    """Every match that may be taken and is not one of a position alone."""
    row = np.flatnonzero(question.usable & ~question.single).astype(np.int64)
    legs = question.slots[row]
    inside = legs >= 0
    contracts = np.where(inside, question.taken[row], 0.0)
    at = np.maximum(legs, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        suffices = np.floor(room(question.held[at] / contracts))
    most = np.where(inside, suffices, np.inf).min(axis=1, initial=np.inf)
    alone = singles.cost[at] * contracts[:, :, None]
    charges = question.charges[row]
    count = 1.0 - contracts.sum(axis=1)
    size = np.column_stack([np.abs(charges) + np.abs(alone).sum(axis=1), 1.0 + contracts.sum(axis=1)])
    cost = np.column_stack([charges - alone.sum(axis=1), count])
    cost[np.abs(cost) <= SAME * size] = 0.0
    return Columns(row, legs, contracts, most, cost, size)


def room(held: Number) -> Number:
    """What is held, with room for the round-off of what is meant to be whole."""
    return held * (1 + WHOLE) + WHOLE


def in_pool(question: Question, rows: Codes) -> Truth:
    """Whether rows are members of a pool."""
    found = np.zeros(len(rows), dtype=bool)
    for pool in question.pools:
        found |= pool.group[rows] >= 0
    return found


def dearer(cost: Number) -> Truth:
    """Whether the first amount that differs from zero is above it: taking the legs alone is better."""
    found = np.zeros(len(cost), dtype=bool)
    equal = np.ones(len(cost), dtype=bool)
    for amounts in cost.T:
        found |= equal & (amounts > 0)
        equal &= amounts == 0
    return found


def balanceable(pool: Pool, rows: Codes) -> Truth:
    """All rows but the members of a pool that has nothing for the other side of them."""
    inside = np.flatnonzero(pool.group[rows] >= 0)
    kept = np.ones(len(rows), dtype=bool)
    mine = rows[inside]
    if len(mine):
        if pool.balanced:
            key = codes([pool.group[mine], *(values[mine] for values in pool.balanced)])
            kept[inside] = has(key, pool.long[mine]) & has(key, pool.short[mine])
        key = codes([pool.group[mine], *(values[mine] for values in pool.same)])
        kept[inside] &= pool.long[mine] | has(key, pool.long[mine])
    return kept


def has(key: Codes, which: Truth) -> Truth:
    """For each entry whether some entry of its key is one of these."""
    found: Truth = (np.bincount(key[which], minlength=int(key.max(initial=0)) + 1) > 0)[key]
    return found
