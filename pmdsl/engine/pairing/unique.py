"""Whether anything is left to choose: components whose equal rows leave one solution."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Truth

MOST_FREE = 32
RANK = 1e-9


def determined(program: Program) -> Truth:
    """The components whose equal rows leave one solution, being of full rank in what is free. Shape (C,).

    A worst case in no equal row decides nothing and is left aside.
    """
    free = program.most > program.least
    entries = program.equal[program.row] & free[program.variable]
    held = np.zeros(len(free), dtype=bool)
    held[program.variable[entries]] = True
    free &= program.whole | held
    open_ = sums(program.owner, free & program.whole, program.size)
    count = sums(program.owner, free, program.size).astype(np.int64)
    rows = sums(program.row_owner, program.equal, program.size).astype(np.int64)
    found: Truth = open_ == 0
    asked = ~found & (count <= MOST_FREE) & (rows >= count)
    for wide in np.unique(_bucket(count[asked])):
        for high in np.unique(_bucket(rows[asked])):
            some = asked & (_bucket(count) == wide) & (_bucket(rows) == high)
            if some.any():
                found[some] = _full_rank(program, some, free, int(wide), int(high), count[some])
    return found


def _bucket(count: Codes) -> Codes:
    """The next power of two."""
    return 2 ** np.ceil(np.log2(np.maximum(count, 1))).astype(np.int64)


def _full_rank(program: Program, some: Truth, free: Truth, wide: int, high: int, count: Codes) -> Truth:
    """Whether the equal rows of some components, over their free variables, are of full rank."""
    variables, rows = free & some[program.owner], program.equal & some[program.row_owner]
    number = np.cumsum(some) - 1
    column, line = _place(program.owner, variables), _place(program.row_owner, rows)
    entries = variables[program.variable] & rows[program.row]
    stack = np.zeros((int(some.sum()), high, wide))
    row, variable = program.row[entries], program.variable[entries]
    stack[number[program.row_owner[row]], line[row], column[variable]] = program.value[entries]
    stack /= np.maximum(np.abs(stack).max(axis=2, keepdims=True), 1e-300)
    values = np.linalg.svd(stack, compute_uv=False)
    full: Truth = (values > RANK * values[:, :1]).sum(axis=1) == count
    return full


def _place(owner: Codes, which: Truth) -> Codes:
    """The number of each chosen entry among those of its component."""
    total = np.cumsum(which)
    first = np.zeros(len(owner), dtype=np.int64)
    begin = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])) if len(owner) else np.zeros(0, int)
    lengths = np.diff(np.append(begin, len(owner)))
    first[:] = np.repeat(total[begin] - which[begin], lengths)
    return total - 1 - first
