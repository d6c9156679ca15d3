"""Linear relaxations of many components at once, and what they prove."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from pmdsl.engine.pairing.open import open_part
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Number, Truth

PIECE = 20_000
OPTIONS = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
# What is further from zero than this is no round-off: reduced costs, duals, slacks.
ROUND_OFF = 1e-7
# How far from whole the solver's whole numbers may be.
WHOLE = 1e-6


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxation of each component: `x` (V,), reduced costs (V,), duals of rows (L,), and a bound (C,).

    No solution costs less than the bound, by the duals and whatever the solver says of itself. It is -inf
    where the solver found nothing.
    """

    x: Number
    reduced: Number
    dual: Number
    bound: Number

    def part(self, variables: Truth, rows: Truth, components: Truth) -> Relaxed:
        """That of some components."""
        return Relaxed(self.x[variables], self.reduced[variables], self.dual[rows], self.bound[components])


def relaxed(program: Program, cost: Number) -> Relaxed:
    """The relaxation, solved piece by piece: each piece is some whole components, side by side."""
    found = [_solve(program.part(keep), cost[keep[program.owner]]) for keep in _pieces(program)]
    x, reduced, dual, bound = (np.concatenate(part) for part in zip(*found, strict=True))
    return Relaxed(x, reduced, dual, bound)


def _pieces(program: Program) -> Iterator[Truth]:
    work = np.bincount(program.owner[program.variable], minlength=program.size) + 1
    piece = np.cumsum(work) // PIECE
    for number in np.unique(piece):
        yield piece == number


def _solve(program: Program, cost: Number) -> tuple[Number, Number, Number, Number]:
    from scipy.optimize import linprog

    dual = np.zeros(len(program.right))
    part = open_part(program)
    equal = program.equal[part.row]
    answer = linprog(
        cost[part.variable],
        A_ub=part.matrix[~equal],
        b_ub=part.right[~equal],
        A_eq=part.matrix[equal],
        b_eq=part.right[equal],
        bounds=np.column_stack([program.least[part.variable], program.most[part.variable]]),
        method="highs",
        options=OPTIONS,
    )
    if answer.status != 0:
        return np.zeros(len(cost)), cost, dual, np.full(program.size, -np.inf)
    dual[part.row[~equal]] = np.minimum(answer.ineqlin.marginals, 0.0)
    dual[part.row[equal]] = answer.eqlin.marginals
    reduced = cost - sums(program.variable, dual[program.row] * program.value, len(cost))
    at_best = np.where(reduced > 0, program.least, program.most) * reduced
    bound = sums(program.owner, at_best, program.size)
    bound += sums(program.row_owner, dual * program.right, program.size)
    return part.all(answer.x), reduced, dual, bound


def whole_solution(program: Program, found: Relaxed, cost: Number, near: Number) -> tuple[Number, Truth]:
    """The relaxation as whole numbers, and the components for which they are proved to be cheapest."""
    x = program.completed(np.rint(found.x))
    off = np.where(program.whole, np.abs(x - found.x), 0.0) > WHOLE
    good = sums(program.owner, off, program.size) == 0
    good &= program.feasible(x)
    return x, good & (program.total(cost, x) <= found.bound + near)


def cheapest_face(program: Program, found: Relaxed, x: Number) -> Program:
    """The program of all that costs as little as `x`, which is cheapest: what has a price is tight.

    By complementary slackness that is every cheapest solution.
    """
    low = (found.reduced > ROUND_OFF) & (x <= program.least)
    high = (found.reduced < -ROUND_OFF) & (x >= program.most)
    least, most = np.where(high, program.most, program.least), np.where(low, program.least, program.most)
    slack = np.abs(program.right - program.activity(x))
    size = np.abs(program.right) + program.activity(x, np.abs(program.value))
    tight = (np.abs(found.dual) > ROUND_OFF) & (slack <= ROUND_OFF * (1.0 + size))
    return replace(program, least=least, most=most, equal=program.equal | tight)
