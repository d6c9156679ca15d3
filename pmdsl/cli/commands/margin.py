"""`pmdsl margin`: the requirement of each account, under one or more rule sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmdsl.cli import options
from pmdsl.cli.opening import chosen_accounts, open_book, open_rules
from pmdsl.cli.report import report
from pmdsl.cli.screen import show, write
from pmdsl.diagnostics import Finding

if TYPE_CHECKING:
    from pmdsl.engine import Engine
    from pmdsl.result import Result


@click.command()
@options.portfolio_argument
@options.rule_sets_option
@options.book_options
@options.account_option
@options.engine_option
@click.option("--strict", is_flag=True, help="Leave with status 1 where an account is not eligible.")
@options.format_option("table", "json")
def command(
    portfolio: str,
    rules: Sequence[str],
    paths: Sequence[Path],
    on: date | None,
    quotes: Sequence[Path],
    data: Sequence[tuple[str, Path]],
    accounts: Sequence[str],
    engine: Engine,
    strict: bool,
    form: str,
) -> int:
    """The requirement of each account of PORTFOLIO, under one or more rule sets side by side.

    PORTFOLIO is a YAML or JSON file, or - for standard input.

    \b
    pmdsl margin book.yaml
    pmdsl margin book.yaml --rules us.finra.cpm --rules house.margin --format json
    """
    rule_sets = open_rules(rules, paths)
    book = open_book(portfolio, quotes, on)
    from pmdsl.asking import ask

    results = ask(rule_sets, book, dict(data), engine)
    listed = chosen_accounts(accounts, list(results[0]))
    if form == "json":
        from pmdsl.result_json import answer_text

        write(answer_text(results, listed))
    else:
        from pmdsl.render.margin import margin_table

        show(margin_table(results, listed, messages=False))
    failing = any(
        held is False for result in results for name in listed for held in result[name].eligible.values()
    )
    return told(results, listed) or (1 if strict and failing else 0)


def told(results: Sequence[Result], accounts: Sequence[str]) -> int:
    """Tell what is wrong and what is worth knowing; 2 where an answer could not be had, else 0."""
    wrong = problems(results, accounts)
    report([*wrong, *warnings(results, accounts)])
    return 2 if wrong else 0


def warnings(results: Sequence[Result], accounts: Sequence[str]) -> list[Finding]:
    """What is worth knowing, each once: of some accounts, with them before it, and of all."""
    own = [
        (name, message)
        for result in results
        for name in accounts
        for message in result[name].messages
        if not message.is_error and message not in result.warnings
    ]
    return [*named(own), *(finding for result in results for finding in result.warnings)]


def named(pairs: Sequence[tuple[str, Finding]]) -> list[Finding]:
    """Findings with the accounts that they concern before them."""
    from pmdsl.render.findings import distinct

    return [replace(finding, message=f"{who}: {finding.message}") for who, finding in distinct(pairs)]


def problems(results: Sequence[Result], accounts: Sequence[str]) -> list[Finding]:
    """The errors of all answers, each once, with the accounts that it concerns before it."""
    pairs = [
        (name, m) for result in results for name in failed(result, accounts) for m in result[name].messages
    ]
    pairs = [(name, message) for name, message in pairs if message.is_error]
    seen = {finding.span for _, finding in pairs if finding.span is not None}
    whole = [f for result in results for f in result.findings if f.is_error and f.span not in seen]
    return [*named(pairs), *dict.fromkeys(whole)]


def failed(result: Result, accounts: Sequence[str]) -> list[str]:
    """The accounts of which something could not be had."""
    wrong = {name for name, bad in zip(result, result.answer.failed().tolist(), strict=True) if bad}
    return [name for name in accounts if name in wrong]
