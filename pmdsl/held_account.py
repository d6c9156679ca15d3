"""An account under a bound rule set: what a trade in it would change, before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from decimal import Decimal
from functools import cached_property
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pmdsl.diagnostics import Finding, PmdslError, did_you_mean
from pmdsl.engine import Answer
from pmdsl.engine.incremental import Leg, Seat, requirement_values
from pmdsl.engine.rounding import as_rounded, money
from pmdsl.foreign_plans import blamed_on
from pmdsl.plan.nodes import Output
from pmdsl.portfolio.symbols import parse_symbol
from pmdsl.portfolio.trade_numbers import check_number, numbers, trade_of, within
from pmdsl.result import Result

if TYPE_CHECKING:
    from pmdsl.bound_rules import BoundRules

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class HeldAccount:
    """One account of some positions, laid out under a market.

    Trades are not done by asking: each question is about the account as it stands. `why_not` says what in the
    rule set or in the account keeps trades from being followed step by step; they are answered all the same,
    by whole runs. Several threads may ask one account.
    """

    market: BoundRules
    name: str
    seat: Seat = field(repr=False)
    rows: Mapping[str, int] = field(repr=False)
    """The engine's row of each instrument by name."""

    @property
    def why_not(self) -> str:
        """Why trades in this account take whole runs; empty where they do not."""
        return self.seat.account.why_not

    @cached_property
    def requirements(self) -> Amounts:
        """The requirements as the account stands."""
        return Amounts(self, self.seat.before, (), None, whole=True)

    @cached_property
    def instruments(self) -> tuple[str, ...]:
        """The instruments that are held, netted, in the order of the engine."""
        index = self.seat.account.run.index
        return tuple(index.label("instrument", row) for row in self.seat.account.instruments.tolist())

    @cached_property
    def quantities(self) -> Floats:
        """How much is held of each of `instruments`. Shape (instruments,)."""
        return self.seat.account.quantities.astype(np.float64)

    def what_if(self, instrument: str, quantity: float, price: float | None = None) -> WhatIfTrade:
        """The requirements after one trade: so much bought, or sold where it is below zero.

        `price` is what is paid for one, where the rules ask for it. Raises PmdslError for an instrument that
        the market does not have, or a number that is not finite.
        """
        try:
            light, row = self.seat.light, self.rows.get(instrument)
            if light is not None and row is not None and (price is None or isfinite(price)):
                slots = light.after(row, quantity, price)
                if slots is not None:
                    return WhatIfTrade(self, (instrument, quantity, price), None, slots)
        except TypeError:
            # Looked into here and not before: most trades are of numbers, and are over in microseconds.
            self._leg(instrument, quantity, price)
            raise
        with blamed_on(self.market.rules):
            found = self.seat.one(self._leg(instrument, quantity, price))
        return WhatIfTrade(self, (instrument, quantity, price), found, None)

    def what_if_all(
        self, trades: Sequence[tuple[str, float] | tuple[str, float, float | None]]
    ) -> WhatIfTrade:
        """The requirements after several trades together: instrument, quantity, perhaps a price of each."""
        listed = tuple(map(trade_of, trades))
        self.legs(listed)
        return WhatIfTrade(self, None, None, None, listed)

    def what_if_many(
        self, instruments: Sequence[str] | Codes, quantities: ArrayLike, prices: ArrayLike | None = None
    ) -> WhatIfMany:
        """The requirements after each of many trades, each by itself. Raises PmdslError.

        `instruments` are names, or what `find` made of them; `prices` may be NaN where the rules need none.
        Shapes (trades,).
        """
        rows = self._rows(instruments)
        bought = numbers("quantities", quantities, len(rows))
        for at in np.flatnonzero(~within(bought)).tolist():
            check_number("quantity", float(bought[at]), self.seat.name_of(int(rows[at])))
        paid = np.full(len(rows), np.nan) if prices is None else numbers("prices", prices, len(rows))
        with blamed_on(self.market.rules):
            values = self.seat.many(rows, bought, paid)
        return WhatIfMany(self, values)

    def find(self, instruments: Sequence[str]) -> Codes:
        """The market's rows of instruments, to ask about them again and again. Raises PmdslError."""
        if isinstance(instruments, str):
            message = f"`instruments`: expected several names, found the text `{instruments}`"
            raise PmdslError.single("PM609", message, hint="`what_if` asks about one trade")
        found = list(map(self.rows.get, instruments))
        rows = [self._row(name) if row is None else row for row, name in zip(found, instruments, strict=True)]
        return np.array(rows, dtype=np.int64)

    def requirements_at(self, quantities: ArrayLike) -> Amounts:
        """The requirements if these were the quantities of `instruments`. Raises PmdslError."""
        seat = self.seat
        held = numbers("quantities", quantities, len(seat.account.quantities))
        if not len(held):
            return self.requirements
        replay = seat.replay
        found = None if replay is None else replay.run(held)
        if found is not None:
            return Amounts(self, found, (), None, whole=True)
        for name, quantity in zip(self.instruments, held.tolist(), strict=True):
            check_number("quantity", quantity, name)
        with blamed_on(self.market.rules):
            answer = seat.with_quantities(held)
        return Amounts(self, first_of(answer), (), None, whole=True)

    def apply(self, instrument: str, quantity: float, price: float | None = None) -> HeldAccount:
        """The account after a trade is done, laid out anew. Raises PmdslError."""
        return self.apply_all([(instrument, quantity, price)])

    def apply_all(self, trades: Sequence[tuple[str, float] | tuple[str, float, float | None]]) -> HeldAccount:
        """The account after several trades are done. Raises PmdslError."""
        legs = self.legs(tuple(map(trade_of, trades)))
        with blamed_on(self.market.rules):
            return changed(self, seat=self.seat.traded(legs))

    @cached_property
    def result(self) -> Result:
        """The whole answer about the account, with reports, alerts, explanation and messages."""
        return self.result_with(())

    def result_with(self, legs: Sequence[Leg]) -> Result:
        """The whole answer about the account after some trades."""
        with blamed_on(self.market.rules):
            return self.market.result_of(self.seat.run(legs))

    def legs(self, trades: Sequence[tuple[str, float, float | None]]) -> tuple[Leg, ...]:
        """Trades as the engine takes them. Raises PmdslError."""
        return tuple(self._leg(*trade) for trade in trades)

    def _leg(self, instrument: str, quantity: float, price: float | None = None) -> Leg:
        check_number("quantity", quantity, instrument)
        if price is not None:
            check_number("price", price, instrument)
        return Leg(self._row(instrument), float(quantity), price)

    def _rows(self, instruments: Sequence[str] | Codes) -> Codes:
        """Rows that `find` made, or those of names."""
        if not isinstance(instruments, np.ndarray) or instruments.dtype.kind not in "iu":
            return self.find(instruments.tolist() if isinstance(instruments, np.ndarray) else instruments)
        outside = (instruments < 0) | (instruments >= len(self.seat.desk.row_of))
        if outside.any():
            row = instruments[outside][0]
            raise PmdslError.single(
                "PM614", f"the market has no row {row}", hint="`find` gives rows of names"
            )
        return instruments

    def _row(self, instrument: str) -> int:
        """The engine's row of an instrument by its id, or by its OSI symbol in any padding."""
        if not isinstance(instrument, str):
            found = type(instrument).__name__
            raise PmdslError.single("PM609", f"`instrument`: expected a name, found {found}")
        row = self.rows.get(instrument)
        if row is None and (symbol := parse_symbol(instrument)) is not None:
            row = self.rows.get(symbol.compact)
        if row is None:
            hint = did_you_mean(instrument, self.rows)
            raise PmdslError.single("PM614", f"the market has no instrument `{instrument}`", hint=hint)
        return row


