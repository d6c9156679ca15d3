"""`pmdsl check`: every error of every rule file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pmdsl.author.checking import check_files
from pmdsl.cli import options
from pmdsl.cli.report import report
from pmdsl.cli.screen import write


@click.command()
@click.argument("files", metavar="FILE|FOLDER...", type=options.FILE, nargs=-1, required=True)
@options.path_option
@click.option("--strict", is_flag=True, help="Leave with status 1 for warnings too.")
@options.format_option("text", "json", "sarif")
def command(files: Sequence[Path], paths: Sequence[Path], strict: bool, form: str) -> int:
    """Every error of every rule file, with codes and places.

    Folders are searched for files that end in .margin. Status 1: an error was found; 2: a file cannot be
    read.
    """
    checked = check_files(files, paths)
    if form == "text":
        report(checked.findings)
        write(checked.summary + "\n")
    else:
        from pmdsl.diagnostics.render import render_json, render_sarif

        write((render_json if form == "json" else render_sarif)(checked.findings) + "\n")
    if checked.unreadable:
        return 2
    return 1 if checked.errors or (strict and checked.findings) else 0
