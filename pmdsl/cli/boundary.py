"""The one place where errors end: findings are told, and no traceback reaches a user."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from pmdsl.cli.group import cli
from pmdsl.cli.report import report
from pmdsl.diagnostics import Finding, PmdslError

INTERRUPTED = 130
ISSUES = "please report it with what you ran: run it again with PMDSL_DEBUG=1 to see where it happened"


def guarded(args: Sequence[str]) -> int:
    """The status of a command line; PMDSL_DEBUG=1 lets unexpected exceptions through."""
    try:
        status = cli.main(list(args), prog_name="pmdsl", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except PmdslError as error:
        report(error.findings)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        report([usage(error)])
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("\n")
        return INTERRUPTED
    except BrokenPipeError:
        return quiet()
    except Exception as problem:
        if os.environ.get("PMDSL_DEBUG") == "1":
            raise
        report([unexpected(problem)])
    return 2


def usage(error: click.ClickException) -> Finding:
    """A command that was typed wrongly, with where its help is."""
    context = getattr(error, "ctx", None)
    hint = f"see `{context.command_path} --help`" if context is not None else "see `pmdsl --help`"
    return Finding("PM909", error.format_message().rstrip("."), hint=hint)


def unexpected(problem: Exception) -> Finding:
    """A mistake of our own."""
    text = str(problem).splitlines()[0][:200] if str(problem) else ""
    return Finding(
        "PM901", f"{type(problem).__name__}: {text}" if text else type(problem).__name__, hint=ISSUES
    )


def quiet() -> int:
    """Whoever read our output has gone: nothing is left to say, and nothing may be said about it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
