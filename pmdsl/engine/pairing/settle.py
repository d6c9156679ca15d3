"""The best solution of each component: by relaxation where that is whole, else by integer programming."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.pairing.order import first_most
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.relax import cheapest_face, relaxed, whole_solution
from pmdsl.engine.pairing.unique import determined
from pmdsl.engine.pairing.whole import solved_alone
from pmdsl.engine.words import Number, Truth

# Sums of whole weights: the next one is 1 away.
APART = 0.5


def settled(program: Program) -> tuple[Number, Truth]:
    """A solution, shape (V,), and the components that have one, shape (C,)."""
    x, solved = by_relaxation(program)
    for number in np.flatnonzero(~solved).tolist():
        alone = np.arange(program.size) == number
        found = solved_alone(program.part(alone))
        if found is not None:
            x[alone[program.owner]] = found
            solved[number] = True
    return x, solved


def by_relaxation(program: Program) -> tuple[Number, Truth]:
    """The components whose relaxations are whole, one cost after the other, and at last by the order of rows.

    After each cost the program is cut down to what is cheapest; components with one solution left are done.
    """
    x, solved = np.zeros(len(program.owner)), np.zeros(program.size, dtype=bool)
    best = np.full(program.near.shape, np.inf)
    current, at = program, np.arange(program.size)
    stage = 0
    while current.size:
        last = stage >= len(program.costs)
        cost, chosen = first_most(current) if last else (current.costs[stage], None)
        near = np.full(current.size, APART) if last else current.near[:, stage]
        found = relaxed(current, cost)
        y, good = whole_solution(current, found, cost, near)
        if chosen is None:
            best[at, stage] = current.total(cost, y)
            cut = cheapest_face(current, found, y)
        else:
            cut = current.between(np.where(chosen, y, current.least), np.where(chosen, y, current.most))
        done = good & determined(cut)
        x[np.isin(program.owner, at[done])] = y[done[current.owner]]
        solved[at[done]] = True
        left = good & ~done
        current, at, stage = cut.part(left), at[left], stage + 1
    return x, solved & keeps(program, x, best)


def keeps(program: Program, x: Number, best: Number) -> Truth:
    """The components of which a solution costs what was found to be cheapest. Shape (C,)."""
    found = np.ones(program.size, dtype=bool)
    for cost, cheapest, near in zip(program.costs, best.T, program.near.T, strict=True):
        found &= program.total(cost, x) <= cheapest + near
    return found
