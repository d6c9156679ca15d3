"""`pmdsl needs`: the inputs that a rule set asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pmdsl.author.needs import needs_of
from pmdsl.cli import options
from pmdsl.cli.opening import open_rules
from pmdsl.cli.screen import show, write


@click.command()
@options.rules_argument
@click.option("--on", type=options.Day(), help="Only what is read on this date.")
@options.path_option
@options.format_option("table", "json")
def command(rules: str, on: date | None, paths: Sequence[Path], form: str) -> int:
    """The inputs that a rule set asks for: attributes with types and defaults, tables, matrices, prices."""
    found = needs_of(open_rules([rules], paths)[0], on)
    if form == "json":
        from pmdsl.result_json import as_text

        write(as_text(found.to_json()))
    else:
        from pmdsl.render.needs import needs_picture

        show(needs_picture(found))
    return 0
