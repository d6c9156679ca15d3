"""`pmdsl rules`: the rule sets at hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from pmdsl.cli import options
from pmdsl.cli.report import report
from pmdsl.cli.screen import show, write
from pmdsl.names.library import Library


@click.command()
@options.path_option
@options.format_option("table", "json")
def command(paths: Sequence[Path], form: str) -> int:
    """The rule sets at hand: those of --path, the bundled ones, and those of installed plug-ins."""
    library = Library(tuple(paths))
    entries = list(library.entries())
    if form == "json":
        records = [
            {"name": e.name, "title": e.title, "origin": e.origin, "file": e.source.name} for e in entries
        ]
        write(json.dumps({"format_version": 1, "rules": records}, indent=2) + "\n")
    else:
        from pmdsl.render.rules import rules_table

        show(rules_table(entries))
    report(library.findings)
    return 0
