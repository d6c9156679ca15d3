"""The sections of a book after reading and before they are joined: names are still texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from pmdsl.portfolio.book import Array, Curve, Pair, Table
from pmdsl.source import Span

Texts = NDArray[np.object_]
Dividends = tuple[tuple[int, float], ...]


def at(table: Table, row: int) -> str:
    """A clause that names a row where no place can: tables of Python data and of Parquet have none."""
    return "" if table.place(row) else f", in row {row + 1} of {table.name}"


def absent(column: Array) -> NDArray[np.bool_]:
    """Which cells of a text column were not given."""
    return np.asarray(np.equal(column, cast(Any, None)), dtype=bool)


def texts(column: Array) -> Texts:
    """A text column under the type that may hold None."""
    return cast(Texts, column)


def filled(words: Sequence[str | None], codes: NDArray[np.int64]) -> Texts:
    """The text column behind codes into words; None for code -1."""
    table = np.empty(len(words) + 1, dtype=object)
    table[:-1] = list(words)
    return table[codes]


@dataclass(frozen=True, eq=False)
class Coded:
    """A text column as codes into its distinct words; code -1 stands for "not given"."""

    codes: NDArray[np.int64]
    words: Sequence[str]

    def first_rows(self) -> NDArray[np.int64]:
        """The first row in which each word stands. Shape (words,)."""
        rows = np.full(len(self.words) + 1, -1, dtype=np.int64)
        rows[self.codes[::-1]] = np.arange(len(self.codes) - 1, -1, -1)
        return rows[:-1]

    def climbs(self) -> bool:
        """Whether every row has the word of the row before or the next one, from the first to the last."""
        codes = self.codes
        if not len(codes) or codes[0] != 0 or codes[-1] != len(self.words) - 1:
            return False
        # Below zero and read without a sign, a step is far above one.
        return len(codes) == 1 or int((codes[1:] - codes[:-1]).view(np.uint64).max()) <= 1

    def in_order(self) -> Coded:
        """The same column with its words in the order of their first rows."""
        if self.climbs():
            return self
        first = self.first_rows()
        if bool(np.all(first[1:] > first[:-1])):
            return self
        order = np.argsort(first, kind="stable")
        number = np.full(len(first) + 1, -1, dtype=np.int64)
        number[order] = np.arange(len(order))
        return Coded(number[self.codes], [self.words[n] for n in order.tolist()])


def code(column: Sequence[str | None]) -> Coded:
    """The codes of a column of texts, words in order of first appearance; None and "" are not given."""
    words = [word for word in dict.fromkeys(column) if word]
    index: dict[object, int] = {word: number for number, word in enumerate(words)}
    index[None] = index[""] = -1
    codes = np.fromiter(map(index.__getitem__, column), dtype=np.int64, count=len(column))
    return Coded(codes, words)


@dataclass(frozen=True)
class Root:
    """An OSI root that an underlying claims."""

    text: str
    underlying: int
    place: Span | None = None


@dataclass(frozen=True)
class Given:
    """Theoretical values given for one instrument, by scenario id."""

    values: Mapping[str, float]
    place: Span | None = None


@dataclass(frozen=True, eq=False)
class Parts:
    """Everything that a file or a set of tables says. `accounts` is None where none are listed."""

    on: date
    moment: datetime | None
    curve: Curve | None
    accounts: Table | None
    underlyings: Table
    instruments: Table
    positions: Table
    position_account: Coded
    position_instrument: Coded
    roots: Sequence[Root] = ()
    dividends: Mapping[str, Dividends] = field(default_factory=dict)
    values: Mapping[str, Given] = field(default_factory=dict)
    matrices: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    fx: Mapping[str, float] = field(default_factory=dict)
    market: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)
    name: str = "book"