class Amounts(Mapping[str, Decimal | None]):
    """Requirements by name, rounded when they are read; None where one could not be had.

    `raw` are the unrounded ones, in the order of the names.
    """

    __slots__ = ("_amounts", "_found", "held", "slots", "trades", "whole")

    def __init__(
        self, held: HeldAccount, values: Sequence[Any], trades: Sequence[Any], slots: Any, whole: bool
    ) -> None:
        self.held, self._amounts, self.trades, self.slots, self.whole = held, values, trades, slots, whole
        self._found: dict[str, Decimal | None] = {}

    @property
    def raw(self) -> tuple[float, ...]:
        """The unrounded amounts, NaN where one could not be had."""
        return tuple(value for _, _, value in self._items())

    def __getitem__(self, name: str) -> Decimal | None:
        if name not in self._found:
            found = next(((out, value) for out, key, value in self._items() if key == name), None)
            if found is None:
                raise KeyError(name)
            self._found[name] = self._rounded(*found, name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return (name for _, name, _ in self._items())

    def __len__(self) -> int:
        return sum(1 for _ in self._items())

    def __repr__(self) -> str:
        return f"<Amounts {dict(self)}>"

    def _items(self) -> Iterator[tuple[Output, str, float]]:
        return named(self.held, self._amounts)

    def _rounded(self, out: Output, value: float, name: str) -> Decimal | None:
        if isnan(value):
            return None
        plan = self.held.seat.desk.bound.plan
        if plan.nodes[out.node].op == "round":
            return as_rounded(value, plan.currency)
        found = money(value, plan.currency)
        if self.whole:
            return found
        # Sums were added up in another order: next to a tie the whole run says which side it is.
        near = self.held.seat.round_off(self.slots) + abs(value) * 1e-15
        if money(value - near, plan.currency) == money(value + near, plan.currency):
            return found
        answer = self.held.seat.run(self.held.legs(self.trades))
        return answer.requirements(answer.accounts[0])[name]


def named(held: HeldAccount, values: Sequence[Any]) -> Iterator[tuple[Output, str, Any]]:
    """The requirements with their names, one for each side, and values, whose last axis are the sides."""
    desk = held.seat.desk
    places = {node: place for place, node in enumerate(desk.market.scope.targets)}
    for out in desk.bound.plan.outputs:
        if out.kind != "requirement":
            continue
        value = values[places[out.node]]
        if not out.by:
            yield out, out.name, value
            continue
        for side, point in enumerate(desk.bound.world.axes[out.by].names):
            yield (
                out,
                f"{out.name}.{point}",
                value[..., side] if isinstance(value, np.ndarray) else value[side],
            )


def first_of(answer: Answer) -> list[Any]:
    """The unrounded requirements of the one account of a run."""
    return [value[0].tolist() for value in requirement_values(answer)]


class WhatIfTrade:
    """The requirements before and after trades in an account; worked out as far as they are read.

    `by` says how: `steps` where only what the trade changes was worked out, `run` where the account was run
    anew.
    """

    _after: Amounts | None = None

    def __init__(
        self, held: HeldAccount, trade: Any, values: Any, slots: Any, trades: tuple[Any, ...] = ()
    ) -> None:
        self.held, self._trade, self._values, self._slots, self._trades = held, trade, values, slots, trades

    @property
    def trades(self) -> tuple[tuple[str, float, float | None], ...]:
        """Instrument, quantity and price of each trade."""
        return self._trades or (self._trade,)

    @property
    def by(self) -> str:
        """`steps` or `run`."""
        return "run" if self._values is None and self._slots is None else "steps"

    @property
    def before(self) -> Amounts:
        """The requirements as the account stands."""
        return self.held.requirements

    @property
    def after(self) -> Amounts:
        """The requirements after the trades."""
        if self._after is None:
            self._after = Amounts(self.held, self._found(), self.trades, self._slots, self.by == "run")
        return self._after

    def _found(self) -> Sequence[Any]:
        """The unrounded requirements."""
        light = self.held.seat.light
        if self._slots is not None and light is not None:
            return [self._slots[slot] for slot in light.results]
        return self._run() if self._values is None else self._values

    @property
    def change(self) -> dict[str, Decimal | None]:
        """How much more is required, by name; None where one of both could not be had."""
        before, after = self.before, self.after
        return {
            name: None if (old := before[name]) is None or (new := after[name]) is None else new - old
            for name in after
        }

    @property
    def result(self) -> Result:
        """The whole answer about the account after the trades, by a run: reports, alerts, explanation."""
        return self.held.result_with(self.held.legs(self.trades))

    @property
    def messages(self) -> tuple[Finding, ...]:
        """What is wrong or worth knowing of the account after the trades, by a run."""
        found = self.result
        return found[next(iter(found))].messages

    def _run(self) -> list[Any]:
        with blamed_on(self.held.market.rules):
            answer = self.held.seat.run(self.held.legs(self.trades))
        return first_of(answer)

    def __repr__(self) -> str:
        return f"<WhatIfTrade {self.held.name}: {dict(self.before)} to {dict(self.after)}>"


@dataclass(frozen=True, eq=False)
class WhatIfMany:
    """The unrounded requirements after each of many trades, NaN where one could not be had."""

    held: HeldAccount = field(repr=False)
    values: tuple[Any, ...] = field(repr=False)

    @cached_property
    def after(self) -> Mapping[str, Floats]:
        """By name, one for each trade. Shapes (trades,)."""
        return {name: value for _, name, value in named(self.held, self.values)}

    @cached_property
    def before(self) -> Mapping[str, float]:
        """By name, as the account stands."""
        return dict(zip(self.held.requirements, self.held.requirements.raw, strict=True))

    @cached_property
    def change(self) -> Mapping[str, Floats]:
        """By name, how much more each trade asks. Shapes (trades,)."""
        return {name: after - self.before[name] for name, after in self.after.items()}
