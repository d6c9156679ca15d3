"""`pmdsl explain`: from a requirement down to the positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pmdsl.cli import options
from pmdsl.cli.commands.margin import told
from pmdsl.cli.opening import chosen_accounts, open_book, open_rules
from pmdsl.cli.screen import show, write


@click.command()
@options.portfolio_argument
@options.rules_option
@options.book_options
@options.account_option
@options.format_option("tree", "json")
def command(
    portfolio: str,
    rules: str,
    paths: Sequence[Path],
    on: date | None,
    quotes: Sequence[Path],
    data: Sequence[tuple[str, Path]],
    accounts: Sequence[str],
    form: str,
) -> int:
    """Why the requirement of an account is what it is.

    From the requirement to its groups and the point that bound each, the positions that made the loss there,
    and the rows and parameters that mattered, with what they cite.
    """
    found_rules = open_rules([rules], paths)
    book = open_book(portfolio, quotes, on)
    from pmdsl.asking import ask

    result = ask(found_rules, book, dict(data))[0]
    listed = chosen_accounts(accounts, list(result))
    found = [result.explain(name) for name in listed]
    if form == "json":
        from pmdsl.result_json import as_text

        write(as_text([item.to_json() for item in found]))
    else:
        from pmdsl.render.explain import explanation_picture

        for place, item in enumerate(found):
            write("\n" if place else "")
            show(explanation_picture(item, messages=False))
    return told([result], listed)
