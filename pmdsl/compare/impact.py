"""The same books under two rule sets: what each account is asked by both, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmdsl.asking import ask, opened
from pmdsl.changes import Change, Versus, added_up, main_requirement, versus
from pmdsl.diagnostics import Finding, Findings, PmdslError
from pmdsl.engine import Bind
from pmdsl.portfolio import read_portfolio
from pmdsl.portfolio.book import Book
from pmdsl.render.shown import Shown
from pmdsl.rules import Rules

if TYPE_CHECKING:
    from rich.console import RenderableType

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Line:
    """One account of one book: what it is asked by both, and the groups that bound it under each."""

    portfolio: str
    change: Change
    bound_before: tuple[Bind, ...]
    bound_after: tuple[Bind, ...]


@dataclass(frozen=True)
class Summary:
    """How many lines rise, fall and stay, the largest of each by money, and the sum of those answered."""

    up: int
    down: int
    equal: int
    failed: int
    largest_rise: Line | None
    largest_fall: Line | None
    total: Change | None


@dataclass(frozen=True, eq=False)
class Impact(Shown):
    """The answers about each book of two rule sets; `findings` say which books could not be answered.

    `before` and `after` are the requirements that are compared.
    """

    left: Rules
    right: Rules
    before: str
    after: str
    books: Mapping[str, Versus] = field(repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every account, in the order of the books and of each book."""
        return tuple(line for name, found in self.books.items() for line in lines_of(name, found))

    @cached_property
    def summary(self) -> Summary:
        """What the lines come to."""
        return summary_of(self.lines)

    def to_json(self) -> dict[str, Any]:
        """Plain data, with the version of its form; amounts are decimal texts."""
        from pmdsl.compare.impact_json import impact_record

        return impact_record(self)

    def __rich__(self) -> RenderableType:
        from pmdsl.render.impact import impact_picture

        return impact_picture(self)


def impact(
    left: Rules,
    right: Rules,
    portfolios: Mapping[str, Book | str | Path],
    *,
    on: date | None = None,
    quotes: Sequence[str | Path] = (),
    data: Mapping[str, object] | None = None,
) -> Impact:
    """Some books, by what they are called, under two rule sets.

    A book that cannot be answered is told in `findings`. Raises PmdslError where the requirements of the rule
    sets cannot be held against one another.
    """
    before, after = main_requirement(left.plan), main_requirement(right.plan)
    findings = Findings()
    found: dict[str, Versus] = {}
    for name, given in portfolios.items():
        try:
            book = (
                opened(given, on) if isinstance(given, Book) else read_portfolio(given, quotes=quotes, on=on)
            )
            first, other = ask([left, right], book, data or {})
        except PmdslError as problem:
            findings.extend(problem.findings)
        else:
            found[name] = comparable(versus(first, other))
    return Impact(left, right, before or "", after or "", found, tuple(findings))


def comparable(found: Versus) -> Versus:
    """What is compared, unless it cannot be. Raises PmdslError."""
    if found.apart:
        hint = "`pmdsl margin --rules A --rules B` shows their requirements beside one another"
        raise PmdslError.single("PM911", found.apart, hint=hint)
    return found


def lines_of(portfolio: str, found: Versus) -> list[Line]:
    """Every account of a book; with sides one line a side."""
    lines: list[Line] = []
    for account in found.first:
        old, new = found.first[account].binding, found.other[account].binding
        for (before, after), change in zip(found.names, found.changes(account), strict=True):
            lines.append(Line(portfolio, change, bound(old.get(before, ())), bound(new.get(after, ()))))
    return lines


def bound(parts: Sequence[Bind]) -> tuple[Bind, ...]:
    """The groups that something set, the largest amount first."""
    told = [part for part in parts if part.amount and part.by]
    return tuple(sorted(told, key=lambda part: part.amount or Decimal(0), reverse=True))


def summary_of(lines: Sequence[Line]) -> Summary:
    """Counts, extremes and the total; of equal extremes the first."""
    moved = {line: line.change.change for line in lines}
    known = {line: change for line, change in moved.items() if change is not None}
    rising = [line for line, change in known.items() if change > 0]
    falling = [line for line, change in known.items() if change < 0]
    return Summary(
        up=len(rising),
        down=len(falling),
        equal=len(known) - len(rising) - len(falling),
        failed=len(moved) - len(known),
        largest_rise=max(rising, key=lambda line: known[line], default=None),
        largest_fall=min(falling, key=lambda line: known[line], default=None),
        total=added_up([line.change for line in known]) if known else None,
    )
