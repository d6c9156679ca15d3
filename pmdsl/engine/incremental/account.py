"""What one account holds, as trades in it need it: rows of every level, and sums without each member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pmdsl.engine.incremental.calls import lined_up
from pmdsl.engine.incremental.market import Market
from pmdsl.engine.incremental.scope import ACCOUNT, POSITION
from pmdsl.engine.incremental.smooth import smooth_folds
from pmdsl.engine.index import key_of
from pmdsl.engine.job import Run
from pmdsl.engine.kernels.folds import counted
from pmdsl.engine.kernels.site import filled
from pmdsl.engine.netting import QUANTITY
from pmdsl.engine.run import Values
from pmdsl.engine.words import Codes, Number
from pmdsl.plan.nodes import Node


@dataclass(frozen=True, eq=False)
class Account:
    """The rows of an account and the values of all nodes; `why_not` where its trades are not followed."""

    market: Market
    run: Run
    values: Values
    why_not: str

    @cached_property
    def instruments(self) -> Codes:
        """The instrument of each position. Shape (positions,)."""
        return self.run.index.edge(POSITION, "instrument")

    @cached_property
    def quantities(self) -> Number:
        """How much is held of each. Shape (positions,)."""
        return self.run.columns[POSITION, QUANTITY].values

    @cached_property
    def joins(self) -> bool:
        """Whether a trade in an instrument that is held joins its position, which lots do not."""
        return not self.market.plan.lots

    @cached_property
    def position_of(self) -> Mapping[int, int]:
        """The position of each instrument that is held, which a trade in it joins."""
        if not self.joins:
            return {}
        return {row: at for at, row in enumerate(self.instruments.tolist())}

    @cached_property
    def group_of(self) -> Mapping[str, Mapping[int, int]]:
        """For each group of the chain the row of each key."""
        index, plan = self.run.index, self.market.plan
        return {
            name: {key: row for row, key in enumerate(index.edge(name, key_of(plan, name)).tolist())}
            for name in self.market.scope.chain[1:-1]
        }

    @cached_property
    def places(self) -> Codes:
        """The position that a trade in each instrument joins, for a new one their number.

        Shape (instruments,).
        """
        found = np.full(len(self.market.rank), len(self.instruments))
        if self.joins:
            found[self.instruments] = np.arange(len(self.instruments))
        return found

    @cached_property
    def group_places(self) -> Mapping[str, Codes]:
        """For each group of the chain the row of each key, for a new one their number. Shapes (keys,)."""
        index, plan = self.run.index, self.market.plan
        keys = {name: key_of(plan, name) for name in self.market.scope.chain[1:-1]}
        found = {name: np.full(index.size(key), self.size(name)) for name, key in keys.items()}
        for name, key in keys.items():
            found[name][index.edge(name, key)] = np.arange(self.size(name))
        return found

    def rows_of(self, instrument: int) -> Mapping[str, int]:
        """The row of each level of the chain that a trade changes, one behind the last for a new one."""
        found = {POSITION: self.position_of.get(instrument, self.size(POSITION)), ACCOUNT: 0}
        for name, keys in self.market.keys.items():
            groups = self.group_of[name]
            found[name] = groups.get(int(keys[instrument]), len(groups))
        return found

    def held(self, instrument: int) -> float:
        """How much is held of an instrument, in the position that a trade in it joins."""
        at = self.position_of.get(instrument)
        return 0.0 if at is None else float(self.quantities[at])

    def size(self, level: str) -> int:
        """The number of rows of a level of the chain."""
        return self.run.index.size(level)

    def parent(self, fine: str, coarse: str) -> Codes:
        """The row of a coarser level of the chain of each row of a finer one. Shape (rows of fine,)."""
        return self.run.index.parent(fine, coarse)

    def edges(self, fine: str, coarse: str) -> Codes:
        """Where the members of each row of `coarse` begin in `fine`, and the end.

        Shape (rows of coarse + 1,).
        """
        return np.searchsorted(self.parent(fine, coarse), np.arange(self.size(coarse) + 1))

    def value(self, number: int) -> Any:
        """The value of a node before any trade. Shape (rows, ...)."""
        return self.values[number]

    @cached_property
    def rests(self) -> Mapping[int, Number | None]:
        """For each sum that bits do not matter to: the sums without each member, the sums, and nothing.

        Shape (members + groups + 1, ...); None where a member is poison, which cannot be taken off.
        """
        return {n: self._rests(n) for n in smooth_folds(self.market.scope)}

    def _rests(self, number: int) -> Number | None:
        node = self.market.plan.nodes[number]
        fine = self.market.folded[number]
        xs = lined_up(self.market.locals[number], self.value)
        share = contribution(node, [filled(xs[0], self.size(fine)), *xs[1:]])
        share = np.broadcast_to(share, (len(share), *self.market.locals[number].axes))
        totals, groups = self.values[number], self.parent(fine, node.level)
        if not (np.isfinite(share).all() and np.isfinite(totals).all()):
            return None
        left = totals.take(groups, axis=0) - share
        # A group of one member is left with nothing, whatever its bits say.
        left[np.bincount(groups, minlength=len(totals))[groups] == 1] = 0.0
        return np.concatenate([left, totals, np.zeros((1, *totals.shape[1:]))])

    def rest(self, number: int, rows: Mapping[str, int]) -> Any:
        """What is left of the group of a trade that changes some rows. Shape (...)."""
        table, fine, members, coarse = self._tables[number]
        row = rows[fine]
        return table[row if row < members else members + rows[coarse]]

    @cached_property
    def _tables(self) -> Mapping[int, tuple[Any, str, int, str]]:
        """For each of the `rests` its table, the level and number of members, and the level of groups."""
        market = self.market
        levels = {n: (market.folded[n], market.plan.nodes[n].level) for n in self.rests}
        return {n: (self.rests[n], fine, self.size(fine), coarse) for n, (fine, coarse) in levels.items()}

    @cached_property
    def size_of_sums(self) -> float:
        """All that is added up anywhere, regardless of signs: round-off is a small part of it."""
        tables = (table for table in self.rests.values() if table is not None)
        return float(sum(np.abs(table).max(axis=tuple(range(1, table.ndim))).sum() for table in tables))


def contribution(node: Node, xs: list[Any]) -> Any:
    """What members bring to a sum. Shape (members, ...)."""
    if node.op == "net_into":
        if ((xs[1] >= 0.0) & (xs[1] <= 1.0)).all():
            # Where only a part of a gain is credited, the smaller of both is what counts.
            share = np.minimum(xs[0], xs[1] * xs[0])
        else:
            share = np.minimum(xs[0], 0.0) + xs[1] * np.maximum(xs[0], 0.0)
        return share if len(xs) < 3 else counted(share, xs[2], 0.0)
    return counted(xs[0], xs[1], 0.0) if node.params.get("where") else xs[0]


def account_of(market: Market, run: Run) -> Account:
    """The one account of a run that keeps every value."""
    values = run.execute(run.block(0))
    why_not = market.scope.why_not
    if not why_not and not market.usable[run.index.edge(POSITION, "instrument")].all():
        why_not = "a group of a position that is held is not known"
    return Account(market, run, values, why_not)
