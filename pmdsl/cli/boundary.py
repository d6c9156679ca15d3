"""The one place where errors end: findings are told, and no traceback reaches a user."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from pmdsl.cli.group import cli
from pmdsl.cli.report import report
from pmdsl.diagnostics import Finding, PmdslError
from pmdsl.diagnostics.unexpected import CODE, unexpected

INTERRUPTED = 130
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def guarded(args: Sequence[str]) -> int:
    """The status of a command line; PMDSL_DEBUG=1 lets unexpected exceptions through."""
    try:
        status = cli.main(list(args), prog_name="pmdsl", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except PmdslError as error:
        if debugging() and any(finding.code == CODE for finding in error.findings):
            raise
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
        if debugging():
            raise
        report([full(problem) or unexpected(problem)])
    return 2


def usage(error: click.ClickException) -> Finding:
    """A command that was typed wrongly, with where its help is."""
    context = getattr(error, "ctx", None)
    hint = f"see `{context.command_path} --help`" if context is not None else "see `pmdsl --help`"
    return Finding("PM909", error.format_message().rstrip("."), hint=hint)


def full(problem: Exception) -> Finding | None:
    """Output for which there was no room; nothing more of it is written. None for anything else."""
    if not isinstance(problem, OSError) or problem.errno not in NO_ROOM:
        return None
    quiet()
    return Finding("PM904", f"the output cannot be written: {problem.strerror}")


def debugging() -> bool:
    """Whether whoever calls wants to see where a mistake of ours happened."""
    return os.environ.get("PMDSL_DEBUG") == "1"


def quiet() -> int:
    """Whoever read our output has gone: nothing is left to say, and nothing may be said about it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
