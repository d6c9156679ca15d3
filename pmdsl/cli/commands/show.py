"""`pmdsl show`: a rule set with its parent merged in, or one formula of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pmdsl.cli import options
from pmdsl.cli.opening import open_rules
from pmdsl.cli.screen import write


@click.command()
@options.rules_argument
@click.option("--formula", metavar="STEP", help="Show one requirement, step or report as formulas.")
@click.option("--latex", is_flag=True, help="Formulas as LaTeX.")
@options.path_option
def command(rules: str, formula: str | None, latex: bool, paths: Sequence[Path]) -> int:
    """A rule set with its parent merged in and every override applied, or a value of it as formulas."""
    found = open_rules([rules], paths)[0]
    if formula is None:
        from pmdsl.author.flattened import flattened

        write(flattened(found))
    else:
        from pmdsl.render.formulas import formulas_text

        write(formulas_text(found, formula, latex))
    return 0
