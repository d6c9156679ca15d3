"""A methodology's own attributes: those that a book gives, held against those that its rule sets ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.portfolio.book import Book, Table
from pmdsl.portfolio.parts import absent
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import ACCOUNT, INSTRUMENT, POSITION, UNDERLYING, Row

SHAPES = (ACCOUNT, UNDERLYING, INSTRUMENT, POSITION)


def own_attributes(book: Book) -> dict[str, tuple[str, ...]]:
    """The attributes beyond the base shape that a book gives, by table; `market` holds all of its values."""
    found = {shape.table: tuple(_own(table, shape)) for shape, table in _tables(book)}
    return found | {"market": tuple(book.market)}


def check_attributes(book: Book, asked: Mapping[str, Collection[str]], findings: Findings) -> None:
    """Report every own attribute that no rule set in use asks for: most are misspelt.

    `asked` gives the names declared by the `input` of accounts, underlyings, instruments, positions and
    market, over all rule sets that the book is valued under.
    """
    report = Report(findings)
    for shape, table in _tables(book):
        names = asked.get(shape.table, ())
        for name in _own(table, shape):
            if name not in names:
                given = ~absent(table.text(name))
                row = int(given.argmax())
                hint = did_you_mean(name, [*shape.fields, *names])
                message = f"no rule set asks for the {shape.name} attribute `{name}`"
                report.add("PM618", message, table.cell_place(row, name), hint=hint)
    for name in book.market:
        if name not in (names := asked.get("market", ())):
            message = f"no rule set asks for the market value `{name}`"
            report.add("PM618", message, book.places.get(f"market.{name}"), hint=did_you_mean(name, names))


def _tables(book: Book) -> tuple[tuple[Row, Table], ...]:
    return tuple(
        zip(SHAPES, (book.accounts, book.underlyings, book.instruments, book.positions), strict=True)
    )


def _own(table: Table, shape: Row) -> Iterator[str]:
    return (name for name in table.columns if name not in shape.fields)
