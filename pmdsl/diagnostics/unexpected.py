"""A mistake of our own as a finding."""

from __future__ import annotations

from pmdsl.diagnostics.finding import Finding

CODE = "PM901"
ISSUES = "please report it with what you ran: run it again with PMDSL_DEBUG=1 to see where it happened"


def unexpected(problem: Exception, where: str = "") -> Finding:
    """An exception that nobody expected, told in a line; `where` says over what it happened."""
    text = str(problem).splitlines()[0][:200] if str(problem) else ""
    message = f"{type(problem).__name__}: {text}" if text else type(problem).__name__
    return Finding(CODE, f"{message}, at {where}" if where else message, hint=ISSUES)
