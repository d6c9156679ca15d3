"""A rule set ready to be asked: its plan for all dates, and plans for single dates as they are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pmdsl.diagnostics import Finding, Findings, PmdslError
from pmdsl.names.library import Library
from pmdsl.plan.nodes import DataTable, InputColumn, Plan
from pmdsl.source import Source

if TYPE_CHECKING:
    from pmdsl.bound_rules import BoundRules
    from pmdsl.compiler import Compiled
    from pmdsl.engine import Engine
    from pmdsl.portfolio.book import Book
    from pmdsl.result import Result


@dataclass(frozen=True, eq=False)
class Rules:
    """A rule set.

    `plan` holds every date. `fresh` is what was just compiled; `source` is the text, where the plan was kept
    from an earlier run. Neither is known of a plan that was read as it was written. `sent` is a plan that a
    rule set with a text wrote for a worker of its own.
    """

    plan: Plan
    library: Library = field(default_factory=Library, repr=False)
    fresh: Compiled | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    plans: dict[date, Plan] = field(default_factory=dict, repr=False)
    source: Source | None = field(default=None, repr=False)
    sent: bool = False

    @property
    def is_written(self) -> bool:
        """Whether this is a written plan, without a text behind it."""
        return self.fresh is None and self.source is None and not self.sent

    @cached_property
    def compiled(self) -> Compiled | None:
        """The program behind the plan, compiled when it is asked for; None of a written plan.

        None too where the parent has been changed since, so that the plan can no longer be had of the text.
        """
        if self.fresh is not None or self.source is None:
            return self.fresh
        from pmdsl.compiler import compile_source

        found = compile_source(self.source, self.library, Findings()).methodologies
        same = [c for c in found if c.plan is not None and c.plan.digest == self.plan.digest]
        return same[0] if same else None

    @property
    def name(self) -> str:
        """The dotted name of the methodology."""
        return self.plan.name

    @property
    def title(self) -> str:
        """What people call it."""
        return self.plan.title

    @property
    def version(self) -> str:
        """The version as written."""
        return self.plan.version

    @property
    def currency(self) -> str:
        """The ISO code of the currency of its requirements."""
        return self.plan.currency

    @property
    def digest(self) -> str:
        """The digest of its meaning, `sha256:…`; layout, comments, titles and citations do not change it."""
        return self.plan.digest

    @property
    def parent(self) -> tuple[str, str] | None:
        """Name and digest of the rule set that it extends."""
        return self.plan.parent

    def __repr__(self) -> str:
        return f"<Rules {self.name} {self.version} {self.digest[:19]}>"

    def on(self, day: date | str) -> Plan:
        """The plan for one date, made once. Raises PmdslError where the rule set does not cover it."""
        from pmdsl.plan.simplify import simplify

        wanted = as_date(day)
        if self.plan.on is not None and self.plan.on != wanted:
            message = f"`{self.name}` was written out for {self.plan.on} alone, and is asked for {wanted}"
            raise PmdslError.single("PM707", message, hint="write it out without a date")
        if wanted not in self.plans:
            self.plans[wanted] = self.plan if self.plan.on is not None else simplify(self.plan, wanted)
        return self.plans[wanted]

    def needs(self, on: date | str | None = None) -> tuple[InputColumn, ...]:
        """The attributes that its outputs read, over all dates or on one."""
        from pmdsl.plan.asked import asked_columns

        return asked_columns(self.plan if on is None else self.on(on))

    def tables(self, on: date | str | None = None) -> tuple[DataTable, ...]:
        """The tables that it reads by key: those given at run time, and those that come with the book."""
        from pmdsl.plan.asked import asked_tables

        return asked_tables(self.plan if on is None else self.on(on))

    def margin(
        self,
        book: Book | str | Path | Mapping[str, object],
        *,
        on: date | str | None = None,
        data: Mapping[str, object] | None = None,
        engine: Engine = "numpy",
    ) -> Result:
        """The requirements of every account of a book.

        `book` may also be what `read_portfolio` takes; `on` beats its date. `data` are the tables given at
        run time by name: CSV or Parquet files, Arrow streams, or columns by name. `engine` may be `compiled`
        where the extra `pmdsl[fast]` is installed. What is wrong with one account stands in its messages.
        Raises PmdslError where the whole book cannot be answered.
        """
        from pmdsl.asking import ask, opened

        return ask([self], opened(book, on), data or {}, engine)[0]

    def compile(
        self,
        instruments: object,
        underlyings: object = None,
        *,
        on: date | datetime | str | None = None,
        rate: float | Sequence[Mapping[str, float]] | None = None,
        fx: Mapping[str, float] | None = None,
        market: Mapping[str, object] | None = None,
        values: Mapping[str, Mapping[str, float]] | None = None,
        matrices: Mapping[str, Sequence[Sequence[object]]] | None = None,
        quotes: Sequence[str | Path] = (),
        data: Mapping[str, object] | None = None,
        engine: Engine = "numpy",
    ) -> BoundRules:
        """The rule set bound to one market, for many books: instruments are priced once.

        `instruments` and `underlyings` are tables (files, Arrow streams, columns by name); `instruments` may
        be a Book instead, whose market is taken. `on` is today's date where it is left out, or the book's.
        `engine` may be `compiled`, as for `margin`. Raises PmdslError.
        """
        from pmdsl.bound_rules import bound_to, market_book, own_market
        from pmdsl.portfolio.book import Book

        if isinstance(instruments, Book):
            beside = {"underlyings": underlyings, "rate": rate, "fx": fx, "market": market}
            beside |= {"values": values, "matrices": matrices, "quotes": quotes or None}
            return bound_to(self, own_market(instruments, on, beside), data or {}, engine)
        sections = {"rate": rate, "fx": fx, "market": market, "values": values, "matrices": matrices}
        return bound_to(self, market_book(instruments, underlyings, on, sections, quotes), data or {}, engine)


def as_date(day: date | str) -> date:
    """A date, or the date that an ISO text says. Raises PmdslError."""
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise PmdslError.single("PM906", f"`{day}` is no date", hint="write it as 2026-11-21") from None
