"""A rule set bound to one market: instruments are priced once, then any number of books is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from pmdsl.asking import open_tables, opened, refuse_unread
from pmdsl.diagnostics import Findings, PmdslError, did_you_mean
from pmdsl.engine import Answer, Bound, Engine, Holdings, bind
from pmdsl.engine.incremental import Desk, desk_of, only
from pmdsl.foreign_plans import blamed_on
from pmdsl.held_account import HeldAccount
from pmdsl.portfolio import book_from_tables
from pmdsl.portfolio.book import Book
from pmdsl.portfolio.holdings import InstrumentRows, instrument_rows, read_holdings
from pmdsl.portfolio.shape import HELD_AS
from pmdsl.portfolio.trades import Trade, with_trades
from pmdsl.result import Result
from pmdsl.rules import Rules, as_date
from pmdsl.table_digest import table_digest

NO_POSITIONS: Mapping[str, list[str]] = {"instrument": [], "quantity": []}


@dataclass(frozen=True, eq=False)
class BoundRules:
    """A rule set and a market.

    `book` holds the market, no positions; `rows` the row of each instrument by name.
    """

    rules: Rules
    book: Book = field(repr=False)
    bound: Bound = field(repr=False)
    rows: InstrumentRows = field(repr=False)
    data: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def on(self) -> date:
        """The valuation date."""
        return self.book.on

    def margin(self, positions: object, accounts: object = None, *, threads: int = 1) -> Result:
        """The requirements of every account of some positions: an Arrow stream, a data frame, a file, columns
        by name.

        `accounts` is a table of accounts with their attributes; without it those that positions name are the
        accounts. The number of `threads`, from 1 up, changes no bit. The result is a mapping from accounts,
        and an Arrow stream. Raises PmdslError with every error found.
        """
        if not isinstance(threads, int) or threads < 1:
            message = f"`threads`: expected a whole number from 1 up, found `{threads}`"
            raise PmdslError.single("PM609", message)
        book = self._book(positions, accounts)
        unread = refuse_unread([self.rules], book)
        with blamed_on(self.rules):
            found = self.bound.run(Holdings.of(book), threads=threads)
        return Result(self.rules, book, found, self.data, unread)

    def hold(self, positions: object, accounts: object = None, *, account: str | None = None) -> HeldAccount:
        """One account of some positions, for questions about trades in it; which one may be left out where
        there is one. The tables are those of `margin`. Raises PmdslError.
        """
        book = self._book(positions, accounts)
        refuse_unread([self.rules], _without_market(book))
        ids = book.accounts.text("id").tolist()
        name = _account_of(ids, account)
        with blamed_on(self.rules):
            seat = self.desk.seat(only(Holdings.of(book), ids.index(name)))
        return HeldAccount(self, name, seat, self.engine_rows)

    @cached_property
    def desk(self) -> Desk:
        """What trades need of the market."""
        with blamed_on(self.rules):
            return desk_of(self.bound)

    @cached_property
    def engine_rows(self) -> Mapping[str, int]:
        """The engine's row of each instrument by name."""
        rows = self.desk.row_of.tolist()
        return {name: rows[row] for name, row in self.rows.items()}

    def result_of(self, answer: Answer) -> Result:
        """A run of some holdings under this market as a result."""
        held = answer.run.holdings
        book = _with_holdings(self.book, held)
        return Result(self.rules, book, answer, self.data)

    def _book(self, positions: object, accounts: object) -> Book:
        """The market with some positions."""
        findings = Findings()
        held = read_holdings(positions, accounts, self.rows, findings)
        findings.raise_if_errors()
        assert held is not None
        return _with_holdings(
            self.book, Holdings(held.accounts, held.positions, held.account, held.instrument)
        )


def _with_holdings(book: Book, held: Holdings) -> Book:
    return replace(
        book,
        accounts=held.accounts,
        positions=held.positions,
        position_account=held.account,
        position_instrument=held.instrument,
    )


def _without_market(book: Book) -> Book:
    """A book in which accounts and positions alone say something."""
    instruments, underlyings = (
        replace(table, columns={"id": table.columns["id"]}) for table in (book.instruments, book.underlyings)
    )
    return replace(book, instruments=instruments, underlyings=underlyings, market={})


def _account_of(ids: list[str], wanted: str | None) -> str:
    """The account that is meant. Raises PmdslError."""
    if wanted is None and len(ids) == 1:
        return ids[0]
    if wanted is None:
        message = f"the positions are of {len(ids)} accounts, and none is named"
        raise PmdslError.single("PM608", message, hint=f'say which: `account="{ids[0]}"`' if ids else None)
    if wanted not in ids:
        hint = did_you_mean(wanted, ids)
        raise PmdslError.single("PM614", f"no account is called `{wanted}`", hint=hint)
    return wanted


def bound_to(rules: Rules, book: Book, data: Mapping[str, object], engine: Engine = "numpy") -> BoundRules:
    """A rule set bound to the market of a book."""
    tables = open_tables([rules], data)
    market = with_holdable(book)
    digests = {name: table_digest(table) for name, table in tables.items()}
    plan = rules.on(market.on)
    with blamed_on(rules):
        bound = bind(plan, market, tables, engine)
    return BoundRules(rules, market, bound, instrument_rows(market), digests)


def market_book(
    instruments: object,
    underlyings: object,
    on: date | datetime | str | None,
    sections: Mapping[str, object],
    quotes: Sequence[str | Path],
) -> Book:
    """A book without positions, of the tables of a market. `on` is today where it is left out."""
    day = date.today() if on is None else as_date(on)
    given = {name: value for name, value in sections.items() if value is not None}
    return book_from_tables(NO_POSITIONS, instruments, underlyings, on=day, quotes=quotes, **given)  # type: ignore[arg-type]


def own_market(book: Book, on: date | datetime | str | None, beside: Mapping[str, object]) -> Book:
    """A book for its market, valued on `on` where that is given. Raises PmdslError for a market beside it."""
    findings = Findings()
    for name, value in beside.items():
        if value is not None:
            message = f"`{name}` is given beside a book, which has a market of its own"
            findings.add("PM616", message, hint="write it in the book, or give tables of the market")
    findings.raise_if_errors()
    return opened(book, on)


def with_holdable(book: Book) -> Book:
    """The market with a row for every underlying that a position may hold outright, and no positions."""
    listed = set(book.instruments.text("id").tolist())
    kinds = zip(book.underlyings.text("id").tolist(), book.underlyings.text("kind").tolist(), strict=True)
    account = book.accounts.text("id").tolist()[0]
    trades = [Trade(name, 0.0, account) for name, kind in kinds if kind in HELD_AS and name not in listed]
    findings = Findings()
    wider = with_trades(book, trades, findings) if trades else book
    findings.raise_if_errors()
    assert wider is not None
    nobody = np.zeros(0, dtype=np.int64)
    positions = replace(
        wider.positions, size=0, columns={k: c[:0] for k, c in wider.positions.columns.items()}
    )
    return replace(wider, positions=positions, position_account=nobody, position_instrument=nobody)
