"""`pmdsl fmt`: rule files in their one layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pmdsl.author.formatting import format_files, overwrite
from pmdsl.cli import options
from pmdsl.cli.report import report
from pmdsl.cli.screen import write


@click.command()
@click.argument("files", metavar="FILE|FOLDER...", type=options.FILE, nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; status 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def command(files: Sequence[Path], check: bool, diff: bool) -> int:
    """Format rule files in place: aligned tables, sorted dates, every comment kept.

    A file with errors is left as it is.
    """
    done = format_files(files)
    for change in done.changes:
        if diff:
            write(change.difference())
        else:
            write(f"{change.path}{': would change' if check else ''}\n")
        if not check and not diff:
            overwrite(change)
    report(done.findings)
    if done.findings:
        return 2
    return 1 if done.changes and (check or diff) else 0
