"""Trades in accounts of one market: the way that each of them takes, and the amounts that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from pmdsl.engine.answer import Answer
from pmdsl.engine.bound import Bound
from pmdsl.engine.incremental.account import Account, account_of
from pmdsl.engine.incremental.fast import FastReplay, FastTrades, fast_replay, fast_trades, trade_code
from pmdsl.engine.incremental.holdings import Leg, side_by_side, with_legs, with_quantities
from pmdsl.engine.incremental.light import Light, light
from pmdsl.engine.incremental.light_program import Program, program
from pmdsl.engine.incremental.market import Market, market_of
from pmdsl.engine.incremental.records import Code
from pmdsl.engine.incremental.replay import Replay
from pmdsl.engine.incremental.replay_program import replay
from pmdsl.engine.incremental.rows import Trades, after
from pmdsl.engine.incremental.smooth import smooth_folds
from pmdsl.engine.inputs import Holdings
from pmdsl.engine.job import start
from pmdsl.engine.netting import QUANTITY
from pmdsl.engine.owned import inverse
from pmdsl.engine.words import Codes, Number, Truth

Values = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Desk:
    """A bound plan with what trades of any account need of it."""

    bound: Bound
    market: Market
    written: Program | None
    encoded: Code | None

    @cached_property
    def row_of(self) -> Codes:
        """The engine's row of each instrument of the book. Shape (instruments,)."""
        rows = self.market.job.index.levels["instrument"]
        return inverse(rows.source, rows.size)

    @cached_property
    def in_book(self) -> Codes:
        """The row in the book of each instrument of the engine. Shape (instruments,)."""
        return inverse(self.row_of, len(self.row_of))

    def seat(self, holdings: Holdings) -> Seat:
        """An account, laid out for trades in it."""
        run = start(self.market.job, holdings)
        account = account_of(self.market, run)
        apart = self._apart(account, self.row_of[holdings.instrument])
        quick = fast_trades(self.encoded, account, apart) or light(self.written, account, apart)
        return Seat(self, holdings, account, quick, apart)

    def replay(self, account: Account) -> FastReplay | Replay | None:
        """An account for other quantities; None where that takes whole runs."""
        found = fast_replay(account) if self.bound.world.engine == "compiled" else None
        return found or replay(account)

    def _apart(self, account: Account, held: Codes) -> frozenset[int]:
        """The instruments in which trades are not followed: netting or sorting has more to say of them."""
        rows, parts = np.unique(held, return_counts=True)
        if self.bound.plan.lots:
            anew = set(self.market.scope.position_folds) - smooth_folds(self.market.scope)
            return frozenset(rows.tolist()) if anew else frozenset()
        # Prices of several trades become one average, other columns must agree.
        more = self.market.scope.columns - {QUANTITY}
        return frozenset(rows.tolist() if more else rows[parts > 1].tolist())


def desk_of(bound: Bound) -> Desk:
    """What trades under a bound plan need; made once a market."""
    targets = tuple(dict.fromkeys(out.node for out in bound.plan.outputs if out.kind == "requirement"))
    market = market_of(bound.job(targets, keep=True), targets)
    encoded = trade_code(market) if bound.world.engine == "compiled" else None
    return Desk(bound, market, program(market), encoded)


