"""What quote files give a book: prices, volatilities and the underlying's last price where it has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np

from pmdsl.diagnostics import Label
from pmdsl.portfolio.book import Table
from pmdsl.portfolio.directory import Directory
from pmdsl.portfolio.quotes import Quote, QuoteFile
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.roster import Roster
from pmdsl.portfolio.scalars import Refused, number
from pmdsl.portfolio.shape import MOST_VOLATILITY
from pmdsl.portfolio.symbols import OptionSymbol
from pmdsl.source import Span

HINT = "give the option a `price` in the book"


def check_dates(files: Sequence[QuoteFile], on: date, report: Report) -> None:
    """Report every file whose date is not the valuation date."""
    for file in files:
        if file.on != on:
            message = f"the quotes are of {file.on}, the book is valued on {on}"
            report.add(
                "PM631",
                message,
                file.place(file.on_row),
                hint="take the file of that day, or its date as `on`",
            )


def quote_instruments(roster: Roster, files: Sequence[QuoteFile], report: Report) -> Roster:
    """The roster with mid prices and volatilities for the symbols that have none in the book."""
    columns = {key: roster.table.number(key) for key in ("price", "implied_volatility")}
    places: dict[tuple[int, str], Span] = {}
    for row, symbol in roster.symbols.items():
        wanted = [key for key, column in columns.items() if np.isnan(column[row])]
        found = find_quote(symbol, files, "price" in wanted, report) if wanted else None
        if found is None:
            continue
        file, quote = found
        for key, value in read_quote(symbol, quote, file, wanted, report).items():
            columns[key][row] = value
            places[row, key] = file.place(quote.row)
    table = replace(
        roster.table, columns={**roster.table.columns, **columns}, cell_place=_placed(roster.table, places)
    )
    return replace(roster, table=table)


def _placed(table: Table, places: dict[tuple[int, str], Span]) -> Callable[[int, str], Span | None]:
    return lambda row, column: places.get((row, column)) or table.cell_place(row, column)


def find_quote(
    symbol: OptionSymbol, files: Sequence[QuoteFile], wanted: bool, report: Report
) -> tuple[QuoteFile, Quote] | None:
    """The quote of a symbol; two that differ are reported where the price is wanted of them."""
    found = [(file, quote) for file in files for quote in file.options.get(symbol.compact, ())]
    for file, quote in found[1:]:
        first_file, first = found[0]
        if wanted and (quote.bid, quote.ask) != (first.bid, first.ask):
            labels = [Label(first_file.place(first.row), f"{first.bid} to {first.ask} here")]
            here = f"{first.bid} to {first.ask} and {quote.bid} to {quote.ask}"
            message = f"`{symbol.compact}` is quoted twice: {here}"
            report.add("PM633", message, file.place(quote.row), labels=labels, hint=HINT)
            return None
    return found[0] if found else None


def read_quote(
    symbol: OptionSymbol, quote: Quote, file: QuoteFile, wanted: Sequence[str], report: Report
) -> dict[str, float]:
    """The values of a quote that are wanted and there; what keeps them from being read is reported."""
    place = file.place(quote.row)
    if number(quote.strike.strip()) != symbol.strike or quote.expiry_date not in (None, symbol.expiry):
        message = f"the row of `{symbol.compact}` says strike {quote.strike} and expiry {quote.expiry}"
        report.add("PM634", message, place)
        return {}
    values: dict[str, float | None] = {}
    if "price" in wanted:
        values["price"] = _mid(symbol, quote, place, report)
    if "implied_volatility" in wanted:
        values["implied_volatility"] = _volatility(symbol, quote, place, report)
    return {key: value for key, value in values.items() if value is not None}


def _cell(name: str, text: str, symbol: OptionSymbol, place: Span, report: Report) -> float | None:
    value = number(text.strip())
    if not isinstance(value, Refused):
        return value
    report.add("PM630", f"the {name} of `{symbol.compact}`: {value.reason}", place)
    return None


def _mid(symbol: OptionSymbol, quote: Quote, place: Span, report: Report) -> float | None:
    """The mid of a quote that has both sides in order; reported where it has not."""
    bid = _cell("bid", quote.bid, symbol, place, report)
    ask = _cell("ask", quote.ask, symbol, place, report)
    if bid is None or ask is None or 0 < bid <= ask:
        return None if bid is None or ask is None else mid(quote.bid, quote.ask)
    found = f"expected 0 < bid <= ask, found bid {bid:g}, ask {ask:g}"
    report.add("PM632", f"`{symbol.compact}` has no mid: {found}", place, hint=HINT)
    return None


def mid(bid: str, ask: str) -> float:
    """The number nearest to the exact mid of two decimals: 4.11 and 4.15 make 4.13."""
    return float((Decimal(bid.strip()) + Decimal(ask.strip())) / 2)


def _volatility(symbol: OptionSymbol, quote: Quote, place: Span, report: Report) -> float | None:
    """The volatility of a quote; 0 is none."""
    value = _cell("volatility", quote.volatility, symbol, place, report)
    if value is None or 0 <= value <= MOST_VOLATILITY:
        return value or None
    expected = f"expected 0 to {MOST_VOLATILITY:g}"
    hint = "give the option an `implied_volatility` in the book"
    report.add(
        "PM611", f"the volatility of `{symbol.compact}`: {expected}, found {value:g}", place, hint=hint
    )
    return None


def quote_underlyings(table: Table, directory: Directory, files: Sequence[QuoteFile]) -> Table:
    """The underlyings with the last price of the file of their options where the book gives none."""
    price = table.number("price")
    places: dict[tuple[int, str], Span] = {}
    for file in files:
        rows = {directory.by_root[root] for root in file.roots if root in directory.by_root}
        for row in rows if len(rows) == 1 else ():
            last = number(file.last)
            if np.isnan(price[row]) and isinstance(last, float) and last > 0:
                price[row] = last
                places[row, "price"] = file.place(file.last_row)
    columns = {**table.columns, "price": price}
    return replace(table, columns=columns, cell_place=_placed(table, places))
