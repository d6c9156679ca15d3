"""`pmdsl test`: the tests of rule files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmdsl.cli import options
from pmdsl.cli.report import colour
from pmdsl.cli.screen import write
from pmdsl.diagnostics import PmdslError
from pmdsl.names.library import Library

if TYPE_CHECKING:
    from pmdsl.engine import Engine


@click.command()
@click.argument("files", metavar="[FILE|FOLDER]...", type=options.FILE, nargs=-1)
@click.option("--coverage", is_flag=True, help="Say which rows, segments and branches no test reached.")
@click.option("--junit", type=options.FILE, help="Write the results as JUnit XML to this file.")
@options.engine_option
@options.path_option
def command(
    files: Sequence[Path], coverage: bool, junit: Path | None, engine: Engine, paths: Sequence[Path]
) -> int:
    """Run the `test` blocks of rule files, and of NAME_test.margin beside them; of this folder by default."""
    from pmdsl.testing import junit_xml, render_report, run_tests

    found = run_tests(files or [Path()], library=Library(tuple(paths)), coverage=coverage, engine=engine)
    write(render_report(found, colour(sys.stdout.isatty())).rstrip("\n") + "\n")
    if junit is not None:
        try:
            junit.write_text(junit_xml(found), encoding="utf-8")
        except OSError as error:
            raise PmdslError.single("PM904", f"`{junit}` cannot be written: {error.strerror}") from None
    if any(finding.is_error for finding in found.findings):
        return 2
    return 0 if found.ok else 1
