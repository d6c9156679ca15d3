"""Many trades in one account at once, each by itself: one row a trade at every level, in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pmdsl.engine.alarm import arithmetic, without_infinities
from pmdsl.engine.blocks import Block, OwnedColumn
from pmdsl.engine.incremental.account import Account, contribution
from pmdsl.engine.incremental.calls import Local, lined_up, run_local
from pmdsl.engine.incremental.scope import ACCOUNT, FOLDS, POSITION
from pmdsl.engine.index import Index, Rows, key_of
from pmdsl.engine.kernels import MAKERS
from pmdsl.engine.kernels.leaves import read
from pmdsl.engine.kernels.site import Site, filled
from pmdsl.engine.netting import QUANTITY, TRADE_PRICE
from pmdsl.engine.words import Codes, Number
from pmdsl.plan.nodes import Node


@dataclass(frozen=True, eq=False)
class Trades:
    """Trades of an account: rows of instruments, and how much of each is bought (or sold, below zero).

    Shapes (trades,). `price` is what is paid, NaN where nobody said.
    """

    account: Account
    instrument: Codes
    quantity: Number
    price: Number

    @property
    def size(self) -> int:
        return len(self.instrument)

    @cached_property
    def rows(self) -> Mapping[str, Codes]:
        """The row of each level of the chain that a trade changes, one behind the last for a new one.

        Shapes (trades,).
        """
        market, account = self.account.market, self.account
        found = {POSITION: account.places[self.instrument]}
        for name, keys in market.keys.items():
            found[name] = account.group_places[name][keys[self.instrument]]
        return {**found, ACCOUNT: np.zeros(self.size, dtype=np.int64)}

    @cached_property
    def held(self) -> Number:
        """What is held after the trade. Shape (trades,)."""
        before = np.append(self.account.quantities, 0.0)
        return before[self.rows[POSITION]] + self.quantity

    @cached_property
    def before(self) -> Codes:
        """The first position that stands behind that of the trade. Shape (trades,)."""
        rank = self.account.market.rank
        return np.searchsorted(rank[self.account.instruments], rank[self.instrument], side="right")


def after(trades: Trades) -> dict[int, Any]:
    """The values of the outputs after each trade. Shapes (trades, ...).

    Every instrument must be usable, and its trade one that quantities alone describe.
    """
    account, market = trades.account, trades.account.market
    values: dict[int, Any] = {}

    def value(number: int) -> Any:
        found = values.get(number)
        return _unmoved(trades, number) if found is None else found

    with arithmetic() as alarm:
        for number in market.scope.moved:
            found = _run(trades, market.locals[number], market.plan.nodes[number], value)
            if alarm.raised:
                alarm.raised = False
                found = without_infinities(found)
            values[number] = found
    return {
        t: np.broadcast_to(value(t), (trades.size, *account.value(t).shape[1:])) for t in market.scope.targets
    }


def _unmoved(trades: Trades, number: int) -> Any:
    """A value that no quantity enters, for each trade or for all of them."""
    market = trades.account.market
    if number in market.fixed:
        return market.fixed[number].take(trades.instrument, axis=0)
    if number in market.scope.still:
        return trades.account.value(number)
    return market.constant(number)


def _run(trades: Trades, call: Local, node: Node, value: Any) -> Any:
    if node.op == "input":
        return _column(trades, node)
    if node.op == "down" and call.kernel is None:
        return value(node.inputs[0])
    if node.op not in FOLDS or call.kernel is not None:
        return run_local(call, value, trades.size)
    rests = trades.account.rests.get(call.node)
    return (
        _fold_anew(trades, call, node, value)
        if rests is None
        else _rest_and_one(trades, call, node, rests, value)
    )


def _column(trades: Trades, node: Node) -> Any:
    """A column of positions: quantities, prices paid, and nothing else in a new position."""
    plan, world = trades.account.market.plan, trades.account.market.job.world
    index = Index(plan, world.interner)
    index.levels[POSITION] = Rows(index.plan.levels[POSITION], trades.size)
    name = str(node.params["column"])
    values = {QUANTITY: trades.held, TRADE_PRICE: trades.price}.get(name)
    if values is None:
        kept = trades.account.run.columns[POSITION, name].values
        values = np.full(trades.size, -1 if kept.dtype.kind == "i" else np.nan, dtype=kept.dtype)
    block = Block(index, {(POSITION, name): OwnedColumn(values)}, {})
    kernel = read(Site.of(world, node))
    return kernel(block, [trades.account.market.constant(i) for i in node.inputs])


def _rest_and_one(trades: Trades, call: Local, node: Node, rests: Number, value: Any) -> Any:
    """A sum as the rest of its members and the one that the trade changes."""
    xs = lined_up(call, value)
    share = contribution(node, [filled(xs[0], trades.size), *xs[1:]])
    fine = trades.account.market.folded[call.node]
    return rests.take(rest_rows(trades, fine, node.level), axis=0) + share


def rest_rows(trades: Trades, fine: str, coarse: str) -> Codes:
    """Where a table of rests has what is left of each trade's group. Shape (trades,)."""
    member, members = trades.rows[fine], trades.account.size(fine)
    return np.where(member < members, member, trades.rows[coarse] + members)


