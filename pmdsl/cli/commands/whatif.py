"""`pmdsl whatif`: the requirement before and after some trades."""

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
@click.option(
    "-t", "--trade", "trades", metavar="TRADE", multiple=True, required=True, help='A trade, as "+10 SPY".'
)
@options.book_options
@click.option("-a", "--account", help="The account that trades, where the book has several.")
@options.format_option("table", "json")
def command(
    portfolio: str,
    rules: str,
    trades: Sequence[str],
    paths: Sequence[Path],
    on: date | None,
    quotes: Sequence[Path],
    data: Sequence[tuple[str, Path]],
    account: str | None,
    form: str,
) -> int:
    """The requirement of PORTFOLIO before and after some trades, and the change.

    \b
    pmdsl whatif book.yaml --trade "+10 SPY" --trade "-1 SPX-C"
    pmdsl whatif book.yaml --trade "-2 SPY   240315C00460000 @ 4.35" --account A1
    """
    found_rules = open_rules([rules], paths)[0]
    book = open_book(portfolio, quotes, on)
    from pmdsl.compare.whatif import parse_trade, whatif

    parsed = [parse_trade(text, account) for text in trades]
    found = whatif(found_rules, book, parsed, data=dict(data), quotes=quotes)
    listed = chosen_accounts([account] if account is not None else [], list(found.before))
    if form == "json":
        from pmdsl.result_json import as_text

        write(as_text(found.to_json(listed)))
    else:
        from pmdsl.render.whatif import whatif_picture

        show(whatif_picture(found, listed))
    return told([found.before, found.after], listed)
