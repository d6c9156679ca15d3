"""One component at a time: where a relaxation is not whole, an integer program decides."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.engine.pairing.lines import lines_of, narrowed
from pmdsl.engine.pairing.open import open_part
from pmdsl.engine.pairing.order import Turn, decided, turn
from pmdsl.engine.pairing.points import best_point, every_point, tightened
from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.relax import Relaxed, relaxed, whole_solution
from pmdsl.engine.words import Number

MOST_NODES = 200_000
MOST_SECONDS = 60.0
SOLVED = 0
# One cost is made up of others: the part of itself by which it may differ, and the most of each of them.
SAME = 1e-10
MOST_SHARE = 4.0


def solved_alone(program: Program, stage: int, found: Relaxed | None = None) -> Number | None:
    """The best solution of one component by its costs from `stage` on; None where the solver found none.

    After each cost, what is chosen may cost no more by it than the cheapest, `near` apart. As soon as few
    points are left, all of them are tried. `found` is the relaxation of the first cost, where it is known.
    """
    x, lines = None, lines_of(program)
    while (points := every_point(lines)) is None:
        now = next_turn(program, stage)
        stage = int(now.stage[0])
        if found is None:
            found = relaxed(program, now.cost)
        x = cheapest(program, found, now, x)
        if x is None:
            return None
        most = program.total(now.cost, x) + now.near
        last = stage >= len(program.costs)
        cut = decided(program, now, x) if last else program.under(now.cost, most)
        cut = tightened(cut, found, most - found.bound)
        close, stage = priced(cut, found, most), stage + 1
        if stage < len(program.costs):
            next_cost = program.costs[stage]
            close = close.under(next_cost, program.total(next_cost, x) + program.near[:, stage])
        program, lines = narrowed(cut, lines_of(close))
        found = None
    return best_point(program, lines, points, stage)


def next_turn(program: Program, stage: int) -> Turn:
    """The next cost of one component, from a stage on, by which solutions that cost no more so far differ."""
    now = turn(program, np.full(1, stage))
    stage = int(now.stage[0])
    if 0 < stage < len(program.costs) and follows(program, stage):
        return next_turn(program, stage + 1)
    return now


def follows(program: Program, stage: int) -> bool:
    """Whether a cost is made up of the costs before it, as far as anything is open."""
    open_ = program.most > program.least
    before, cost = program.costs[:stage, open_].T, program.costs[stage, open_]
    share = np.linalg.lstsq(before, cost)[0]
    size = np.abs(before) @ np.abs(share) + np.abs(cost)
    same = bool((np.abs(before @ share - cost) <= SAME * size).all())
    return same and bool(np.abs(share).max() <= MOST_SHARE)


def cheapest(program: Program, found: Relaxed, now: Turn, x: Number | None) -> Number | None:
    """A solution of least cost: `x` if that is one, or the relaxation, or what an integer program finds."""
    if x is not None and program.total(now.cost, x)[0] <= found.bound[0] + now.near[0]:
        return x
    y, proved = whole_solution(program, found, now.cost, now.near)
    if proved[0]:
        return y
    y, there = solution(program, now.cost)
    return y if there else None


def priced(program: Program, found: Relaxed, most: Number) -> Program:
    """One component with one row more: by the prices of a relaxation, it may cost no more than this.

    What else the cost is, the duals make no less than their share of the right sides.
    """
    share = (found.dual * program.right[: len(found.dual)]).sum()
    return program.under(found.reduced, most - share)


def solution(program: Program, cost: Number) -> tuple[Number, bool]:
    """A whole solution of least cost, checked and not believed; and whether there is one."""
    answer = _ask(program, cost)
    if answer.status != SOLVED:
        return program.least, False
    x = program.completed(np.rint(answer.x))
    return x, bool(program.feasible(x)[0])


def _ask(program: Program, cost: Number) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp

    part = open_part(program)
    low = np.where(program.equal[part.row], part.right, -np.inf)
    answer = milp(
        cost[part.variable],
        integrality=program.whole[part.variable].astype(np.int64),
        bounds=Bounds(program.least[part.variable], program.most[part.variable]),
        constraints=LinearConstraint(part.matrix, low, part.right),
        options={
            "mip_rel_gap": 0.0,
            "node_limit": MOST_NODES,
            "time_limit": MOST_SECONDS,
            # HiGHS has said of a program that had a solution, once made smaller, that it has none.
            "presolve": False,
        },
    )
    if answer.status == SOLVED:
        answer.x = part.all(answer.x)
    return answer
