"""A book in columns: accounts, underlyings, instruments and positions, with the market they are valued in.

Columns are numpy arrays of equal length. A number, a date (as its proleptic ordinal) or a truth value (0 or
1) is float64 with NaN for "not given"; a text is an object array with None for "not given". An attribute that
only a rule set knows keeps the text as it was written: the rule set's `input` declaration gives it a type
when the two are bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from pmdsl.source import Span

Array = NDArray[np.generic]


def no_place(row: int) -> Span | None:
    """The place of a row that came from no file."""
    return None


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of one kind as columns. `place(row)` and `cell_place(row, column)` say where a row was read,
    `key_place(row, column)` where the name of the column stands.
    """

    name: str
    size: int
    columns: Mapping[str, Array]
    place: Callable[[int], Span | None] = no_place
    cell_place: Callable[[int, str], Span | None] = lambda row, column: None
    key_place: Callable[[int, str], Span | None] = lambda row, column: None

    def text(self, column: str) -> Array:
        """A text column, all None where it was never given. Shape (size,)."""
        return self.columns.get(column, np.full(self.size, None, dtype=object))

    def number(self, column: str, copy: bool = True) -> NDArray[np.float64]:
        """A numeric column, all NaN where it was never given; without `copy` not to be written to.

        Shape (size,).
        """
        found = self.columns.get(column)
        return np.full(self.size, np.nan) if found is None else found.astype(np.float64, copy=copy)


@dataclass(frozen=True)
class Curve:
    """Continuously compounded zero rates at tenors in years, linear between them and flat outside."""

    tenors: tuple[float, ...]
    rates: tuple[float, ...]

    def at(self, years: NDArray[np.float64]) -> NDArray[np.float64]:
        """The zero rate at each tenor. Any shape."""
        return np.interp(years, self.tenors, self.rates)


@dataclass(frozen=True)
class Pair:
    """One entry of a matrix that came with the book."""

    first: str
    second: str
    value: float
    place: Span | None = None


@dataclass(frozen=True, eq=False)
class Book:
    """Everything a rule set may read, for one valuation date.

    `accounts`, `underlyings`, `instruments`: one row an entity, column `id`; instruments carry `underlying`
    as an index into underlyings (-1: none) in `instrument_underlying`. `positions`: columns `quantity`
    (contracts, signed), `trade_price`; their account and instrument stand as indices in `position_account`,
    `position_instrument`. `given_values[instrument id][scenario id]` are theoretical values per unit.
    `dividends[underlying id]` are (ex-date ordinal, amount) pairs in date order. `tables` are other input
    tables, all columns raw text. `places` says where a section or an entry of one was written, as `rate`,
    `market.vix`, `fx.EURUSD`. `roots` gives the underlying's row for the OSI roots that are not its id.
    """

    on: date
    moment: datetime | None
    curve: Curve | None
    accounts: Table
    underlyings: Table
    instruments: Table
    positions: Table
    instrument_underlying: NDArray[np.int64]
    position_account: NDArray[np.int64]
    position_instrument: NDArray[np.int64]
    market: Mapping[str, str] = field(default_factory=dict)
    dividends: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    given_values: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    matrices: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    fx: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    name: str = "book"
    places: Mapping[str, Span] = field(default_factory=dict)
    roots: Mapping[str, int] = field(default_factory=dict)
