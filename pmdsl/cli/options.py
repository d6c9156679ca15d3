"""Arguments and options that several commands have, said once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pmdsl.diagnostics import PmdslError

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_RULES = "us.finra.cpm"
COMPILING = "compiling the loops of the engine, once on this machine ..."


class RuleSet(click.ParamType):  # type: ignore[type-arg]
    """The name of a rule set, or a file; completes the names at hand."""

    name = "NAME|FILE"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from pmdsl.names.library import Library

        names = [entry.name for entry in Library().entries() if entry.name.startswith(incomplete)]
        return [CompletionItem(name) for name in names] or [CompletionItem(incomplete, type="file")]


class Day(click.ParamType):  # type: ignore[type-arg]
    """An ISO date."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from pmdsl.rules import as_date

        return as_date(value)


class NamedFile(click.ParamType):  # type: ignore[type-arg]
    """`NAME=FILE`."""

    name = "NAME=FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        name, equals, path = str(value).partition("=")
        if not (name and equals and path):
            raise PmdslError.single(
                "PM909", f"`{value}` is not NAME=FILE", hint="for example `offsets=offsets.csv`"
            )
        return name, Path(path)


FILE = click.Path(path_type=Path)


def portfolio_argument(function: F) -> F:
    """The book: a file, or `-` for standard input."""
    return click.argument("portfolio", type=click.Path(allow_dash=True))(function)


def rules_argument(function: F) -> F:
    """One rule set, as an argument."""
    return click.argument("rules", metavar="NAME|FILE", type=RuleSet())(function)


def rules_option(function: F) -> F:
    """One rule set, as an option."""
    return click.option(
        "-r",
        "--rules",
        type=RuleSet(),
        default=DEFAULT_RULES,
        show_default=True,
        help="The rule set: a name or a file.",
    )(function)


def rule_sets_option(function: F) -> F:
    """One or more rule sets."""
    return click.option(
        "-r", "--rules", type=RuleSet(), multiple=True, default=[DEFAULT_RULES], show_default=True,
        help="A rule set: a name or a file. Several are answered side by side.",
    )(function)  # fmt: skip


def on_option(function: F) -> F:
    """The date."""
    return click.option("--on", type=Day(), help="The date; the book's own where it is left out.")(function)


def path_option(function: F) -> F:
    """Folders in which rule sets are looked up first."""
    return click.option(
        "--path", "paths", type=FILE, multiple=True, help="A folder in which rule sets are looked up first."
    )(function)


def book_options(function: F) -> F:
    """What goes with a book: quotes, tables given at run time, the date, and folders of rule sets."""
    function = click.option(
        "--data",
        type=NamedFile(),
        multiple=True,
        help="A table that the rule set asks for at run time, CSV or Parquet.",
    )(function)
    function = click.option(
        "--quotes",
        type=FILE,
        multiple=True,
        help="A Cboe delayed-quotes file that prices what the book does not.",
    )(function)
    return path_option(on_option(function))


def account_option(function: F) -> F:
    """Only some accounts."""
    return click.option("-a", "--account", "accounts", multiple=True, help="Only this account.")(function)


def engine_option(function: F) -> F:
    """Which engine runs."""
    return click.option(
        "--engine", type=click.Choice(["numpy", "compiled"]), default="numpy", show_default=True,
        callback=tell_of_compiling,
        help="What runs the plan; `compiled` needs pmdsl[fast] and gives the same cents.",
    )(function)  # fmt: skip


def tell_of_compiling(context: click.Context, parameter: click.Parameter, engine: str) -> str:
    """Somebody who waits for the first compilation is told what for."""
    if engine == "compiled" and sys.stderr.isatty():
        from importlib.util import find_spec

        # Without numba the command says itself what it needs.
        if find_spec("numba") is not None:
            from pmdsl.jit import before_compiling

            before_compiling(lambda: click.echo(COMPILING, err=True))
    return engine


def format_option(*formats: str) -> Callable[[Any], Any]:
    """How the answer is written; the first is the usual one."""
    return click.option(
        "-f", "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True,
        help="How the answer is written.",
    )  # fmt: skip
