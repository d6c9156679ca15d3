"""What decides among pairings that cost the same: most of the match that stands first, then of the next."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.pairing.program import Program
from pmdsl.engine.words import Number, Truth

# Weights of whole numbers that the solver tells apart.
MOST_BITS = 16.0
# Sums of whole weights: the next one is 1 away.
APART = 0.5


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
