"""One integer program of a question as it stands: no reduction, no component, the first amount alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from pmdsl.engine.pairing import Pool, Question
from pmdsl.engine.words import Array


def smallest(question: Question) -> float:
    """The least total of the first amount over all groups."""
    return program(question)()


def program(question: Question) -> Callable[[], float]:
    """The integer program as it stands, to be solved."""
    rows = len(question.group)
    worst = [(s, g) for s, scan in enumerate(question.scans) if 0 in scan.objectives
             for g in np.unique(pool_groups(question, scan.pool)).tolist()]  # fmt: skip
    lines: list[tuple[Array, int, float, float]] = []
    for position in np.flatnonzero(question.home >= 0).tolist():
        takes = np.where(question.slots == position, question.taken, 0.0).sum(axis=1)
        lines.append((takes, -1, float(question.held[position]), float(question.held[position])))
    for number, pool in enumerate(question.pools):
        for group in np.unique(pool_groups(question, number)).tolist():
            lines += [(line, -1, low, high) for line, low, high in balances(pool, pool.group == group)]
    for number, (s, group) in enumerate(worst):
        scan = question.scans[s]
        mine = question.pools[scan.pool].group == group
        for point in range(scan.values.shape[1]):
            gains = np.where(mine & scan.real[:, point], scan.values[:, point], 0.0)
            lines.append((gains, number, 0.0, np.inf))
    matrix = np.zeros((len(lines), rows + len(worst)))
    for k, (line, number, _, _) in enumerate(lines):
        matrix[k, :rows] = line
        if number >= 0:
            matrix[k, rows + number] = 1.0
    low, high = ([line[at] for line in lines] for at in (2, 3))
    constraint = LinearConstraint(csr_array(matrix), low, high)
    most = np.where(question.usable, np.inf, 0.0)
    bounds = Bounds(0.0, np.append(most, np.full(len(worst), np.inf)))
    cost = np.append(np.where(question.usable, question.charges[:, 0], 0.0), np.ones(len(worst)))
    whole = np.append(~question.single, np.zeros(len(worst))).astype(int)

    def solve() -> float:
        options = {"mip_rel_gap": 0.0}
        answer = milp(cost, integrality=whole, bounds=bounds, constraints=constraint, options=options)
        assert answer.status == 0
        return float(answer.fun)

    return solve


def pool_groups(question: Question, pool: int) -> Array:
    """The groups of a pool that have members."""
    group = question.pools[pool].group
    return group[group >= 0]


def balances(pool: Pool, mine: Array) -> Iterator[tuple[Array, float, float]]:
    """What balances one group of a pool: a line, the least and the most that it may come to."""
    sign = np.where(pool.long, 1.0, -1.0) * pool.size
    keys = list(zip(*(values.tolist() for values in pool.balanced), strict=True)) if pool.balanced else []
    for key in {keys[row] for row in np.flatnonzero(mine).tolist()} if keys else ():
        yield np.where(mine & np.array([k == key for k in keys]), sign, 0.0), 0.0, 0.0
    same = list(zip(*(values.tolist() for values in pool.same), strict=True)) or [()] * len(mine)
    bound = np.zeros(len(mine)) if pool.bound is None else pool.bound if pool.upward else -pool.bound
    for row in np.flatnonzero(mine).tolist():
        alike = mine & np.array([k == same[row] for k in same])
        yield np.where(alike & (bound >= bound[row]), sign, 0.0), 0.0, np.inf


def total(question: Question, taken: Array) -> float:
    """The first amount of a pairing."""
    found = float((np.where(taken > 0, question.charges[:, 0], 0.0) * taken).sum())
    for scan in question.scans:
        if 0 in scan.objectives:
            for group in np.unique(pool_groups(question, scan.pool)).tolist():
                mine = (question.pools[scan.pool].group == group) & (taken > 0)
                values = np.where(mine[:, None] & scan.real, scan.values, 0.0)
                found += max(0.0, float((-(values * taken[:, None]).sum(axis=0)).max(initial=0.0)))
    return found
