"""`pmdsl schema`: the JSON Schema of books."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pmdsl.cli import options
from pmdsl.cli.opening import open_rules
from pmdsl.cli.screen import write


@click.command()
@click.argument("rules", metavar="[NAME|FILE]", type=options.RuleSet(), required=False)
@click.option("--plan", is_flag=True, help="The schema of written plans instead.")
@options.path_option
def command(rules: str | None, plan: bool, paths: Sequence[Path]) -> int:
    """The JSON Schema (2020-12) of books for a rule set, or of all books."""
    from pmdsl.result_json import as_text

    if plan:
        from pmdsl.plan.schema import plan_schema

        write(as_text(plan_schema()))
    elif rules is None:
        from pmdsl.portfolio.schema import portfolio_schema

        write(as_text(portfolio_schema()))
    else:
        from pmdsl.author.book_schema import book_schema

        write(as_text(book_schema(open_rules([rules], paths)[0])))
    return 0
