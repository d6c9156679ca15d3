"""The requirements of an account whose positions stay and whose quantities are others.

Levels, groups and everything that no quantity enters are there already. What is left is a list of calls over
the rows of the account: no step is scheduled, no input looked up, no level built.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from pmdsl.engine.incremental.account import Account
from pmdsl.engine.incremental.light_ops import Op, Slots
from pmdsl.engine.words import Number


@dataclass(frozen=True, eq=False)
class Replay:
    """Calls in running order over the values of one account, by the number of the node.

    A `quiet` one has no operation that numpy warns of with numbers of a usual size.
    """

    account: Account
    base: Slots
    quantity: tuple[int, ...]
    ops: tuple[Op, ...]
    quiet: bool

    def run(self, quantities: Number) -> tuple[Any, ...] | None:
        """The unrounded requirements for other quantities, in the order of positions; None: run it whole."""
        v = self.base[:]
        for number in self.quantity:
            v[number] = quantities
        if self.quiet:
            for op in self.ops:
                op(v)
        else:
            with np.errstate(all="ignore"):
                for op in self.ops:
                    op(v)
        found = tuple([v[t][0].tolist() for t in self.account.market.scope.targets])
        # What is infinite somewhere is poison there; the whole run says so.
        return found if all(map(_known, found)) else None


def _known(value: Any) -> bool:
    return isfinite(value) if isinstance(value, float) else all(map(isfinite, value))
