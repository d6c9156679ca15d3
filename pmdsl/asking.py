"""Asking rule sets about a book: what all of them share is looked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pmdsl.diagnostics import Finding, Findings, PmdslError, did_you_mean
from pmdsl.engine import Engine, evaluate, unknown_columns
from pmdsl.foreign_plans import blamed_on
from pmdsl.plan.asked import data_names
from pmdsl.plan.cost import refuse_above
from pmdsl.plan.nodes import Plan
from pmdsl.portfolio import read_portfolio
from pmdsl.portfolio.book import Book, Table
from pmdsl.portfolio.report import Report
from pmdsl.result import Result
from pmdsl.rules import Rules, as_date
from pmdsl.table_digest import table_digest


def ask(
    rule_sets: Sequence[Rules], book: Book, data: Mapping[str, object], engine: Engine = "numpy"
) -> list[Result]:
    """The answers of rule sets about one book, in their order.

    Raises PmdslError where one cannot be had at all.
    """
    tables = open_tables(rule_sets, data)
    unread = refuse_unread(rule_sets, book)
    digests = {name: table_digest(table) for name, table in tables.items()}
    return [replace(answer(rules, book, tables, digests, engine), unread=unread) for rules in rule_sets]


def answer(
    rules: Rules,
    book: Book,
    tables: Mapping[str, Table],
    digests: Mapping[str, str],
    engine: Engine = "numpy",
) -> Result:
    """The answer of one rule set; of the tables those that it reads."""
    plan = rules.on(book.on)
    refuse_above(plan, table_sizes(book, tables))
    mine = set(data_names(plan))
    given = {name: table for name, table in tables.items() if name in mine}
    with blamed_on(rules):
        found = evaluate(plan, book, given, engine)
    return Result(rules, book, found, {name: digests[name] for name in given})


def table_sizes(book: Book, tables: Mapping[str, Table]) -> dict[str, int]:
    """The numbers of rows that the cost of a run depends on."""
    entities = {"account": book.accounts, "underlying": book.underlyings, "instrument": book.instruments}
    given = {**tables, **book.tables, **entities, "position": book.positions}
    return {name: table.size for name, table in given.items()}


def opened(book: Book | str | Path | Mapping[str, object], on: date | str | None) -> Book:
    """A book, read where it is none yet, valued on `on` where that is given."""
    day = None if on is None else as_date(on)
    if not isinstance(book, Book):
        return read_portfolio(book, on=day)
    return book if day is None or day == book.on else replace(book, on=day, moment=None)


# ---- tables given at run time ------------------------------------------------------------------------------


def open_tables(rule_sets: Sequence[Rules], data: Mapping[str, object]) -> dict[str, Table]:
    """The tables given at run time, all columns as text. A name that no rule set asks for is an error."""
    asked = {name for rules in rule_sets for name in data_names(rules.plan)}
    findings = Findings()
    found: dict[str, Table] = {}
    for name, given in data.items():
        table = given if isinstance(given, Table) else open_table(name, given, findings)
        if name not in asked:
            hint = did_you_mean(name, asked) or (
                f"they ask for {', '.join(sorted(asked))}" if asked else None
            )
            findings.add("PM907", f"no rule set of this call asks for a table `{name}`", hint=hint)
        elif table is not None:
            found[name] = table
    findings.raise_if_errors()
    return found


def open_table(name: str, given: object, findings: Findings) -> Table | None:
    """A table from a file, an Arrow stream or columns by name; None where it was reported.

    Published reports end in a footer, which is dropped.
    """
    from pmdsl.portfolio.frames import open_frame, raw_table

    frame = open_frame(given, name, Report(findings), footer=True)
    return raw_table(frame, name) if frame is not None else None


# ---- attributes that nobody reads --------------------------------------------------------------------------


def refuse_unread(rule_sets: Sequence[Rules], book: Book) -> tuple[Finding, ...]:
    """Raise where the book has an attribute that no rule set at hand reads: most such are misspelt.

    The rule sets of the call are looked at first; the others only where something is left over. What is given
    back is worth a warning.
    """
    plans = [rules.plan for rules in rule_sets]
    if not len(unknown_columns(plans, book)):
        return ()
    plans += other_plans(rule_sets)
    left = unknown_columns(plans, book)
    left.raise_if_errors()
    return tuple(left)


def other_plans(rule_sets: Sequence[Rules]) -> list[Plan]:
    """The plans of all other rule sets at hand; what does not compile asks for nothing."""
    from pmdsl.loading import compiled_rules

    known = {rules.name for rules in rule_sets}
    plans: list[Plan] = []
    for rules in rule_sets[:1]:
        for entry in rules.library.entries():
            if entry.name not in known:
                try:
                    plans.append(compiled_rules(entry.source, rules.library).plan)
                except PmdslError:
                    continue
    return plans
