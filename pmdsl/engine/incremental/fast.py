"""Trades and accounts by the compiled kernel, where the engine is `compiled` and a plan has a code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from pmdsl.engine.incremental.account import Account
from pmdsl.engine.incremental.encode import code_of
from pmdsl.engine.incremental.light import CONTRACTS
from pmdsl.engine.incremental.market import Market
from pmdsl.engine.incremental.records import Code, Constant, tape_of
from pmdsl.engine.incremental.smooth import smooth_folds
from pmdsl.engine.words import Number


@dataclass(frozen=True, eq=False)
class FastTrades:
    """One trade at a time in an account.

    `every` and `one` are kernels: all values of a trade, and one of them. `templates` keeps the tape of each
    instrument traded, and what is held of it.
    """

    code: Code
    account: Account
    apart: frozenset[int]
    every: Callable[[Number, float], Number]
    one: Callable[[Number, float, int], float]
    templates: dict[int, tuple[Number, float] | None] = field(default_factory=dict)

    @cached_property
    def results(self) -> tuple[int, ...]:
        """Where the outputs stand in what `after` gives."""
        return tuple(range(len(self.code.results)))

    def after(self, instrument: int, quantity: float, price: float | None = None) -> tuple[Any, ...] | None:
        """The outputs after a trade, its instrument and what is then held; None: it takes another way."""
        try:
            template = self.templates[instrument]
        except KeyError:
            template = self.templates[instrument] = self._template(instrument)
        if template is None:
            return None
        tape, before = template
        held = before + quantity
        if not -CONTRACTS < held < CONTRACTS:
            return None
        places = self.code.results
        if len(places) == 1:
            return self.one(tape, held, places[0]), instrument, held
        values = self.every(tape, held)
        return (*values[list(places)].tolist(), instrument, held)

    def magnitude(self, found: Sequence[Any]) -> float:
        """The sizes of all values of a trade, regardless of signs."""
        *_, instrument, held = found
        template = self.templates[instrument]
        return 0.0 if template is None else float(np.abs(self.every(template[0], held)).sum())

    def _template(self, instrument: int) -> tuple[Number, float] | None:
        account, market = self.account, self.account.market
        if instrument in self.apart or not (market.usable[instrument] and market.tame[instrument]):
            return None
        rows = account.rows_of(instrument)

        def value(constant: Constant) -> Any:
            number = constant.node
            return account.rest(number, rows) if constant.rest else self._plain(number, instrument)

        return tape_of(self.code, value), account.held(instrument)

    def _plain(self, number: int, instrument: int) -> Any:
        market = self.account.market
        if number in market.fixed:
            return market.fixed[number][instrument]
        return self.account.value(number) if number in market.scope.still else market.constant(number)


@dataclass(frozen=True, eq=False)
class FastReplay:
    """An account whose positions stay and whose quantities are others."""

    results: tuple[int, ...]
    tape: Number
    every: Callable[[Number, Number], Number]
    one: Callable[[Number, Number, int], float]

    def run(self, quantities: Number) -> tuple[Any, ...] | None:
        """The unrounded requirements for other quantities, in the order of positions; None: run it whole."""
        if len(self.results) == 1:
            value = self.one(self.tape, quantities, self.results[0])
            return (value,) if isfinite(value) else None
        values = self.every(self.tape, quantities)[list(self.results)].tolist()
        return tuple(values) if all(map(isfinite, values)) else None


def trade_code(market: Market) -> Code | None:
    """The code of one trade; None where it has none."""
    folds = set(market.folded)
    return code_of(market, lambda level: 1, None) if folds <= smooth_folds(market.scope) else None


def fast_trades(code: Code | None, account: Account, apart: frozenset[int]) -> FastTrades | None:
    """The trades of an account; None where there is no code, or it holds what cannot be taken off a sum."""
    if code is None or account.why_not or any(table is None for table in account.rests.values()):
        return None
    from pmdsl.engine.incremental.compiled import trade, trade_at

    return FastTrades(code, account, apart, trade, trade_at)


def fast_replay(account: Account) -> FastReplay | None:
    """An account for other quantities; None where its plan has no code."""
    if account.why_not:
        return None

    code = code_of(account.market, account.size, account.edges)
    if code is None:
        return None
    from pmdsl.engine.incremental import compiled

    tape = tape_of(code, lambda constant: account.value(constant.node))
    return FastReplay(code.results, tape, compiled.account, compiled.account_at)