# ---- from all members --------------------------------------------------------------------------------------


def _fold_anew(trades: Trades, call: Local, node: Node, value: Any) -> Any:
    """A fold of all members of the group of each trade, in their order."""
    account = trades.account
    plan = account.market.plan
    fine = account.market.folded[call.node]
    taken, owner = members_with(trades, fine, node.level)
    xs = []
    for i, shape in call.inputs:
        x = value(i)
        if plan.nodes[i].level == fine:
            x = np.concatenate([account.value(i), filled(x, trades.size)]).take(taken, axis=0)
        xs.append(x if shape is None else x[shape])
    kernel = MAKERS[node.op](Site.of(account.market.job.world, node))
    found = kernel(_groups(trades, fine, node.level, owner), xs)
    return np.broadcast_to(found, (trades.size, *call.axes))


def members_with(trades: Trades, fine: str, coarse: str) -> tuple[Codes, Codes]:
    """The members of the group of each trade after it, and the trade that each belongs to.

    A member is a row of the account, or the number of its rows and then of a trade: the row that it changes.
    """
    account, rows = trades.account, trades.rows
    size = account.size(fine)
    edges = account.edges(fine, coarse)
    group = rows[coarse]
    new = group == account.size(coarse)
    at = _place(trades, fine)
    first = np.where(new, at, edges[group])
    last = np.where(new, at, np.append(edges, size)[group + 1])
    ahead = at - first
    behind = np.where(rows[fine] == size, at, at + 1)
    lengths = ahead + 1 + last - behind
    owner = np.repeat(np.arange(trades.size), lengths)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    mine, later = ahead[owner], behind[owner] - ahead[owner] - 1
    taken = np.where(step < mine, first[owner] + step, np.where(step == mine, size + owner, later + step))
    return taken, owner


def _place(trades: Trades, fine: str) -> Codes:
    """The row of a trade's position or group, or the row before which a new one belongs. Shape (trades,)."""
    account, row = trades.account, trades.rows[fine]
    new = row == account.size(fine)
    if fine == POSITION:
        return np.where(new, trades.before, row)
    above = np.append(account.parent(POSITION, fine), account.size(fine))
    return np.where(new, above[trades.before], row)


def _groups(trades: Trades, fine: str, coarse: str, owner: Codes) -> Block:
    """A block in which each trade has a group of its own."""
    account, plan = trades.account, trades.account.market.plan
    index = Index(plan, account.run.index.interner)
    index.levels[fine] = Rows(plan.levels[fine], len(owner))
    index.levels[coarse] = Rows(plan.levels[coarse], trades.size)
    index.edges[fine, coarse] = owner
    if coarse != ACCOUNT:
        index.edges[coarse, key_of(plan, coarse)] = np.zeros(trades.size, dtype=np.int64)
    return Block(index, {}, {})
