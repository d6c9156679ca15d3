"""The integer program of one component, where its relaxation is not whole."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.pairing.order import first_most
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.words import Number

MOST_NODES = 200_000


def solved_alone(program: Program) -> Number | None:
    """The best solution of one component by all its costs in turn; None where the solver found none.

    After each cost, what is chosen may cost no more by it than the cheapest, `near` apart.
    """
    near = program.near[0]
    kept: list[tuple[Number, float]] = []
    x = np.zeros(len(program.owner))
    for cost, allowed in zip(program.costs, near, strict=True):
        if cost.any():
            found = _solve(program, cost, kept)
            if found is None:
                return None
            x = found
            kept.append((cost, float(cost @ x) + float(allowed)))
    while (program.whole & (program.most > program.least)).any():
        cost, chosen = first_most(program)
        found = _solve(program, cost, kept)
        if found is None:
            return None
        x = found
        program = program.between(np.where(chosen, x, program.least), np.where(chosen, x, program.most))
    return x


def _solve(program: Program, cost: Number, kept: list[tuple[Number, float]]) -> Number | None:
    """The whole solution of least cost among those that cost no more than `kept`; checked, not believed."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, vstack

    shape = (len(program.right), len(program.owner))
    matrix = csr_array((program.value, (program.row, program.variable)), shape=shape)
    low = np.where(program.equal, program.right, -np.inf)
    right = program.right
    if kept:
        matrix = vstack([matrix, csr_array(np.array([row for row, _ in kept]))])
        low = np.append(low, np.full(len(kept), -np.inf))
        right = np.append(right, [most for _, most in kept])
    answer = milp(
        cost,
        integrality=program.whole.astype(np.int64),
        bounds=Bounds(program.least, program.most),
        constraints=LinearConstraint(matrix, low, right),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
    )
    if answer.status != 0:
        return None
    x = program.completed(np.rint(answer.x))
    dearer = any(row @ x > most for row, most in kept)
    return None if dearer or not program.feasible(x)[0] else x
