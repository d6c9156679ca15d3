"""A book after some trades: positions added, with whatever instruments they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pmdsl.diagnostics import Findings
from pmdsl.portfolio.assemble import defaults
from pmdsl.portfolio.book import Book
from pmdsl.portfolio.directory import Directory, suggest
from pmdsl.portfolio.pricing import check_dates, quote_instruments
from pmdsl.portfolio.quotes import QuoteFile
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.roster import Roster, add_implied, extend_table
from pmdsl.portfolio.symbols import parse_symbol
from pmdsl.source import Span


@dataclass(frozen=True)
class Trade:
    """So many contracts or units of an instrument, bought (positive) or sold, in an account."""

    instrument: str
    quantity: float
    account: str | None = None
    price: float | None = None
    place: Span | None = None


def with_trades(
    book: Book, trades: Sequence[Trade], findings: Findings, quotes: Sequence[QuoteFile] = ()
) -> Book | None:
    """The book with a position more for each trade; None where `findings` then holds errors.

    A trade names what a position may: an instrument, an underlying, an OSI symbol. Its account may be left
    out where the book has one. `quotes` price symbols that the book did not hold.
    """
    report = Report(findings)

    def place(number: int) -> Span | None:
        return trades[number].place

    roster = _roster(book)
    size = roster.table.size
    names = [trade.instrument for trade in trades]
    roster, rows = add_implied(roster, names, place, _directory(book), report)
    accounts = [_account(book, trade, report) for trade in trades]
    _check_numbers(trades, report)
    if report.errors:
        return None
    defaults(roster, book.underlyings)
    for trade, row in zip(trades, rows.tolist(), strict=True):
        if trade.price is not None and row >= size:
            roster.table.columns["price"][row] = trade.price
    check_dates(quotes, book.on, report)
    roster = quote_instruments(roster, quotes, report) if quotes else roster
    values = [{"quantity": trade.quantity} | _price(trade) for trade in trades]
    after = replace(
        book,
        instruments=roster.table,
        instrument_underlying=roster.underlying,
        positions=extend_table(book.positions, values, place),
        position_account=np.append(book.position_account, np.array(accounts, dtype=np.int64)),
        position_instrument=np.append(book.position_instrument, rows),
    )
    return None if report.errors else after


def _check_numbers(trades: Sequence[Trade], report: Report) -> None:
    for trade in trades:
        for name, value in (("quantity", trade.quantity), ("price", trade.price)):
            if value is not None and not np.isfinite(value):
                message = f"`{name}`: {value:g} is not a finite number, in the trade of `{trade.instrument}`"
                report.add("PM610", message, trade.place)


def _price(trade: Trade) -> dict[str, float]:
    return {} if trade.price is None else {"trade_price": trade.price}


def _account(book: Book, trade: Trade, report: Report) -> int:
    """The row of a trade's account; -1 after it was reported."""
    ids: list[str] = book.accounts.text("id").tolist()
    if trade.account is None and len(ids) == 1:
        return 0
    if trade.account in ids:
        return ids.index(trade.account)
    if trade.account is None:
        message = f"the trade of `{trade.instrument}` names no account, and there are {len(ids)}"
        report.add("PM608", message, trade.place)
    else:
        hint = suggest(trade.account, ids, report)
        report.add("PM614", f"no account is called `{trade.account}`", trade.place, hint=hint)
    return -1


def _roster(book: Book) -> Roster:
    """The roster of a finished book; its columns are copies, for rows to be added."""
    table = replace(
        book.instruments, columns={key: column.copy() for key, column in book.instruments.columns.items()}
    )
    ids = table.text("id").tolist()
    rows = {name: row for row, name in enumerate(ids)}
    symbols = {row: symbol for row, name in enumerate(ids) if (symbol := parse_symbol(name)) is not None}
    rows |= {symbol.compact: row for row, symbol in symbols.items()}
    return Roster(table, book.instrument_underlying, symbols, rows)


def _directory(book: Book) -> Directory:
    by_id = {name: row for row, name in enumerate(book.underlyings.text("id").tolist())}
    return Directory(book.underlyings, by_id, by_id | dict(book.roots))
