"""One component at a time: where a relaxation is not whole, an integer program decides."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.engine.pairing.another import added, without
from pmdsl.engine.pairing.order import decided, turn
from pmdsl.engine.pairing.points import best_point, few, some_solution, tightened
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.relax import relaxed, whole_solution
from pmdsl.engine.words import Number

MOST_NODES = 200_000
MOST_SECONDS = 60.0
SOLVED, INFEASIBLE = 0, 2


def solved_alone(program: Program, stage: int) -> Number | None:
    """The best solution of one component by its costs from `stage` on; None where the solver found none.

    After each cost, what is chosen may cost no more by it than the cheapest, `near` apart. As soon as few
    points are left, all of them are tried; and a cheapest solution that is the only one is the best.
    """
    while (program.whole & (program.most > program.least)).any():
        now = turn(program, np.full(1, stage))
        cost, last = now.cost, now.stage[0] >= len(program.costs)
        stage = int(now.stage[0])
        found = relaxed(program, cost)
        x, proved = whole_solution(program, found, cost, now.near)
        if not proved[0]:
            spare = program.total(cost, some_solution(program, found)) - found.bound + now.near
            program = tightened(program, found, spare)
            if few(program)[0]:
                return best_point(program, stage)
            x, there = solution(program, cost)
            if not there:
                return None
        most = program.total(cost, x) + now.near
        program = tightened(program, found, most - found.bound)
        if few(program)[0]:
            return best_point(program, stage)
        if not proved[0] and is_alone(program, x, cost, float(most[0])):
            return x
        program = decided(program, now, x) if last else no_dearer(program, cost, most)
        stage += 1
    return best_point(program, stage)


def is_alone(program: Program, x: Number, cost: Number, most: float) -> bool:
    """Whether no other solution costs so little."""
    others = without(program, x)
    wide = np.append(cost, np.zeros(len(others.owner) - len(cost)))
    answer: Any = _ask(others, wide)
    return answer.status == INFEASIBLE or (answer.status == SOLVED and float(answer.mip_dual_bound) > most)


def no_dearer(program: Program, cost: Number, most: Number) -> Program:
    """The program with one row more: it may cost no more than this."""
    some = np.flatnonzero(cost)
    none = np.zeros(0)
    return added(program, none, most, 0, np.full(len(some), len(program.right)), some, cost[some])


def solution(program: Program, cost: Number) -> tuple[Number, bool]:
    """A whole solution of least cost, checked and not believed; and whether there is one."""
    answer = _ask(program, cost)
    if answer.status != SOLVED:
        return program.least, False
    x = program.completed(np.rint(answer.x))
    return x, bool(program.feasible(x)[0])


def _ask(program: Program, cost: Number) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    shape = (len(program.right), len(program.owner))
    matrix = csr_array((program.value, (program.row, program.variable)), shape=shape)
    low = np.where(program.equal, program.right, -np.inf)
    return milp(
        cost,
        integrality=program.whole.astype(np.int64),
        bounds=Bounds(program.least, program.most),
        constraints=LinearConstraint(matrix, low, program.right),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES, "time_limit": MOST_SECONDS},
    )
