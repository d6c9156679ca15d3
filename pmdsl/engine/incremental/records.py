"""A scope as numbers: one record an operation, for kernels that run all of it in one call.

Values stand one behind the other in a row of numbers, each as (rows, points); constants stand in a second
row, and their places are counted on from the end of the first. A trade has one row at every level, and what
is left of its groups among the constants; an account has all of its rows, and sums over their runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from pmdsl.engine.words import Codes, Number


class Do(IntEnum):
    """What a record does."""

    ADD = 0
    SUB = 1
    MUL = 2
    MIN = 3
    MAX = 4
    GT = 5
    GE = 6
    LT = 7
    LE = 8
    AND = 9
    OR = 10
    NEG = 11
    ABS = 12
    NOT = 13
    IF = 14
    NET = 15
    SOME = 16
    SUM = 17
    WEIGHED = 18
    WORST = 19


ELEMENTWISE = {
    "add": Do.ADD,
    "sub": Do.SUB,
    "mul": Do.MUL,
    "min": Do.MIN,
    "max": Do.MAX,
    "gt": Do.GT,
    "ge": Do.GE,
    "lt": Do.LT,
    "le": Do.LE,
    "and": Do.AND,
    "or": Do.OR,
    "neg": Do.NEG,
    "abs": Do.ABS,
    "not": Do.NOT,
    "if": Do.IF,
}
OPERANDS = 3
# Of a record: what it does, where its value goes, rows and points, and for each operand its place and how far
# it goes on for the next row and the next point. Of a sum the second operand is where the edges of its runs
# stand.
WIDTH = 4 + 3 * OPERANDS
# In front of the records: how many there are, the room of all values, and where the constants begin.
HEAD = 3


@dataclass(frozen=True)
class Constant:
    """A value that stands among the constants: that of a node, or what is left of the groups of a sum."""

    node: int
    rest: bool = False


@dataclass(frozen=True, eq=False)
class Code:
    """Records and the edges of runs behind them, the constants in their order, and where the outputs are."""

    program: Codes
    constants: tuple[Constant, ...]
    results: tuple[int, ...]


def tape_of(code: Code, value: Callable[[Constant], Any]) -> Number:
    """A code with its constants behind it as one row: records are whole numbers in the same bytes."""
    parts = [np.asarray(value(constant), dtype=np.float64).ravel() for constant in code.constants]
    return np.concatenate([code.program.view(np.float64), *parts])
