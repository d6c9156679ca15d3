"""Positions alone, against a market that is there already: for many books under one market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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

NAMES = ("account", "instrument")
UNCHANGED = "the market is bound: a price of its own belongs to the instruments"


@dataclass(frozen=True, eq=False)
class Held:
    """Accounts and positions; `account` and `instrument` index the accounts and the market's instruments."""

    accounts: Table
    positions: Table
    account: NDArray[np.int64]
    instrument: NDArray[np.int64]


def instrument_rows(book: Book) -> dict[str, int]:
    """The row of each instrument of a market by its id, and by its OSI symbol without padding."""
    rows = {name: row for row, name in enumerate(book.instruments.text("id").tolist())}
    symbols = {
        symbol.compact: row for name, row in rows.items() if (symbol := parse_symbol(name)) is not None
    }
    return symbols | rows


def read_holdings(
    positions: object, accounts: object, rows: Mapping[str, int], findings: Findings
) -> Held | None:
    """The holdings in tables; None where `findings` then holds errors.

    `positions` has the columns account (may be left out for one account), instrument, quantity and perhaps
    others of the book's; without `accounts` those that positions name are the accounts. `rows` are those of
    `instrument_rows`.
    """
    report = Report(findings)
    frame = open_frame(positions, "positions", report)
    listed = open_frame(accounts, "accounts", report) if accounts is not None else None
    if frame is None:
        return None
    table = read_frame(frame, POSITION, report, skip=NAMES)
    if np.isfinite(table.number("price")).any():
        report.add("PM616", f"`price` of a position{frame.at(0)}: {UNCHANGED}", frame.cell_place(0, "price"))
    owners = read_frame(listed, ACCOUNT, report) if listed is not None else None
    owners, account = accounts_of(owners, named("account", frame, report), frame, report)
    instrument = resolved(named("instrument", frame, report), rows, frame, report)
    return None if report.errors else Held(owners, table, account, instrument)


def named(column: str, frame: Frame, report: Report) -> Coded:
    """A column of names as codes; -1 where none is given."""
    cells = frame.columns.get(column)
    if cells is None:
        return Coded(np.full(frame.size, -1, dtype=np.int64), [])
    return checked(column, coded(cells), POSITION.fields[column], frame, report)


def resolved(names: Coded, rows: Mapping[str, int], frame: Frame, report: Report) -> NDArray[np.int64]:
    """The instrument row of each position. A name that the market does not know is reported."""
    first = names.first_rows()
    found = np.full(len(names.words) + 1, -1, dtype=np.int64)
    for number, word in enumerate(names.words):
        row = rows.get(word)
        if row is None and (symbol := parse_symbol(word)) is not None:
            row = rows.get(symbol.compact)
        if row is None:
            at = int(first[number])
            message = f"the market has no instrument `{word}`{frame.at(at)}"
            report.add("PM614", message, frame.cell_place(at, "instrument"), hint=suggest(word, rows, report))
            continue
        found[number] = row
    missing = names.codes < 0
    report.rows(
        "PM608", missing, lambda row: f"this position has no `instrument`{frame.at(row)}", frame.place
    )
    return found[names.codes]


def accounts_of(
    listed: Table | None, names: Coded, frame: Frame, report: Report
) -> tuple[Table, NDArray[np.int64]]:
    """The accounts, and the row of each position's. Without a list they are those that positions name."""
    if listed is None:
        ids = np.array(list(names.words) or ["book"], dtype=object)
        listed = Table("accounts", len(ids), {"id": ids, "equity": np.full(len(ids), np.nan)}, no_place)
    rows = {name: row for row, name in enumerate(listed.text("id").tolist())}
    found = np.array(
        [rows.get(word, -1) for word in names.words] + [0 if listed.size == 1 else -1], dtype=np.int64
    )
    first = names.first_rows()
    for number in np.flatnonzero(found[:-1] < 0).tolist():
        word, at = names.words[number], int(first[number])
        message = f"no account is called `{word}`{frame.at(at)}"
        report.add("PM614", message, frame.cell_place(at, "account"), hint=suggest(word, rows, report))
    if listed.size != 1:
        missing = names.codes < 0
        report.rows(
            "PM608", missing, lambda row: f"this position has no `account`{frame.at(row)}", frame.place
        )
    return listed, found[names.codes]
