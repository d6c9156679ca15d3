"""One component at a time: where a relaxation is not whole, an integer program decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pmdsl.engine.pairing.order import APART, first_most
from pmdsl.engine.pairing.points import best_point, few, some_solution, tightened
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.relax import relaxed, whole_solution
from pmdsl.engine.words import Number

MOST_NODES = 200_000


def solved_alone(program: Program, stage: int) -> Number | None:
    """The best solution of one component by its costs from `stage` on; None where the solver found none.

    After each cost, what is chosen may cost no more by it than the cheapest, `near` apart. As soon as few
    points are left, all of them are tried.
    """
    while (program.whole & (program.most > program.least)).any():
        last = stage >= len(program.costs)
        cost, chosen = first_most(program) if last else (program.costs[stage], None)
        near = np.full(1, APART) if last else program.near[:, stage]
        found = relaxed(program, cost)
        x, proved = whole_solution(program, found, cost, near)
        if not proved[0]:
            spare = program.total(cost, some_solution(program, found)) - found.bound + near
            close = tightened(program, found, spare)
            other = None if few(close)[0] else _solve(close, cost)
            if other is None:
                return best_point(close, stage) if few(close)[0] else None
            x = other
        program = tightened(program, found, program.total(cost, x) - found.bound + near)
        if few(program)[0]:
            return best_point(program, stage)
        if chosen is None:
            program = no_dearer(program, cost, program.total(cost, x) + near)
        else:
            program = program.between(np.where(chosen, x, program.least), np.where(chosen, x, program.most))
        stage += 1
    return best_point(program, stage)


def no_dearer(program: Program, cost: Number, most: Number) -> Program:
    """The program with one row more: it may cost no more than this."""
    some = np.flatnonzero(cost)
    return replace(
        program,
        row_owner=np.append(program.row_owner, 0),
        right=np.append(program.right, most),
        equal=np.append(program.equal, False),
        worst=np.append(program.worst, -1),
        row=np.append(program.row, np.full(len(some), len(program.right))),
        variable=np.append(program.variable, some),
        value=np.append(program.value, cost[some]),
    )


def _solve(program: Program, cost: Number) -> Number | None:
    """A whole solution of least cost, checked and not believed."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    shape = (len(program.right), len(program.owner))
    matrix = csr_array((program.value, (program.row, program.variable)), shape=shape)
    low = np.where(program.equal, program.right, -np.inf)
    answer = milp(
        cost,
        integrality=program.whole.astype(np.int64),
        bounds=Bounds(program.least, program.most),
        constraints=LinearConstraint(matrix, low, program.right),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
    )
    if answer.status != 0:
        return None
    x = program.completed(np.rint(answer.x))
    return x if program.feasible(x)[0] else None
