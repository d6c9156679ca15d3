"""What a batch works out, as one plain value: rules, market and options, to be sent once to each worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from pmdsl.batch.given import Given, given_table
from pmdsl.batch.values import digest_of
from pmdsl.diagnostics import Findings
from pmdsl.engine import Engine, engine_named
from pmdsl.plan.to_json import write_plan
from pmdsl.portfolio.mappings import mapping_source
from pmdsl.portfolio.report import Report
from pmdsl.rules import Rules
from pmdsl.source import Source

if TYPE_CHECKING:
    from pmdsl.batch.station import Station


@dataclass(frozen=True)
class Work:
    """Rules as a written plan, a market in tables, accounts where they are listed, a date and an engine.

    `sections` is the text of a portfolio file without positions: rate, fx, market, values, matrices. Two
    works of one digest give the same answers to the cent, whatever engine runs them. `foreign`: the rules
    came as a written plan, which may be a stranger's, so that what goes wrong with it is its own fault.
    """

    plan: str = field(repr=False)
    rules: str
    meaning: str
    on: date
    instruments: Given | None
    underlyings: Given | None
    accounts: Given | None
    sections: str = field(repr=False)
    sections_name: str
    data: tuple[tuple[str, Given], ...] = ()
    engine: Engine = "numpy"
    foreign: bool = False

    @cached_property
    def market(self) -> str:
        """The digest of the market and of the tables given at run time."""
        tables = [("instruments", self.instruments), ("underlyings", self.underlyings), *sorted(self.data)]
        parts = [f"{name} {given.digest if given else ''}" for name, given in tables]
        return digest_of(self.on.isoformat(), self.sections, *parts)

    @cached_property
    def digest(self) -> str:
        """The digest of everything that an answer depends on beside the positions."""
        return digest_of(self.meaning, self.market, self.accounts.digest if self.accounts else "")

    def open(self) -> Station:
        """The rules bound to the market: made once a worker. Raises PmdslError with every error found."""
        from pmdsl.batch.station import open_station

        return open_station(self)


def work_of(
    rules: Rules,
    instruments: object = None,
    underlyings: object = None,
    accounts: object = None,
    *,
    on: date,
    sections: Mapping[str, object] | Source | None = None,
    data: Mapping[str, object] | None = None,
    engine: Engine = "numpy",
) -> Work:
    """The work of a rule set and a market.

    Tables are CSV or Parquet files, Arrow streams, or columns by name. `sections` are rate, fx, market,
    values and matrices, or the text of a portfolio file that has them. Raises PmdslError.
    """
    findings = Findings()
    report = Report(findings)
    named = {"instruments": instruments, "underlyings": underlyings, "accounts": accounts}
    tables = {name: given_table(value, name, report) for name, value in named.items()}
    more = [(name, given_table(value, name, report)) for name, value in sorted((data or {}).items())]
    source = sections if isinstance(sections, Source) else mapping_source(told(sections or {}), report)
    findings.raise_if_errors()
    assert source is not None
    return Work(
        write_plan(rules.plan), rules.name, rules.digest, on, tables["instruments"], tables["underlyings"],
        tables["accounts"], source.text, source.name, tuple((name, t) for name, t in more if t is not None),
        engine_named(engine), rules.is_written,
    )  # fmt: skip


def told(sections: Mapping[str, object]) -> dict[str, object]:
    """The sections that are given."""
    return {name: value for name, value in sections.items() if value is not None}
