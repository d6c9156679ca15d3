"""Parts to a book: names become rows, defaults are filled, contradictions are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pmdsl.diagnostics import Label
from pmdsl.portfolio.book import Array, Book, Table, no_place
from pmdsl.portfolio.checks import check_instruments, check_underlyings
from pmdsl.portfolio.directory import build_directory, index_ids, suggest
from pmdsl.portfolio.files import read_text
from pmdsl.portfolio.parts import Parts, absent, at
from pmdsl.portfolio.pricing import check_dates, quote_instruments, quote_underlyings
from pmdsl.portfolio.quotes import QuoteFile, read_quotes
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.roster import Roster, add_implied, complete, resolve
from pmdsl.portfolio.shape import HELD_AS

OPTION_MULTIPLIER = 100.0


def open_quotes(paths: Sequence[str | Path], report: Report) -> list[QuoteFile]:
    """The quote files at some paths; what cannot be read is reported and left out."""
    sources = [read_text(Path(path), report) for path in paths]
    files = [read_quotes(source, report) for source in sources if source is not None]
    return [file for file in files if file is not None]


def assemble(parts: Parts, quotes: Sequence[QuoteFile], report: Report) -> Book:
    """The book behind the parts. Where anything was reported the book is not to be used."""
    accounts, position_account = _accounts(parts, report)
    directory = build_directory(parts.underlyings, parts.roots, report)
    roster = complete(parts.instruments, directory, report)
    roster, position_instrument = resolve(
        roster, parts.position_instrument, parts.positions, directory, report
    )
    names = list(parts.values)
    roster, valued = add_implied(
        roster, names, lambda number: parts.values[names[number]].place, directory, report
    )
    _position_prices(roster, position_instrument, parts.positions, report)
    defaults(roster, parts.underlyings)
    check_dates(quotes, parts.on, report)
    roster = quote_instruments(roster, quotes, report) if quotes else roster
    underlyings = quote_underlyings(_outright_prices(roster, parts.underlyings), directory, quotes)
    check_underlyings(underlyings, report)
    check_instruments(roster, underlyings, report)
    ids = roster.table.text("id")
    return Book(
        on=parts.on,
        moment=parts.moment,
        curve=parts.curve,
        accounts=accounts,
        underlyings=underlyings,
        instruments=roster.table,
        positions=_without_names(parts.positions),
        instrument_underlying=roster.underlying,
        position_account=position_account,
        position_instrument=position_instrument,
        market=parts.market,
        dividends=parts.dividends,
        given_values={
            ids[row]: parts.values[name].values for name, row in zip(names, valued, strict=True) if row >= 0
        },
        matrices=parts.matrices,
        fx=parts.fx,
        tables=parts.tables,
        name=parts.name,
        places=parts.places,
        roots={root.text: root.underlying for root in parts.roots},
    )


def _without_names(positions: Table) -> Table:
    kept = {key: column for key, column in positions.columns.items() if key not in ("account", "instrument")}
    return replace(positions, columns=kept)


def _accounts(parts: Parts, report: Report) -> tuple[Table, NDArray[np.int64]]:
    """The accounts, and the row of each position's; without a list there may be one ("book" if unnamed)."""
    words = parts.position_account.words
    table = parts.accounts
    if table is None:
        table = _unlisted(parts, report)
    index = index_ids(table, "account", report)
    rows = np.array([index.get(word, -1) for word in words] + [0 if table.size == 1 else -1], dtype=np.int64)
    first = parts.position_account.first_rows()
    for number in np.flatnonzero(rows[:-1] < 0).tolist():
        place = parts.positions.cell_place(int(first[number]), "account")
        hint = suggest(words[number], index, report)
        report.add("PM614", f"no account is called `{words[number]}`", place, hint=hint)
    found = rows[parts.position_account.codes]
    if table.size != 1:
        report.rows(
            "PM608",
            parts.position_account.codes < 0,
            lambda row: (
                f"this position has no `account`, and there are {table.size}{at(parts.positions, row)}"
            ),
            parts.positions.place,
        )
    return table, found


def _unlisted(parts: Parts, report: Report) -> Table:
    """The one account of a book that lists none."""
    words = parts.position_account.words
    if len(words) > 1:
        row = int(parts.position_account.first_rows()[1])
        message = f"positions name the accounts `{words[0]}` and `{words[1]}`, and `accounts` lists none"
        hint = "list every account: only a single one may be left out"
        report.add("PM614", message, parts.positions.cell_place(row, "account"), hint=hint)
    ids = np.array(list(words) or ["book"], dtype=object)
    return Table("accounts", len(ids), {"id": ids, "equity": np.full(len(ids), np.nan)}, no_place)


def _position_prices(roster: Roster, instrument: NDArray[np.int64], positions: Table, report: Report) -> None:
    """Prices that positions give beat their instruments'; two positions must not differ."""
    given = positions.number("price")
    rows = np.flatnonzero(np.isfinite(given) & (instrument >= 0))
    prices: Array = roster.table.columns["price"]
    first = np.full(roster.table.size, -1, dtype=np.int64)
    first[instrument[rows[::-1]]] = rows[::-1]
    differs = np.zeros(positions.size, dtype=bool)
    differs[rows] = given[rows] != given[first[instrument[rows]]]
    ids = roster.table.text("id")
    for row in np.flatnonzero(differs)[:10].tolist():
        other = int(first[instrument[row]])
        place = positions.cell_place(other, "price")
        labels = [Label(place, f"{given[other]:g} here")] if place else []
        both = f"{given[other]:g} and {given[row]:g}"
        message = f"two positions give `{ids[instrument[row]]}` different prices: {both}"
        report.add("PM616", message, positions.cell_place(row, "price"), labels=labels)
    prices[instrument[rows]] = given[rows]


def _outright_prices(roster: Roster, underlyings: Table) -> Table:
    """The underlyings, priced by the instrument of their own id where the book prices only that."""
    ids, prices = underlyings.text("id"), underlyings.number("price")
    kinds = roster.table.text("kind")
    for row in np.flatnonzero(np.isnan(prices)).tolist():
        held = roster.rows.get(ids[row])
        if held is not None and roster.underlying[held] == row and kinds[held] in HELD_AS.values():
            prices[row] = roster.table.number("price")[held]
    return replace(underlyings, columns={**underlyings.columns, "price": prices})


def defaults(roster: Roster, underlyings: Table) -> None:
    """Fill multiplier, currency and exercise where they were not written."""
    columns = roster.table.columns
    option = (columns["kind"] == "option") & ~absent(columns["right"])
    multiplier = columns["multiplier"]
    missing = np.isnan(multiplier.astype(np.float64))
    multiplier[missing] = np.where(option[missing], OPTION_MULTIPLIER, 1.0)
    _inherit(
        columns["currency"], underlyings.text("currency"), roster.underlying, np.ones(len(option), dtype=bool)
    )
    _inherit(columns["exercise"], underlyings.text("option_exercise"), roster.underlying, option)


def _inherit(column: Array, source: Array, row: NDArray[np.int64], where: NDArray[np.bool_]) -> None:
    """Fill the missing cells of a text column from the underlying's."""
    wanted = absent(column) & where & (row >= 0)
    column[wanted] = source[row[wanted]]
