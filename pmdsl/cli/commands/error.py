"""`pmdsl error`: the page that explains a code."""

from __future__ import annotations

import sys

import click

from pmdsl.cli.screen import show, write
from pmdsl.data import error_page
from pmdsl.diagnostics import CODES, PmdslError, did_you_mean


@click.command()
@click.argument("code", metavar="CODE")
def command(code: str) -> int:
    """The page that explains a code, such as PM304: cause, example, better example, why."""
    wanted = code.upper()
    if wanted not in CODES:
        raise PmdslError.single("PM910", f"there is no code `{code}`", hint=did_you_mean(wanted, CODES))
    page = error_page(wanted) or f"# {wanted}: {CODES[wanted].title}\n"
    if sys.stdout.isatty():
        from rich.markdown import Markdown

        show(Markdown(page))
    else:
        write(page)
    return 0
