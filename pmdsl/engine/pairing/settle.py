"""The best solution of each component: by relaxation where that is whole, else by integer programming."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pmdsl.engine.pairing.order import Turn, decided, turn
from pmdsl.engine.pairing.points import some_solution, tightened
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.relax import Relaxed, cheapest_face, relaxed, whole_solution
from pmdsl.engine.pairing.unique import determined
from pmdsl.engine.pairing.whole import solved_alone
from pmdsl.engine.words import Number, Truth

# So many components are not worth a relaxation of all.
MOST_ALONE = 4


def settled(program: Program) -> tuple[Number, Truth]:
    """A solution, shape (V,), and the components that have one, shape (C,).

    One cost after the other: each cuts the programs down to what is cheapest, by the duals of its relaxation.
    At last the order of the rows decides. A component with one solution left is done; one whose relaxation is
    not whole goes on by itself from there, and so do the last few.
    """
    x, solved = np.zeros(len(program.owner)), np.zeros(program.size, dtype=bool)
    best = np.full((program.size, len(program.costs) + 1), np.inf)
    current, at, stage = program, np.arange(program.size), np.zeros(program.size, dtype=np.int64)
    while current.size > MOST_ALONE:
        now = turn(current, stage)
        found = relaxed(current, now.cost)
        y, good = whole_solution(current, found, now.cost, now.near)
        for number, alone in one_by_one(current, found, now, ~good):
            x[program.owner == at[number]] = alone
            solved[at[number]] = True
        best[at[good], now.stage[good]] = current.total(now.cost, y)[good]
        cut = decided(cheapest_face(current, found, y), now, y)
        done = good & determined(cut)
        x[np.isin(program.owner, at[done])] = y[done[current.owner]]
        solved[at[done]] = True
        left = good & ~done
        current, at, stage = cut.part(left), at[left], now.stage[left] + 1
    for number in range(current.size):
        last = solved_alone(current.part(np.arange(current.size) == number), int(stage[number]))
        if last is not None:
            x[program.owner == at[number]] = last
            solved[at[number]] = True
    return again(program, x, solved, keeps(program, x, best[:, :-1]))


def one_by_one(program: Program, found: Relaxed, now: Turn, which: Truth) -> Iterator[tuple[int, Number]]:
    """Some components, each by itself from here on."""
    spare = program.total(now.cost, some_solution(program, found)) - found.bound + now.near
    close = tightened(program, found, spare)
    for number in np.flatnonzero(which).tolist():
        keep = np.arange(program.size) == number
        alone, its = close.part(keep), found.part(keep[program.owner], keep[program.row_owner], keep)
        solution = solved_alone(alone, int(now.stage[number]), its)
        if solution is not None:
            yield number, solution


def keeps(program: Program, x: Number, best: Number) -> Truth:
    """The components of which a solution costs what was found to be cheapest. Shape (C,)."""
    found = np.ones(program.size, dtype=bool)
    for cost, cheapest, near in zip(program.costs, best.T, program.near.T, strict=True):
        found &= program.total(cost, x) <= cheapest + near
    return found


def again(program: Program, x: Number, solved: Truth, kept: Truth) -> tuple[Number, Truth]:
    """What does not keep its costs is solved by itself from the beginning."""
    for number in np.flatnonzero(solved & ~kept).tolist():
        solution = solved_alone(program.part(np.arange(program.size) == number), 0)
        solved[number] = solution is not None
        if solution is not None:
            x[program.owner == number] = solution
    return x, solved & program.feasible(x)
