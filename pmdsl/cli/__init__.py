"""The command line. `main` is the only way in; nothing is imported before it is needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

VERSION_FLAGS = (["--version"], ["-V"])


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its status: 0 fine, 1 a finding, 2 bad input or usage."""
    keep_output_clean()
    sys.exit(run(sys.argv[1:] if argv is None else list(argv)))


def keep_output_clean() -> None:
    """Take standard output for our own: what libraries print past Python, as solvers do, is not in it.

    A line of theirs in the middle would spoil JSON and tables.
    """
    nobody = os.open(os.devnull, os.O_WRONLY)
    if sys.stdout is None:
        sys.stdout = os.fdopen(nobody, "w", encoding="utf-8")
        return
    ours = os.dup(sys.stdout.fileno())
    os.dup2(nobody, sys.stdout.fileno())
    os.close(nobody)
    sys.stdout = os.fdopen(ours, "w", 1 if os.isatty(ours) else -1, sys.stdout.encoding, sys.stdout.errors)


def run(args: Sequence[str]) -> int:
    """The status of a command line. Nothing is raised: whatever goes wrong is told on standard error."""
    if list(args) in VERSION_FLAGS:
        from pmdsl.version import __version__

        sys.stdout.write(f"pmdsl {__version__}\n")
        return 0
    from pmdsl.cli.boundary import guarded

    return guarded(args)
