"""The edition that a file is written in."""

from __future__ import annotations

from pmdsl.diagnostics import Finding
from pmdsl.source import Span
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.log import Log

EDITION = "1"


def check_edition(tokens: list[Token], log: Log) -> None:
    """Only the first edition exists."""
    if len(tokens) < 2 or tokens[0].kind != "PMDSL" or tokens[1].kind != "NUMBER":
        return
    number = tokens[1]
    if number.text != EDITION:
        span = Span(log.source, number.start, number.end)
        hint = f"write `pmdsl {EDITION}`, or read this file with a later version"
        log.report(Finding("PM140", f"there is no edition {number.text}", span, hint=hint))
