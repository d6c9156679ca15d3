"""Parts of a block that may be said once."""

from __future__ import annotations

from typing import Any

from pmdsl.diagnostics import Finding, Label
from pmdsl.syntax import ast
from pmdsl.syntax.build_parts import Because, Default, Unverified
from pmdsl.syntax.build_strategies import Balanced, Condition, Same
from pmdsl.syntax.log import Log

ONCE: tuple[tuple[type[ast.Node], str], ...] = (
    (ast.Stricter, "stricter"),
    (Default, "default"),
    (Because, "because"),
    (Unverified, "unverified"),
    (Same, "same"),
    (Condition, "where"),
    (Balanced, "balanced by"),
)
HINTS = {
    "stricter": "join them with a comma",
    "same": "join them with a comma",
    "balanced by": "join them with a comma",
    "where": "join them with `and`",
}


def check_once(parts: list[Any], log: Log) -> None:
    """Report a part of a block, or a note, that stands twice: only one of them would count."""
    if len(parts) < 2:
        return
    for kind, word in ONCE:
        found = [part for part in parts if isinstance(part, kind)]
        for again in found[1:]:
            label = Label(found[0].span, "the first one")
            log.report(Finding("PM143", f"`{word}` is said twice", again.span, (label,), HINTS.get(word)))
