"""What is made smallest next: the costs in turn, and at the end most of the match that stands first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Number, Truth

# Weights of whole numbers that the solver tells apart.
MOST_BITS = 16.0
# Sums of whole weights: the next one is 1 away.
APART = 0.5


@dataclass(frozen=True, eq=False)
class Turn:
    """What is made smallest in each component: `cost` (V,), and how far totals may be apart, `near` (C,).

    `stage` (C,) is the number of the cost, that of all costs for the order of the matches; then `chosen` (V,)
    are the variables that it decides.
    """

    stage: Codes
    cost: Number
    near: Number
    chosen: Truth


def turn(program: Program, stage: Codes) -> Turn:
    """The next cost of each component, from a stage on, by which what is open differs."""
    open_ = program.most > program.least
    last = len(program.costs)
    found = np.full(program.size, last)
    for number in reversed(range(last)):
        differs = sums(program.owner, open_ & (program.costs[number] != 0), program.size) > 0
        found[differs & (stage <= number)] = number
    order, chosen = first_most(program)
    at = found[program.owner]
    costs, near = (
        np.vstack([program.costs, order]),
        np.column_stack([program.near, np.full(program.size, APART)]),
    )
    cost = costs[at, np.arange(len(at))]
    return Turn(found, cost, near[np.arange(program.size), found], chosen & (at == last))


def decided(program: Program, now: Turn, x: Number) -> Program:
    """The program in which the variables that a turn decides are as in `x`."""
    least, most = np.where(now.chosen, x, program.least), np.where(now.chosen, x, program.most)
    return program.between(least, most)


def first_most(program: Program) -> tuple[Number, Truth]:
    """A cost whose cheapest solution has most of the first open columns, and these: some at the beginning.

    A column weighs more than all that stand after it can bring together. Shapes (V,).
    """
    open_ = program.whole & (program.most > program.least)
    width = np.where(open_, program.most - program.least + 1.0, 1.0)
    bits = np.log2(width)
    begin = np.flatnonzero(np.append(True, program.owner[1:] != program.owner[:-1]))
    lengths = np.diff(np.append(begin, len(bits)))
    total = np.cumsum(bits)
    total -= np.repeat(total[begin] - bits[begin], lengths)
    first = open_ & (np.round(total - bits, 6) <= 0)
    chosen = open_ & ((total <= MOST_BITS) | first)
    most = np.zeros(program.size)
    np.maximum.at(most, program.owner[chosen], total[chosen])
    weight = np.rint(2.0 ** (most[program.owner] - total))
    return np.where(chosen, -weight, 0.0), chosen
