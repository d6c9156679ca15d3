"""Books and markets: from files and tables to columns.

Nothing heavy is imported until it is used: YAML with the first YAML text, Arrow with the first Parquet file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pmdsl.diagnostics import Findings
from pmdsl.source import Source

if TYPE_CHECKING:
    from pmdsl.portfolio.book import Book

__all__ = ["parse_portfolio", "read_portfolio"]


def read_portfolio(
    given: str | Path | Mapping[str, object], *, quotes: Sequence[str | Path] = (), on: date | None = None
) -> Book:
    """The book in a file, in a text, or in a mapping of the same shape.

    A string with a line break, or that begins like JSON, is the text itself; any other is a path. `quotes`
    are Cboe delayed-quotes files that price what the book does not; `on` beats the book's own date. Raises
    PmdslError with every error found, each with its place.
    """
    from pmdsl.portfolio.files import open_portfolio

    findings = Findings()
    source, folder = open_portfolio(given, findings)
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
    from pmdsl.portfolio.assemble import assemble
    from pmdsl.portfolio.document import read_document
    from pmdsl.portfolio.files import read_tree
    from pmdsl.portfolio.report import Report

    report = Report(findings)
    root = read_tree(source, report)
    parts = read_document(root, on, folder, report) if root is not None else None
    book = assemble(parts, report) if parts is not None else None
    return None if report.errors else book
