"""Books and markets: from files and tables to columns.

Nothing heavy is imported until it is used: YAML with the first YAML text, Arrow with the first Parquet file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pmdsl.diagnostics import Findings
from pmdsl.source import Source

if TYPE_CHECKING:
    from pmdsl.portfolio.book import Book, Table

__all__ = ["book_from_tables", "parse_portfolio", "read_portfolio", "read_rows"]


def read_portfolio(
    given: str | Path | Mapping[str, object], *, quotes: Sequence[str | Path] = (), on: date | None = None
) -> Book:
    """The book in a file, in a text, or in a mapping of the same shape.

    A string with a line break, or that begins like JSON, is the text itself; any other is a path. `quotes`
    are Cboe delayed-quotes files that price what the book does not; `on` beats the book's own date. Raises
    PmdslError with every error found, each with its place.
    """
    from pmdsl.portfolio.files import open_portfolio
    from pmdsl.portfolio.report import Report

    findings = Findings()
    source, folder = open_portfolio(given, Report(findings))
    book = parse_portfolio(source, findings, quotes=quotes, on=on, folder=folder) if source else None
    findings.raise_if_errors()
    assert book is not None
    return book


def parse_portfolio(
    source: Source,
    findings: Findings,
    *,
    quotes: Sequence[str | Path] = (),
    on: date | None = None,
    folder: Path | None = None,
) -> Book | None:
    """The book in a source, or None where `findings` then holds errors.

    `folder` is where the files of its `tables:` stand; without it they are refused.
    """
    from pmdsl.portfolio.assemble import assemble, open_quotes
    from pmdsl.portfolio.document import read_document
    from pmdsl.portfolio.files import read_tree
    from pmdsl.portfolio.report import Report

    report = Report(findings)
    files = open_quotes(quotes, report)
    root = read_tree(source, report)
    parts = read_document(root, on, folder, report) if root is not None else None
    book = assemble(parts, files, report) if parts is not None else None
    report.sort()
    return None if report.errors else book


def book_from_tables(
    positions: object = None,
    instruments: object = None,
    underlyings: object = None,
    accounts: object = None,
    *,
    on: date | datetime,
    rate: float | Sequence[Mapping[str, float]] | None = None,
    fx: Mapping[str, float] | None = None,
    market: Mapping[str, object] | None = None,
    values: Mapping[str, Mapping[str, float]] | None = None,
    matrices: Mapping[str, Sequence[Sequence[object]]] | None = None,
    tables: Mapping[str, object] | None = None,
    quotes: Sequence[str | Path] = (),
) -> Book:
    """The book in tables: each a CSV or Parquet file, an object with an Arrow stream, or columns by name.

    Columns are named as the keys of the portfolio file; the other arguments are its sections. Without
    `accounts` those that positions name are the accounts. Raises PmdslError with every error found.
    """
    from pmdsl.portfolio.assemble import assemble, open_quotes
    from pmdsl.portfolio.report import Report
    from pmdsl.portfolio.tables import read_tables

    findings = Findings()
    report = Report(findings)
    sections = {
        "rate": rate,
        "fx": fx,
        "market": market,
        "values": values,
        "matrices": matrices,
        "tables": tables,
    }
    parts = read_tables(positions, instruments, underlyings, accounts, sections, on, report)
    book = assemble(parts, open_quotes(quotes, report), report) if parts is not None else None
    report.sort()
    findings.raise_if_errors()
    assert book is not None
    return book


def read_rows(path: str | Path, name: str | None = None) -> Table:
    """The rows of a CSV or Parquet file as raw text columns, None where a cell is empty.

    The table is called `name`, or as the file is without its ending. Raises PmdslError.
    """
    from pmdsl.portfolio.frames import file_frame, raw_table
    from pmdsl.portfolio.report import Report

    findings = Findings()
    frame = file_frame(Path(path), Report(findings))
    findings.raise_if_errors()
    assert frame is not None
    return raw_table(frame, name or Path(path).stem)
