"""Integer programs of many components, side by side: variables, rows, and costs in order of preference.

Variables are columns, which must be whole, and the worst case of each scan and group of a pool. All amounts
are scaled by powers of two, component by component: the solver's tolerances mean the same in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pmdsl.engine.pairing.sums import sums
from pmdsl.engine.words import Codes, Number, Truth

WHOLE = 1e-9
# The largest amount of a component becomes a number of this many bits: the solver works to about 1e-7.
LARGEST_BITS = 14
# And what many contracts bring together no more than of so many.
TOTAL_BITS = 30
# Worst cases have fewer: what is nearly whole, times a large amount, would break a row.
WORST_BITS = 7
# Totals that differ by less than this are equal; and the same of worst cases.
NEAR = 1e-9 * 2.0**LARGEST_BITS
NEAR_WORST = 1e-9 * 2.0**WORST_BITS


@dataclass(frozen=True, eq=False)
class Program:
    """V variables and L rows `sum value * x <= right` (or equal), each of one of C components.

    Variables and rows stand in the order of their components (`owner`, `row_owner`). `costs` (K, V) are made
    smallest one after the other, totals within `near` (C, K) of each other being equal. `worst` (L,) is the
    variable that a row bounds from below, -1 for other rows. Entries are `row`, `variable`, `value`.
    """

    size: int
    owner: Codes
    whole: Truth
    least: Number
    most: Number
    costs: Number
    near: Number
    row_owner: Codes
    right: Number
    equal: Truth
    worst: Codes
    row: Codes
    variable: Codes
    value: Number

    def part(self, keep: Truth) -> Program:
        """The program of some components, numbered anew. Shape of `keep`: (C,)."""
        number = np.cumsum(keep) - 1
        variables, rows = keep[self.owner], keep[self.row_owner]
        new_variable, new_row = np.cumsum(variables) - 1, np.cumsum(rows) - 1
        entries = rows[self.row]
        worst = self.worst[rows]
        return Program(
            size=int(keep.sum()),
            owner=number[self.owner[variables]],
            whole=self.whole[variables],
            least=self.least[variables],
            most=self.most[variables],
            costs=self.costs[:, variables],
            near=self.near[keep],
            row_owner=number[self.row_owner[rows]],
            right=self.right[rows],
            equal=self.equal[rows],
            worst=np.where(worst < 0, worst, new_variable[worst]),
            row=new_row[self.row[entries]],
            variable=new_variable[self.variable[entries]],
            value=self.value[entries],
        )

    def between(self, least: Number, most: Number) -> Program:
        """The same with other bounds of its variables."""
        return replace(self, least=least, most=most)

    def under(self, line: Number, right: Number) -> Program:
        """One component with one row more, `line @ x <= right`. Shapes (V,) and (1,)."""
        some, rows = np.flatnonzero(line), len(self.right)
        return replace(
            self,
            row_owner=np.append(self.row_owner, 0),
            right=np.append(self.right, right),
            equal=np.append(self.equal, False),
            worst=np.append(self.worst, -1),
            row=np.append(self.row, np.full(len(some), rows)),
            variable=np.append(self.variable, some),
            value=np.append(self.value, line[some]),
        )

    def total(self, cost: Number, x: Number) -> Number:
        """What each component costs. Shape (C,)."""
        return sums(self.owner, cost * x, self.size)

    def activity(self, x: Number, value: Number | None = None) -> Number:
        """The left side of each row, or of rows of other values. Shape (L,)."""
        value = self.value if value is None else value
        return sums(self.row, value * x[self.variable], len(self.right))

    def completed(self, x: Number) -> Number:
        """Whole numbers with the worst cases that follow from them. Shape (V,)."""
        found = np.where(self.whole, x, 0.0)
        bounding = self.worst >= 0
        np.maximum.at(found, self.worst[bounding], self.activity(found)[bounding])
        return found

    def feasible(self, x: Number) -> Truth:
        """The components in which whole numbers keep all bounds and rows. Shape (C,)."""
        sides = self.activity(x) - self.right
        scale = sums(self.row, np.abs(self.value * x[self.variable]), len(self.right))
        allowed = WHOLE * (scale + np.abs(self.right))
        wrong = np.where(self.equal, np.abs(sides) > allowed, sides > allowed)
        wrong &= (self.worst < 0) | self.equal
        outside = (x < self.least) | (
            x > self.most + np.where(self.whole, 0.0, NEAR_WORST + WHOLE * self.most)
        )
        bad = sums(self.row_owner, wrong, self.size)
        bad += sums(self.owner, outside, self.size)
        good: Truth = bad == 0
        return good