@dataclass(frozen=True, eq=False)
class Seat:
    """One account at a desk. Values are those of the requirements, in the order of the plan's outputs.

    Instruments are rows of the engine. Trades in those of `apart` take whole runs.
    """

    desk: Desk
    holdings: Holdings
    account: Account
    light: Light | FastTrades | None
    apart: frozenset[int]

    @cached_property
    def before(self) -> Values:
        """The unrounded requirements as they stand; a float each, or a list over sides."""
        values = (self.account.value(t) for t in self.desk.market.scope.targets)
        return tuple(value[0].tolist() for value in values)

    def one(self, leg: Leg) -> Values | None:
        """The requirements after a trade by the rows that it changes; None where that takes a whole run."""
        row, quantity = np.array([leg.instrument]), np.array([leg.quantity])
        if not self.followed(row)[0]:
            return None
        price = np.array([np.nan if leg.price is None else leg.price])
        found = after(Trades(self.account, row, quantity, price))
        return tuple(found[t][0].tolist() for t in self.desk.market.scope.targets)

    def name_of(self, row: int) -> str:
        """What people call an instrument."""
        return self.account.run.index.label("instrument", row)

    def followed(self, rows: Codes) -> Truth:
        """Which trades can be followed row by row. Shape (trades,)."""
        account = self.account
        if account.why_not:
            return np.zeros(len(rows), dtype=bool)
        found: Truth = account.market.usable[rows]
        return found & ~np.isin(rows, list(self.apart)) if self.apart else found

    def many(self, rows: Codes, quantities: Number, prices: Number) -> Values:
        """The requirements after each of many trades, each by itself. Shapes (trades, ...).

        `prices` are NaN where none is said.
        """
        followed = self.followed(rows)
        if followed.all():
            found = after(Trades(self.account, rows, quantities, prices))
            return tuple(found[t] for t in self.desk.market.scope.targets)
        legs = [leg_of(rows[k], quantities[k], prices[k]) for k in np.flatnonzero(~followed)]
        whole = self._whole(legs)
        if len(legs) == len(rows):
            return whole
        some = self.many(rows[followed], quantities[followed], prices[followed])
        return tuple(_merged(followed, mine, other) for mine, other in zip(some, whole, strict=True))

    def _whole(self, legs: Sequence[Leg]) -> tuple[Any, ...]:
        """Many trades by whole runs: as many accounts side by side where nothing else belongs to accounts."""
        levels = self.desk.bound.plan.levels.values()
        if any(level.kind == "table" and level.name != "position" for level in levels):
            answers = [self.run([leg]) for leg in legs]
        else:
            answers = [self.desk.bound.run(side_by_side(self.holdings, self._in_book(legs)))]
        parts = [requirement_values(answer) for answer in answers]
        return tuple(np.concatenate(column) for column in zip(*parts, strict=True))

    def run(self, legs: Sequence[Leg] = ()) -> Answer:
        """The whole run of the account with some trades."""
        return self.desk.bound.run(with_legs(self.holdings, self._in_book(legs)))

    def traded(self, legs: Sequence[Leg]) -> Seat:
        """The account after some trades."""
        return self.desk.seat(with_legs(self.holdings, self._in_book(legs)))

    def with_quantities(self, quantities: Number) -> Answer:
        """The whole run of the account if these were the quantities of its positions, in their order."""
        levels = self.account.run.index.levels
        source = levels["position"].source
        if source is None:
            source = np.arange(levels["position"].size)
        if len(source) == len(self.holdings.instrument):
            return self.desk.bound.run(with_quantities(self.holdings, source, quantities))
        # Several are netted into one: the difference is one more, and netting says what that makes.
        more = quantities - self.account.quantities
        legs = [
            Leg(row, by)
            for row, by in zip(self.account.instruments.tolist(), more.tolist(), strict=True)
            if by
        ]
        return self.run(legs)

    def _in_book(self, legs: Sequence[Leg]) -> list[Leg]:
        """Legs with the rows of the book for their instruments, as holdings have them."""
        return [replace(leg, instrument=int(self.desk.in_book[leg.instrument])) for leg in legs]

    @cached_property
    def replay(self) -> FastReplay | Replay | None:
        """The calls that work out the account for other quantities; None where that takes a whole run."""
        return self.desk.replay(self.account)

    def round_off(self, slots: Any) -> float:
        """How far an amount may lie from that of a whole run, for the order in which it was added up."""
        size = self.account.size_of_sums
        if slots is not None and self.light is not None:
            size += self.light.magnitude(slots)
        return 1e-14 * size


def leg_of(row: int, quantity: float, price: float) -> Leg:
    """A trade of numbers, its price NaN where none is said."""
    return Leg(int(row), float(quantity), None if np.isnan(price) else float(price))


def _merged(followed: Truth, mine: Any, other: Any) -> Any:
    found = np.empty((len(followed), *mine.shape[1:]))
    found[followed], found[~followed] = mine, other
    return found


def requirement_values(answer: Answer) -> tuple[Any, ...]:
    """The unrounded requirements of all accounts, each node once. Shapes (accounts, ...)."""
    found = {out.node: answer.values[k] for k, out in answer.outputs("requirement")}
    return tuple(found.values())
