"""Components with few whole solutions left to look at: all of them are tried."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.pairing.program import NEAR_WORST, WHOLE, Program
from pmdsl.engine.pairing.relax import ROUND_OFF, Relaxed
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Number, Truth

MOST_POINTS = 4096


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


def few(program: Program) -> Truth:
    """The components with few points within their bounds. Shape (C,)."""
    width = np.where(program.whole, program.most - program.least + 1.0, 1.0)
    found: Truth = sums(program.owner, np.log2(width), program.size) <= np.log2(MOST_POINTS) + ROUND_OFF
    return found


def best_point(program: Program, stage: int) -> Number | None:
    """The best solution of one component by its costs from `stage` on, then most of what stands first."""
    open_ = np.flatnonzero(program.whole & (program.most > program.least))
    width = (program.most[open_] - program.least[open_] + 1).astype(np.int64)
    step = np.indices(tuple(width)).reshape(len(open_), int(np.prod(width)))
    x = np.repeat(np.where(program.whole, program.least, 0.0)[:, None], step.shape[1], axis=1)
    x[open_] = program.most[open_, None] - step
    bounding = np.flatnonzero(program.worst >= 0)
    np.maximum.at(x, program.worst[bounding], activity(program, x)[bounding])
    left = feasible(program, x)
    for number in range(stage, len(program.costs)):
        if left.any():
            totals = (program.costs[number][:, None] * x).sum(axis=0)
            left &= totals <= totals[left].min() + program.near[0, number]
    return x[:, int(np.argmax(left))] if left.any() else None


def activity(program: Program, x: Number) -> Number:
    """The left sides of all rows at many points. Shapes (V, points) -> (L, points)."""
    found = np.zeros((len(program.right), x.shape[1]))
    np.add.at(found, program.row, program.value[:, None] * x[program.variable])
    return found


def feasible(program: Program, x: Number) -> Truth:
    """Which points keep all rows. Shapes (V, points) -> (points,)."""
    sides = activity(program, x) - program.right[:, None]
    largest = np.abs(program.value) * np.abs(x[program.variable]).max(axis=1, initial=0.0)
    allowed = WHOLE * (np.abs(program.right) + sums(program.row, largest, len(program.right)))[:, None]
    wrong = np.where(program.equal[:, None], np.abs(sides) > allowed, sides > allowed)
    wrong &= ((program.worst < 0) | program.equal)[:, None]
    high = program.most + np.where(program.whole, 0.0, NEAR_WORST + WHOLE * program.most)
    found: Truth = ~(np.logical_or.reduce(wrong, axis=0) | (x > high[:, None]).any(axis=0))
    return found
