"""The commands by name; the module of one is imported when it is run, not when another is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from pmdsl.diagnostics.suggest import nearest
from pmdsl.version import __version__

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "margin": "The requirement of each account, under one or more rule sets.",
        "explain": "From a requirement down to the positions: points, rows, citations.",
        "whatif": "The requirement before and after some trades.",
        "batch": "The requirements of any number of accounts, from Parquet to Parquet.",
        "rules": "The rule sets at hand.",
        "show": "A rule set with its parent merged in, or one formula of it.",
        "check": "Every error of rule files, with codes and places.",
        "fmt": "Format rule files in place.",
        "test": "Run the tests of rule files.",
        "plan": "What a rule set computes: its plan, digest and cost.",
        "needs": "The inputs that a rule set asks for.",
        "schema": "The JSON Schema of books for a rule set.",
        "diff": "What differs in meaning between two rule sets.",
        "compare": "The same books under two rule sets.",
        "error": "The page that explains a code.",
        "completion": "Completion of commands for a shell.",
    }
)
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyGroup(click.Group):
    """A group whose commands are modules of this package, each with a `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"pmdsl.cli.commands.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            close = nearest(name, COMMANDS)
            message = f"there is no command `{name}`" + (f": did you mean `{close}`?" if close else "")
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings=CONTEXT, no_args_is_help=True)
@click.version_option(__version__, "-V", "--version", message="pmdsl %(version)s")
def cli() -> None:
    """Margin methodologies as text: check, test, compare and run them.

    \b
    Exit status: 0 fine; 1 a finding (a failed test, a difference, an ineligible account
    with --strict); 2 bad input or usage.
    """
