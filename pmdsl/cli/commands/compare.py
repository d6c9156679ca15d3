"""`pmdsl compare`: the same books under two rule sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pmdsl.cli import options
from pmdsl.cli.commands.margin import told
from pmdsl.cli.opening import named_book, open_rules
from pmdsl.cli.report import report
from pmdsl.cli.screen import show, write


@click.command()
@click.argument("left", metavar="A", type=options.RuleSet())
@click.argument("right", metavar="B", type=options.RuleSet())
@click.option(
    "-p", "--portfolio", "portfolios", type=click.Path(allow_dash=True), multiple=True, required=True,
    help="A book, or - for standard input. May be repeated.",
)  # fmt: skip
@click.argument("more", metavar="[PORTFOLIO]...", type=click.Path(allow_dash=True), nargs=-1)
@options.book_options
@options.format_option("table", "json")
def command(
    left: str,
    right: str,
    portfolios: Sequence[str],
    more: Sequence[str],
    paths: Sequence[Path],
    on: date | None,
    quotes: Sequence[Path],
    data: Sequence[tuple[str, Path]],
    form: str,
) -> int:
    """The same books under rule sets A and B: what each account is asked by both, the change, what bound it.

    Status 2: a book, or an account of one, has no answer; the others are still compared.

    \b
    pmdsl compare us.finra.cpm house.margin --portfolio book.yaml
    pmdsl compare us.finra.cpm house.margin --portfolio books/*.yaml --format json
    """
    first, second = open_rules([left, right], paths)
    from pmdsl.compare.impact import impact

    books = {name: named_book(name) for name in (*portfolios, *more)}
    found = impact(first, second, books, on=on, quotes=quotes, data=dict(data))
    if form == "json":
        from pmdsl.result_json import as_text

        write(as_text(found.to_json()))
    elif found.books:
        show(found)
    report(found.findings)
    statuses = [told([book.first, book.other], list(book.first)) for book in found.books.values()]
    return 2 if found.findings else max(statuses, default=0)
