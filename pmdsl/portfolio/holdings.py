"""Positions alone, against a market that is there already: for many books under one market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmdsl.diagnostics import Findings
from pmdsl.portfolio.book import Book, Table, no_place
from pmdsl.portfolio.cells import Frame, checked, coded
from pmdsl.portfolio.directory import suggest
from pmdsl.portfolio.frames import open_frame
from pmdsl.portfolio.parts import Coded
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import ACCOUNT, POSITION
from pmdsl.portfolio.symbols import parse_symbol
from pmdsl.portfolio.tables import read_frame
from pmdsl.source import Span

NAMES = ("account", "instrument")
REQUIRED = tuple(name for name, field in POSITION.fields.items() if field.required)
UNCHANGED = "the market is bound: a price of its own belongs to the instruments"


@dataclass(frozen=True, eq=False)
class Held:
    """Accounts and positions; `account` and `instrument` index the accounts and the market's instruments."""

    accounts: Table
    positions: Table
    account: NDArray[np.int64]
    instrument: NDArray[np.int64]


class InstrumentRows(dict[str, int]):
    """The row of each instrument of a market by its names."""

    def of(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The row of each word, -1 for one that is no name. Shape (words,)."""
        if hasattr(words, "numbers_in"):
            names, rows = self.columns
            places: NDArray[np.int64] = words.numbers_in(names)
            return rows[places]
        return np.fromiter(map(self.get, words, repeat(-1)), dtype=np.int64, count=len(words))

    @cached_property
    def columns(self) -> tuple[Any, NDArray[np.int64]]:
        """The names as an Arrow array, and their rows with -1 at the end."""
        import pyarrow as pa

        return pa.array(list(self), pa.string()), np.array([*self.values(), -1], dtype=np.int64)


def instrument_rows(book: Book) -> InstrumentRows:
    """The row of each instrument of a market by its id, and by its OSI symbol without padding."""
    rows = {name: row for row, name in enumerate(book.instruments.text("id").tolist())}
    symbols = {
        symbol.compact: row for name, row in rows.items() if (symbol := parse_symbol(name)) is not None
    }
    return InstrumentRows(symbols | rows)


def read_holdings(
    positions: object, accounts: object, rows: InstrumentRows, findings: Findings
) -> Held | None:
    """The holdings in tables; None where `findings` then holds errors.

    `positions` has the columns account (may be left out for one account, and then in every row), instrument,
    quantity and perhaps others of the book's; without `accounts` those that positions name are the accounts.
    `rows` are those of `instrument_rows`.
    """
    report = Report(findings)
    frame = open_frame(positions, "positions", report)
    listed = open_frame(accounts, "accounts", report) if accounts is not None else None
    if frame is None:
        return None
    owners = read_frame(listed, ACCOUNT, report) if listed is not None else None
    held = held_in(frame, owners, rows, report)
    return None if report.errors else held


def held_in(frame: Frame, owners: Table | None, rows: InstrumentRows, report: Report) -> Held:
    """The holdings in a table of positions; where something was reported, rows may be -1 or NaN."""
    given = [name for name in POSITION.fields if name not in frame.columns and name not in REQUIRED]
    table = read_frame(frame, POSITION, report, skip=(*NAMES, *given))
    if "price" not in given and np.isfinite(table.number("price", copy=False)).any():
        report.add("PM616", f"`price` of a position{frame.at(0)}: {UNCHANGED}", frame.cell_place(0, "price"))
    nothing = np.broadcast_to(np.nan, frame.size)
    table = replace(
        table, columns={**{name: nothing for name in given if name not in NAMES}, **table.columns}
    )
    owners, account = accounts_of(owners, named("account", frame, report), frame, report)
    instrument = resolved(frame, rows, report)
    return Held(owners, table, account, instrument)


def named(column: str, frame: Frame, report: Report) -> Coded:
    """A column of names as codes; -1 where none is given."""
    return checked(column, codes_of(column, frame), POSITION.fields[column], frame, report)


def codes_of(column: str, frame: Frame) -> Coded:
    """A column as codes, whatever its words; -1 where none is given."""
    cells = frame.columns.get(column)
    return Coded(np.full(frame.size, -1, dtype=np.int64), []) if cells is None else coded(cells)


def resolved(frame: Frame, rows: InstrumentRows, report: Report) -> NDArray[np.int64]:
    """The instrument row of each position, -1 for a name that the market does not know: it is reported."""
    names = codes_of("instrument", frame)
    found = rows.of(names.words)
    if (found < 0).any():
        names = checked("instrument", names, POSITION.fields["instrument"], frame, report)
    for number in np.flatnonzero(found < 0).tolist():
        word = names.words[number]
        symbol = parse_symbol(word)
        row = -1 if symbol is None else rows.get(symbol.compact, -1)
        found[number] = row
        if row < 0:
            message = partial(_said, f"the market has no instrument `{word}`", frame)
            hint = suggest(word, rows, report)
            report.word("PM614", names, number, message, partial(_cell, "instrument", frame), hint)
    missing = names.codes < 0
    report.rows(
        "PM608", missing, lambda row: f"this position has no `instrument`{frame.at(row)}", frame.place
    )
    return np.append(found, -1)[names.codes]


def accounts_of(
    listed: Table | None, names: Coded, frame: Frame, report: Report
) -> tuple[Table, NDArray[np.int64]]:
    """The accounts, and the row of each position's. Without a list they are those that positions name.

    A position that names none beside some that do is reported, however many accounts there are: its name
    was lost.
    """
    own = listed is None and len(names.words) > 0
    if listed is None:
        names = names.in_order()
        listed = unlisted(names.words or ["book"])
        found = np.arange(len(names.words), dtype=np.int64)
    else:
        rows = {name: row for row, name in enumerate(listed.text("id").tolist())}
        found = np.fromiter(map(rows.get, names.words, repeat(-1)), dtype=np.int64, count=len(names.words))
        for number in np.flatnonzero(found < 0).tolist():
            word = names.words[number]
            message = partial(_said, f"no account is called `{word}`", frame)
            hint = suggest(word, rows, report)
            report.word("PM614", names, number, message, partial(_cell, "account", frame), hint)
    sole = not own and listed.size == 1
    if not sole:
        missing = names.codes < 0
        report.rows(
            "PM608", missing, lambda row: f"this position has no `account`{frame.at(row)}", frame.place
        )
    return listed, names.codes if own else np.append(found, 0 if sole else -1)[names.codes]


def unlisted(names: Sequence[str]) -> Table:
    """The accounts of some names, of which nothing else is known."""
    ids = np.array(list(names), dtype=object)
    return Table("accounts", len(ids), {"id": ids, "equity": np.full(len(ids), np.nan)}, no_place)


def _said(message: str, frame: Frame, row: int) -> str:
    return message + frame.at(row)


def _cell(column: str, frame: Frame, row: int) -> Span | None:
    return frame.cell_place(row, column)
