"""Components with few whole solutions left to look at: all of them are tried."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.pairing.lines import Lines, matrix_of
from pmdsl.engine.pairing.program import NEAR_WORST, WHOLE, Program
from pmdsl.engine.pairing.relax import ROUND_OFF, Relaxed
from pmdsl.engine.words import Codes, Number

# Points that are kept, and sides of lines that are worked out for them. Where bounds allow more than so many
# binary digits, neither would do.
MOST_POINTS = 2048
MOST_WORK = 1_000_000
MOST_BITS = 40.0


def some_solution(program: Program, found: Relaxed) -> Number:
    """Whole solutions that are not far off: what is whole of a relaxation, or nothing at all.

    Shape (V,); NaN in components where neither is feasible.
    """
    near = program.completed(np.clip(np.floor(found.x + ROUND_OFF), program.least, program.most))
    none = program.completed(program.least)
    good, other = program.feasible(near)[program.owner], program.feasible(none)[program.owner]
    return np.where(good, near, np.where(other, none, np.nan))


def tightened(program: Program, found: Relaxed, spare: Number) -> Program:
    """The program without what costs more than the bound and what each component has to spare, (C,).

    A variable with a reduced cost can leave its bound by no more than what is to spare pays for.
    """
    price = np.abs(found.reduced)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.floor(spare[program.owner] / price + ROUND_OFF)
    priced = program.whole & (price > ROUND_OFF) & np.isfinite(steps)
    up, down = priced & (found.reduced > 0), priced & (found.reduced < 0)
    most = np.where(up, np.minimum(program.most, program.least + steps), program.most)
    least = np.where(down, np.maximum(program.least, program.most - steps), program.least)
    return program.between(least, most)


def every_point(lines: Lines) -> Number | None:
    """All points of one component that keep its lines, shape (n, points); None where they are too many.

    Points grow variable by variable: what no choice of the others can bring back within a line is dropped.
    """
    if np.log2(lines.most - lines.least + 1.0).sum() > MOST_BITS:
        return None
    order = by_lines(lines)
    value, right = lines.value[:, order], lines.right
    side = np.where(value > 0, value * lines.least[order], value * lines.most[order]).sum(axis=1)[:, None]
    grown, work = np.zeros((0, 1)), 0
    for at, variable in enumerate(order.tolist()):
        low, high = lines.least[variable], lines.most[variable]
        step = np.arange(low, high + 1.0)
        work += len(value) * len(step) * grown.shape[1]
        if work > MOST_WORK:
            return None
        held = value[:, at] != 0
        column = value[held, at]
        more = column[:, None] * step - np.where(column > 0, column * low, column * high)[:, None]
        tried = side[held][:, :, None] + more[:, None, :]
        kept = (tried <= right[held][:, None, None]).all(axis=0)
        parent, number = np.nonzero(kept)
        if len(parent) > MOST_POINTS:
            return None
        side = side[:, parent]
        side[held] = tried[:, parent, number]
        grown = np.vstack([grown[:, parent], step[number]])
        later = (value[:, at + 1 :] != 0).any(axis=1)
        value, right, side = value[later], right[later], side[later]
    return grown[np.argsort(order)]


def by_lines(lines: Lines) -> Codes:
    """The variables in an order in which lines are complete early: what shares short lines comes first."""
    inside = (lines.value != 0).astype(np.float64)
    left = inside.sum(axis=1)
    order, open_ = [], np.ones(len(lines.variable), dtype=bool)
    while open_.any():
        weight = (1.0 / np.maximum(left, 1.0) ** 2) @ inside
        order.append(int(np.argmax(np.where(open_, weight, -1.0))))
        open_[order[-1]] = False
        left -= inside[:, order[-1]]
    return np.array(order, dtype=np.int64)


def best_point(program: Program, lines: Lines, points: Number, stage: int) -> Number | None:
    """The best of some points of one component by its costs from `stage` on, then most of what stands first.

    `points` (n, points) are of the open variables. Shape (V,); None where no point is a solution.
    """
    x, inner = np.where(program.whole, program.least, 0.0), np.flatnonzero(~program.whole)
    x[lines.variable] = 0.0
    matrix = matrix_of(program)
    sides = (matrix @ x)[:, None] + matrix[:, lines.variable] @ points
    worst = np.zeros((len(x), points.shape[1]))
    bounding = np.flatnonzero(program.worst >= 0)
    np.maximum.at(worst, program.worst[bounding], sides[bounding])
    sides += matrix[:, inner] @ worst[inner]
    largest = np.abs(x)
    largest[lines.variable] = np.abs(points).max(axis=1, initial=0.0)
    largest[inner] = worst[inner].max(axis=1, initial=0.0)
    allowed = WHOLE * (np.abs(program.right) + np.abs(matrix) @ largest)[:, None]
    over = sides - program.right[:, None]
    wrong = np.where(program.equal[:, None], np.abs(over) > allowed, over > allowed)
    wrong &= ((program.worst < 0) | program.equal)[:, None]
    high = program.most[inner] + NEAR_WORST + WHOLE * program.most[inner]
    left = ~(wrong.any(axis=0) | (worst[inner] > high[:, None]).any(axis=0))
    for cost, near in zip(program.costs[stage:], program.near[0, stage:], strict=True):
        if left.any():
            totals = cost[lines.variable] @ points + cost[inner] @ worst[inner]
            left &= totals <= totals[left].min() + near
    if not left.any():
        return None
    some = np.flatnonzero(left)
    first = some[np.lexsort(-points[::-1, some])[0]] if len(points) else some[0]
    x[lines.variable], x[inner] = points[:, first], worst[inner, first]
    return x
