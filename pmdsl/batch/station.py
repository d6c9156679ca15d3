"""A worker's station: rules bound to a market, and the listed accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from pmdsl.batch.work import Work
from pmdsl.bound_rules import BoundRules, bound_to
from pmdsl.diagnostics import Findings
from pmdsl.plan.from_json import read_plan
from pmdsl.portfolio.assemble import assemble
from pmdsl.portfolio.book import Book
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.tables import read_tables
from pmdsl.rules import Rules
from pmdsl.source import Source


@dataclass(frozen=True, eq=False)
class Station:
    """What answers chunks, made once in each worker."""

    work: Work
    rules: BoundRules = field(repr=False)


def open_station(work: Work) -> Station:
    """Bind the rules of some work to its market. Raises PmdslError with every error found."""
    rules = Rules(read_plan(Source(work.rules, work.plan)))
    data = {name: given.opened() for name, given in work.data}
    return Station(work, bound_to(rules, market_of(work), data, work.engine))


def market_of(work: Work) -> Book:
    """The market of some work as a book without positions. Raises PmdslError."""
    findings = Findings()
    report = Report(findings)
    source = Source(work.sections_name, work.sections)
    instruments = work.instruments.opened() if work.instruments else None
    underlyings = work.underlyings.opened() if work.underlyings else None
    parts = read_tables(None, instruments, underlyings, None, source, work.on, report)
    book = assemble(parts, (), report) if parts is not None else None
    report.sort()
    findings.raise_if_errors()
    assert book is not None
    return book
