"""What the rules read, from the book: typed columns of its tables and of the tables given at run time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.engine.columns import BadCell, Typed, typed
from pmdsl.engine.words import Codes, Interner
from pmdsl.plan.nodes import Node, Plan
from pmdsl.portfolio.book import Book, Table
from pmdsl.source import Span

ENTITIES = {"underlying": "underlyings", "instrument": "instruments", "account": "accounts"}
SAY = {"market": "the market", "position": "position", **{name: name for name in ENTITIES}}


@dataclass(frozen=True, eq=False)
class Holdings:
    """Who holds what: the accounts, and rows of positions with indices of their account and instrument.

    `account` and `instrument` have shape (positions.size,); they index `accounts` and the book's instruments.
    """

    accounts: Table
    positions: Table
    account: Codes
    instrument: Codes

    @staticmethod
    def of(book: Book) -> Holdings:
        """The holdings of a book as they stand in it."""
        return Holdings(book.accounts, book.positions, book.position_account, book.position_instrument)


@dataclass(frozen=True)
class Wanted:
    """A column that some node of a plan reads."""

    table: str
    column: str
    base: str
    words: tuple[str, ...] = ()


def wanted(nodes: Iterable[Node]) -> tuple[Wanted, ...]:
    """The columns that the input nodes read, each once, in the order of the nodes."""
    found: dict[tuple[str, str], Wanted] = {}
    for node in nodes:
        if node.op == "input":
            want = wanted_by(node)
            found.setdefault((want.table, want.column), want)
    return tuple(found.values())


def wanted_by(node: Node) -> Wanted:
    """The column that an input node reads; a point is read as the word that names it."""
    base = "text" if node.base == "point" else node.base
    return Wanted(node.params["table"], node.params["column"], base, tuple(node.params.get("words") or ()))


@dataclass(eq=False)
class Reader:
    """Reads typed columns of one book once each and collects what is wrong with them."""

    book: Book
    interner: Interner = field(default_factory=Interner)
    findings: Findings = field(default_factory=Findings)
    read: dict[Wanted, Typed] = field(default_factory=dict)

    def column(self, want: Wanted) -> Typed:
        """A column that does not depend on the holdings, in the order of the book. Shape (rows,)."""
        if want not in self.read:
            self.read[want] = self.convert(want, self.table(want.table), self._raw(want))
        return self.read[want]

    def convert(self, want: Wanted, table: Table, raw: Any) -> Typed:
        """A raw column in its type; cells that do not fit become findings."""
        return typed(raw, want.base, want.words, self.interner, lambda bad: self._bad(want, table, bad))

    def _raw(self, want: Wanted) -> Any:
        if want.table == "instrument" and want.column == "underlying":
            return self._underlying_ids()
        return raw_column(self.table(want.table), want.column)

    def _underlying_ids(self) -> Any:
        ids = np.append(self.book.underlyings.text("id"), np.array([None], dtype=object))
        return ids[self.book.instrument_underlying]

    def table(self, name: str) -> Table:
        """A table of the book by the name that the rules give it; without rows where there is none."""
        if name == "market":
            return market_table(self.book)
        if name in ENTITIES:
            found: Table = getattr(self.book, ENTITIES[name])
            return found
        return self.book.tables.get(name) or Table(name, 0, {})

    def _bad(self, want: Wanted, table: Table, bad: BadCell) -> None:
        place = _place(table, bad.row, want.column)
        more = f" (and {bad.rows - 1} more rows like it)" if bad.rows > 1 else ""
        subject = row_name(want.table, table, bad.row)
        code = "PM702" if bad.word else "PM701"
        message = f"`{want.column}` of {subject} is `{bad.found}`: expected {bad.expected}{more}"
        self.findings.add(code, message, place, hint=bad.hint)


def _place(table: Table, row: int, column: str) -> Span | None:
    return table.cell_place(row, column) or table.place(row)


def raw_column(table: Table, column: str) -> Any:
    """A column as it came, all not given where the table has none of that name. Shape (rows,)."""
    found = table.columns.get(column)
    return np.full(table.size, None, dtype=object) if found is None else found


def market_table(book: Book) -> Table:
    """The values of the market section as a table of one row."""
    columns = {name: np.array([value], dtype=object) for name, value in book.market.items()}
    return Table(
        "market",
        1,
        columns,
        cell_place=lambda row, column: book.places.get(f"market.{column}"),
        key_place=lambda row, column: book.places.get(f"market.{column} key"),
    )


def row_name(kind: str, table: Table, row: int) -> str:
    """How a message names a row: `underlying XYZ`, `row 3 of sensitivity`."""
    if kind == "market":
        return SAY[kind]
    name = table.text("id")[row] if "id" in table.columns else None
    if kind in SAY and name is not None:
        return f"{SAY[kind]} {name}"
    return f"row {row + 1} of {kind}"


def unknown_columns(plans: Iterable[Plan], book: Book) -> Findings:
    """The columns of a book that none of the plans reads, with the nearest one that is read."""
    listed = list(plans)
    read: dict[str, set[str]] = {}
    for plan in listed:
        for item in plan.inputs:
            read.setdefault(item.table, set()).add(item.column)
        for want in wanted(plan.nodes):
            read.setdefault(want.table, set()).add(want.column)
    findings = Findings()
    for kind, table in _attribute_tables(book):
        for column in extension_columns(kind, table):
            if column not in read.get(kind, set()):
                _unknown(kind, table, column, read.get(kind, set()), findings)
    return findings


def _attribute_tables(book: Book) -> list[tuple[str, Table]]:
    owned = [(kind, getattr(book, attribute)) for kind, attribute in ENTITIES.items()]
    return [*owned, ("position", book.positions), ("market", market_table(book))]


BUILT_IN = {
    "underlying": "id kind price currency volatility dividend_yield tracks leverage roots option_exercise "
    "dividends",
    "instrument": "id kind underlying currency multiplier price implied_volatility right strike expiry "
    "exercise settlement listed",
    "account": "id equity",
    "position": "account instrument quantity trade_price price",
    "market": "",
}


def extension_columns(kind: str, table: Table) -> tuple[str, ...]:
    """The columns of a table that only a rule set can know."""
    known = set(BUILT_IN[kind].split())
    return tuple(name for name in table.columns if name not in known)


def _unknown(kind: str, table: Table, column: str, read: set[str], findings: Findings) -> None:
    raw = table.columns[column]
    given = [row for row, item in enumerate(raw.tolist()) if item is not None and item == item]
    if not given:
        return
    known = read | set(BUILT_IN[kind].split())
    message = f"no rule set at hand reads `{column}` of {SAY[kind]}"
    hint = did_you_mean(column, known)
    # A market value describes the day and no entity: a book may well carry one that these rules leave aside.
    code = "PM726" if kind == "market" and hint is None else "PM703"
    place = table.key_place(given[0], column) or _place(table, given[0], column)
    findings.add(code, message, place, hint=hint)
