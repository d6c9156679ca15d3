"""One integer program of a question as it stands: no reduction, no component, the first amount alone."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from pmdsl.engine.pairing import Question


def smallest(question: Question) -> float:
    """The least total of the first amount over all groups."""
    rows, positions = len(question.group), len(question.held)
    worst = [
        (s, g)
        for s, scan in enumerate(question.scans)
        if 0 in scan.objectives
        for g in range(question.groups)
    ]
    width = rows + len(worst)
    lines: list[np.ndarray] = []
    low: list[float] = []
    high: list[float] = []

    def add(line: np.ndarray, least: float, most: float) -> None:
        lines.append(line)
        low.append(least)
        high.append(most)

    for position in range(positions):
        line = np.zeros(width)
        line[:rows] = np.where(question.slots == position, question.taken, 0.0).sum(axis=1)
        add(line, float(question.held[position]), float(question.held[position]))
    for pool in question.pools:
        sign = np.where(pool.long, 1.0, -1.0) * pool.size
        inside = pool.group >= 0
        for group in range(question.groups):
            mine = inside & (pool.group == group)
            if pool.balanced:
                for value in np.unique(pool.balanced[0][mine]):
                    line = np.zeros(width)
                    line[:rows] = np.where(mine & (pool.balanced[0] == value), sign, 0.0)
                    add(line, 0.0, 0.0)
            for same in np.unique(pool.same[0][mine]):
                bound = pool.bound if pool.bound is not None else np.zeros(rows)
                bound = bound if pool.upward else -bound
                for value in np.unique(bound[mine & (pool.same[0] == same)]):
                    line = np.zeros(width)
                    beyond = mine & (pool.same[0] == same) & (bound >= value)
                    line[:rows] = np.where(beyond, sign, 0.0)
                    add(line, 0.0, np.inf)
    for number, (s, group) in enumerate(worst):
        scan = question.scans[s]
        mine = question.pools[scan.pool].group == group
        for point in range(scan.values.shape[1]):
            line = np.zeros(width)
            line[:rows] = np.where(mine & scan.real[:, point], scan.values[:, point], 0.0)
            line[rows + number] = 1.0
            add(line, 0.0, np.inf)
    cost = np.append(question.charges[:, 0], np.ones(len(worst)))
    answer = milp(
        cost,
        integrality=np.append(~question.single, np.zeros(len(worst))).astype(int),
        bounds=Bounds(0.0, np.inf),
        constraints=LinearConstraint(csr_array(np.array(lines)), low, high),
        options={"mip_rel_gap": 0.0},
    )
    assert answer.status == 0
    return float(answer.fun)


def total(question: Question, taken: np.ndarray) -> float:
    """The first amount of a pairing."""
    found = float(question.charges[:, 0] @ taken)
    for scan in question.scans:
        if 0 in scan.objectives:
            for group in range(question.groups):
                mine = question.pools[scan.pool].group == group
                values = np.where(mine[:, None] & scan.real, scan.values, 0.0)
                found += max(0.0, float((-(values * taken[:, None]).sum(axis=0)).max(initial=0.0)))
    return found
