"""`pmdsl diff`: what differs in meaning between two rule sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pmdsl.cli import options
from pmdsl.cli.opening import open_rules
from pmdsl.cli.screen import show, write
from pmdsl.compare.compared import compared


@click.command()
@click.argument("left", metavar="A", type=options.RuleSet())
@click.argument("right", metavar="B", type=options.RuleSet())
@click.option("--on", type=options.Day(), help="Only what holds on this date.")
@options.path_option
@options.format_option("text", "json")
def command(left: str, right: str, on: date | None, paths: Sequence[Path], form: str) -> int:
    """What differs in meaning from rule set A to B: values by date, rows by key, groups, scenarios, formulas.

    Layout, comments and order do not matter; citations and titles are listed apart. Status 1: they differ.
    """
    first, second = open_rules([left, right], paths)
    found = compared(first, second, on)
    if form == "json":
        from pmdsl.result_json import as_text

        write(as_text(found.to_json()))
    else:
        from pmdsl.render.difference import difference_picture

        show(difference_picture(found))
    return 1 if found else 0
