"""What would be accepted: the machine run on a copy of its states, with nothing built."""

from __future__ import annotations

from collections.abc import Iterable

from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.machine import Machine, kinds_in
from pmdsl.syntax.tables import Tables


def step(tables: Tables, states: list[int], kind: str) -> bool:
    """Take a terminal, changing the states; False where it cannot stand."""
    while True:
        action = tables.actions[states[-1]].get(kind)
        if action is None:
            return False
        if action >= 0:
            states.append(action)
            return True
        rule = tables.rules[~action]
        del states[-rule.size :]
        states.append(tables.actions[states[-1]][rule.origin])
        if states[-1] == tables.end:
            return kind == END


def accepted(machine: Machine, tokens: Iterable[Token], depth: int | None = None) -> int:
    """How many of the tokens could be taken, one after the other, once the stack is cut to a depth."""
    states = machine.states[:depth]
    count = 0
    for token in tokens:
        following = after(machine.tables, states, token)
        if following is None:
            break
        states = following
        count += 1
    return count


def after(tables: Tables, states: list[int], token: Token) -> list[int] | None:
    """The states after a token; None where it cannot stand."""
    for kind in kinds_in(tables.actions[states[-1]], token, tables):
        tried = states[:]
        if step(tables, tried, kind):
            return tried
    return None


def accepts(machine: Machine, kind: str, depth: int | None = None) -> bool:
    """Whether a terminal may come next, once the stack is cut to a depth."""
    return step(machine.tables, machine.states[:depth], kind)


def expected(machine: Machine, depth: int | None = None) -> frozenset[str]:
    """Every terminal that may come next, once the stack is cut to a depth."""
    row = machine.tables.actions[machine.states[:depth][-1]]
    names = [name for name in row if name.isupper() or name == END]
    return frozenset(name for name in names if accepts(machine, name, depth))
