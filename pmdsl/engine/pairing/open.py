"""What of a program is open, as a solver takes it: fixed variables are left out, and rows of them alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pmdsl.engine.pairing.program import Program
from pmdsl.engine.words import Codes, Number


@dataclass(frozen=True, eq=False)
class Open:
    """Rows `matrix @ x <= right` (or equal) over the n open variables.

    `variable` (n,) and `row` (m,) are their places in the program; `fixed` (V,) has 0 for what is open.
    """

    variable: Codes
    row: Codes
    matrix: Any
    right: Number
    fixed: Number

    def all(self, x: Number) -> Number:
        """Values of the open variables with those that are fixed. Shapes (n,) -> (V,)."""
        found = self.fixed.copy()
        found[self.variable] = x
        return found


def open_part(program: Program) -> Open:
    """The open variables and the rows that hold them."""
    from scipy.sparse import csr_array

    free = program.most > program.least
    fixed = np.where(free, 0.0, program.least)
    entries = free[program.variable]
    variable = np.flatnonzero(free)
    row, line = np.unique(program.row[entries], return_inverse=True)
    column = np.searchsorted(variable, program.variable[entries])
    shape = (len(row), len(variable))
    matrix = csr_array((program.value[entries], (line.reshape(-1), column)), shape=shape)
    return Open(variable, row, matrix, (program.right - program.activity(fixed))[row], fixed)
