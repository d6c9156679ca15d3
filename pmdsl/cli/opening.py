"""What commands open before they work: books and rule sets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pmdsl.diagnostics import PmdslError, did_you_mean

if TYPE_CHECKING:
    from pmdsl.portfolio.book import Book
    from pmdsl.rules import Rules


def open_rules(names: Sequence[str], paths: Sequence[Path]) -> list[Rules]:
    """The rule sets of some names and files. Raises PmdslError with the findings of all of them."""
    from pmdsl.loading import load

    found: list[Rules] = []
    problems: list[PmdslError] = []
    for name in names:
        try:
            found.append(load(name, paths=paths))
        except PmdslError as problem:
            problems.append(problem)
    if problems:
        raise PmdslError(finding for problem in problems for finding in problem.findings)
    return found


def open_book(portfolio: str, quotes: Sequence[Path], on: date | None) -> Book:
    """The book in a file, or on standard input for `-`."""
    from pmdsl.portfolio import read_portfolio

    return read_portfolio(named_book(portfolio), quotes=quotes, on=on)


def named_book(portfolio: str) -> str | Path:
    """The path of a book, or the text on standard input for `-`."""
    return sys.stdin.read() + "\n" if portfolio == "-" else Path(portfolio)


def chosen_accounts(wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """The accounts asked for, in the order of the book; all where none is asked for. Raises PmdslError."""
    for name in wanted:
        if name not in known:
            hint = did_you_mean(name, known) or (f"they are {', '.join(known)}" if len(known) <= 8 else None)
            raise PmdslError.single("PM910", f"the book has no account `{name}`", hint=hint)
    return [name for name in known if not wanted or name in wanted]
