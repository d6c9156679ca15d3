"""The best solution of each component: by relaxation where that is whole, else by integer programming."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pmdsl.engine.pairing.order import APART, first_most
from pmdsl.engine.pairing.points import best_point, few, some_solution, tightened
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.relax import Relaxed, cheapest_face, relaxed, whole_solution
from pmdsl.engine.pairing.unique import determined
from pmdsl.engine.pairing.whole import solved_alone
from pmdsl.engine.words import Number, Truth


def settled(program: Program) -> tuple[Number, Truth]:
    """A solution, shape (V,), and the components that have one, shape (C,).

    One cost after the other: each cuts the programs down to what is cheapest, by the duals of its relaxation.
    At last the order of the rows decides. A component with one solution left is done; one whose relaxation is
    not whole goes on by itself from there.
    """
    x, solved = np.zeros(len(program.owner)), np.zeros(program.size, dtype=bool)
    best = np.full(program.near.shape, np.inf)
    current, at, stage = program, np.arange(program.size), 0
    while current.size:
        last = stage >= len(program.costs)
        cost, chosen = first_most(current) if last else (current.costs[stage], None)
        near = np.full(current.size, APART) if last else current.near[:, stage]
        found = relaxed(current, cost)
        y, good = whole_solution(current, found, cost, near)
        for number, alone in one_by_one(current, found, cost, near, ~good, stage):
            x[program.owner == at[number]] = alone
            solved[at[number]] = True
        if chosen is None:
            best[at[good], stage] = current.total(cost, y)[good]
            cut = cheapest_face(current, found, y)
        else:
            cut = current.between(np.where(chosen, y, current.least), np.where(chosen, y, current.most))
        done = good & determined(cut)
        x[np.isin(program.owner, at[done])] = y[done[current.owner]]
        solved[at[done]] = True
        left = good & ~done
        current, at, stage = cut.part(left), at[left], stage + 1
    return again(program, x, solved, keeps(program, x, best))


def one_by_one(
    program: Program, found: Relaxed, cost: Number, near: Number, which: Truth, stage: int
) -> Iterator[tuple[int, Number]]:
    """Some components, each by itself from a stage on: where few points are left, by trying them."""
    spare = program.total(cost, some_solution(program, found)) - found.bound + near
    close = tightened(program, found, spare)
    trying = few(close)
    for number in np.flatnonzero(which).tolist():
        alone = np.arange(program.size) == number
        if trying[number]:
            solution = best_point(close.part(alone), stage)
        else:
            solution = solved_alone(close.part(alone), stage)
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
