"""The program of all solutions but one: whether a cheapest solution is the only one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pmdsl.engine.pairing.program import Program
from pmdsl.engine.words import Codes, Number


def without(program: Program, x: Number) -> Program:
    """The program of one component whose whole variables are not those of `x`.

    A variable between its bounds gets three more: how far it is above, how far below, and which of these.
    """
    open_ = program.whole & (program.most > program.least)
    inner = np.flatnonzero(open_ & (x > program.least) & (x < program.most))
    low, high = np.flatnonzero(open_ & (x <= program.least)), np.flatnonzero(open_ & (x >= program.most))
    count, size, rows = len(inner), len(program.owner), len(program.right)
    above, below, which = (size + count * k + np.arange(count) for k in range(3))
    up, down = (program.most - x)[inner], (x - program.least)[inner]
    line = rows + np.arange(count)
    # x = here + above - below; above <= up * which; below <= down * (1 - which); some distance at least
    entries: list[tuple[Codes, Codes, float | Number]] = [
        (line, inner, 1.0), (line, above, -1.0), (line, below, 1.0),
        (line + count, above, 1.0), (line + count, which, -up),
        (line + 2 * count, below, 1.0), (line + 2 * count, which, down),
        *((np.full(len(some), rows + 3 * count), some, value) for some, value in
          ((low, -1.0), (high, 1.0), (above, -1.0), (below, -1.0))),
    ]  # fmt: skip
    far = program.most[high].sum() - program.least[low].sum() - 1.0
    return added(
        program,
        most=np.concatenate([up, down, np.ones(count)]),
        right=np.concatenate([x[inner], np.zeros(count), down, [far]]),
        equal=count,
        row=np.concatenate([row for row, _, _ in entries]),
        variable=np.concatenate([variable for _, variable, _ in entries]),
        value=np.concatenate([np.ones(len(row)) * value for row, _, value in entries]),
    )


def added(
    program: Program, most: Number, right: Number, equal: int, row: Codes, variable: Codes, value: Number
) -> Program:
    """More whole variables that cost nothing, and more rows, the first of them equal."""
    more, lines = len(most), len(right)
    return replace(
        program,
        owner=np.append(program.owner, np.zeros(more, dtype=np.int64)),
        whole=np.append(program.whole, np.ones(more, dtype=bool)),
        least=np.append(program.least, np.zeros(more)),
        most=np.append(program.most, most),
        costs=np.hstack([program.costs, np.zeros((len(program.costs), more))]),
        row_owner=np.append(program.row_owner, np.zeros(lines, dtype=np.int64)),
        right=np.append(program.right, right),
        equal=np.append(program.equal, np.arange(lines) < equal),
        worst=np.append(program.worst, np.full(lines, -1)),
        row=np.append(program.row, row),
        variable=np.append(program.variable, variable),
        value=np.append(program.value, value),
    )
