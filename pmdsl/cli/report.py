"""Findings on standard error, one after the other, with their places."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from pmdsl.diagnostics import Finding
from pmdsl.diagnostics.render import render_text


def report(findings: Iterable[Finding]) -> None:
    """Tell findings on standard error, each once; in colour only on a terminal."""
    text = render_text(dict.fromkeys(findings), colour(sys.stderr.isatty()))
    if text:
        sys.stderr.write(text + "\n" if not text.endswith("\n") else text)


def colour(is_terminal: bool) -> bool:
    """Whether to write in colour: on a terminal, unless NO_COLOR or TERM says otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    return (is_terminal and os.environ.get("TERM") != "dumb") or bool(os.environ.get("FORCE_COLOR"))
