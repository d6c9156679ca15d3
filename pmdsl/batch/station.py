"""A worker's station: rules bound to a market, and the listed accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from pmdsl.batch.listed import Listed, listed_accounts
from pmdsl.batch.sheets import NEEDED
from pmdsl.batch.work import Work
from pmdsl.bound_rules import BoundRules, bound_to
from pmdsl.diagnostics import Findings, PmdslError
from pmdsl.engine.inputs import wanted
from pmdsl.engine.netting import TRADE_PRICE
from pmdsl.plan.from_json import read_plan
from pmdsl.plan.nodes import Plan
from pmdsl.portfolio.assemble import assemble
from pmdsl.portfolio.book import Book
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.tables import read_tables
from pmdsl.rules import Rules
from pmdsl.source import Source

# A price of a position's own would be another market: it is read to be refused.
UNREAD = "price"


@dataclass(frozen=True, eq=False)
class Station:
    """What answers chunks, made once in each worker."""

    work: Work
    rules: BoundRules = field(repr=False)
    listed: Listed | None = field(repr=False)
    columns: frozenset[str]


def open_station(work: Work) -> Station:
    """Bind the rules of some work to its market. Raises PmdslError with every error found."""
    rules = Rules(read_plan(Source(work.rules, work.plan)), sent=not work.foreign)
    data = {name: given.opened() for name, given in work.data}
    listed = listed_accounts(work.accounts) if work.accounts is not None else None
    bound = bound_to(rules, market_of(work), data, work.engine)
    refuse_tables(bound.bound.plan)
    return Station(work, bound, listed, read_columns(bound.bound.plan))


def read_columns(plan: Plan) -> frozenset[str]:
    """The columns of positions that a plan needs, and those that must not say anything."""
    read = {want.column for want in wanted(plan.nodes) if want.table == "position"}
    return frozenset([*NEEDED, UNREAD, *read, *((TRADE_PRICE,) if plan.lots else ())])


def refuse_tables(plan: Plan) -> None:
    """Raise for a plan that reads rows of accounts beside their positions: a batch has none."""
    for name, level in plan.levels.items():
        if level.kind == "table" and name != "position":
            message = f"`{plan.name}` reads rows of `{name}` of each account, which no batch has"
            raise PmdslError.single("PM644", message, hint="ask margin, with the table in the book")


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
