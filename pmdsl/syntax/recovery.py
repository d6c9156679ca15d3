"""Panic-mode recovery: after an error, where does the text make sense again?"""

from __future__ import annotations

from pmdsl.diagnostics import Findings
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.machine import Machine

RESUME = frozenset(
    {
        "METHODOLOGY",
        "TEST",
        "TITLE",
        "VERSION",
        "CURRENCY",
        "COVERS",
        "EXTENDS",
        "LOTS",
        "SOURCE",
        "KIND",
        "SET",
        "INPUT",
        "LEVELS",
        "LEVEL",
        "GROUP",
        "SCENARIOS",
        "PARAM",
        "PARAMS",
        "UNIQUE",
        "FIRST",
        "COLLECT",
        "TABLE",
        "MATRIX",
        "PAIR",
        "FORMULA",
        "PRICING",
        "STEP",
        "REQUIRE",
        "REPORT",
        "ELIGIBLE",
        "ALERT",
        "CHECK",
        "OVERRIDE",
        "REMOVE",
        "CITE",
        "BECAUSE",
        "UNVERIFIED",
        "STRICTER",
        "FROM",
        "COLUMN",
        "DEFAULT",
        "USING",
        "ON",
        "RATE",
        "EXPECT",
        "ROWBAR",
        "RBRACE",
    }
)


def recover(machine: Machine, tokens: list[Token], position: int, findings: Findings) -> int:
    """Report the token that cannot stand, cut the stacks, and say at which token to go on."""
    token = tokens[position]
    found = "the end of the file" if token.kind == END else f"`{token.text}`"
    findings.add("PM101", f"{found} cannot stand here", Span(machine.source, token.start, token.end))
    inner = 0
    for index in range(position, len(tokens)):
        kind = tokens[index].kind
        if kind == "RBRACE" and inner:
            inner -= 1
        elif kind == "LBRACE":
            inner += 1
        elif not inner and index > position and kind in RESUME and cut_for(machine, kind):
            return index
    return len(tokens)


def cut_for(machine: Machine, kind: str) -> bool:
    """Cut the stacks back to where a terminal may stand; False where that is nowhere."""
    for depth in range(len(machine.states), 0, -1):
        if machine.accepts(kind, depth):
            machine.cut(depth)
            return True
    return False


def salvage(machine: Machine) -> ast.File:
    """The file, or what there is of it where its end was never reached."""
    if machine.is_done and isinstance(machine.values[-1], ast.File):
        return machine.values[-1]
    return ast.File(edition="1", items=())
