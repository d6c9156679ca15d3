"""What the rows of one component say of its whole numbers alone, and what bounds follow from that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.engine.pairing.program import Program
from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Number

# Lines are drawn further out by this part of themselves: what keeps the rows keeps the lines.
APART = 1e-7
MOST_ROUNDS = 12


@dataclass(frozen=True, eq=False)
class Lines:
    """L lines `value @ x <= right` over the n open whole variables, which lie between `least` and `most`.

    `variable` (n,) are their places in the program. Every whole solution keeps all lines; not all that keeps
    them is a solution.
    """

    variable: Codes
    least: Number
    most: Number
    value: Number
    right: Number


def lines_of(program: Program) -> Lines:
    """The rows of one component, each worst case put at the least that it may be."""
    matrix = matrix_of(program)
    whole, open_ = program.whole, program.whole & (program.most > program.least)
    value = np.vstack([matrix, -matrix[program.equal]])
    right = np.concatenate([program.right, -program.right[program.equal]])
    worst = value[:, ~whole]
    right = right - np.where(worst < 0, worst * program.most[~whole], 0.0).sum(axis=1)
    bounding = np.flatnonzero(program.worst >= 0)
    if len(bounding):
        # what a worst case adds is at least what any of its points adds
        adds = value[:, program.worst[bounding]]
        line, point = np.nonzero(adds > 0)
        more = value[line] + adds[line, point][:, None] * matrix[bounding[point]]
        value, right = np.vstack([value, more]), np.append(right, right[line])
    fixed = whole & ~open_
    right = right - value[:, fixed] @ program.least[fixed]
    scale = np.abs(value[:, whole]) @ np.abs(program.most[whole])
    right = right + APART * (1.0 + scale)
    least, most = program.least[open_], program.most[open_]
    return telling(Lines(np.flatnonzero(open_), least, most, value[:, open_], right))


def matrix_of(program: Program) -> Number:
    """All rows of one component. Shape (L, V)."""
    shape = len(program.right), len(program.owner)
    place = program.row * shape[1] + program.variable
    return sums(place, program.value, shape[0] * shape[1]).reshape(shape)


def telling(lines: Lines) -> Lines:
    """The lines that forbid something within the bounds."""
    most = (np.maximum(lines.value, 0) @ lines.most) + (np.minimum(lines.value, 0) @ lines.least)
    kept = most > lines.right
    return Lines(lines.variable, lines.least, lines.most, lines.value[kept], lines.right[kept])


def narrowed(program: Program, lines: Lines) -> tuple[Program, Lines]:
    """One component between the bounds that follow from its lines, and the lines of what is then open."""
    least, most = bounds(lines)
    new_least, new_most = program.least.copy(), program.most.copy()
    new_least[lines.variable], new_most[lines.variable] = least, most
    open_ = most > least
    right = lines.right - lines.value[:, ~open_] @ least[~open_]
    left = Lines(lines.variable[open_], least[open_], most[open_], lines.value[:, open_], right)
    return program.between(new_least, new_most), telling(left)


def bounds(lines: Lines) -> tuple[Number, Number]:
    """The bounds of the variables, given that all others are where they help most. Shapes (n,)."""
    least, most = lines.least, lines.most
    up, down = np.maximum(lines.value, 0), np.minimum(lines.value, 0)
    size = np.where(lines.value != 0, np.abs(lines.value), np.nan)
    for _ in range(MOST_ROUNDS if lines.value.size else 0):
        room = lines.right - (up @ least + down @ most)
        with np.errstate(invalid="ignore"):
            steps = np.floor(room[:, None] / size + APART)
        high = np.where(up > 0, least + steps, np.inf).min(axis=0)
        low = np.where(down < 0, most - steps, -np.inf).max(axis=0)
        high, low = np.minimum(most, high), np.maximum(least, low)
        if (high == most).all() and (low == least).all():
            break
        least, most = low, high
    return least, most
