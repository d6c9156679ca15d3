"""The straight way through a text without mistakes: the same tables and builders, nothing to come back to.

Nearly every text is of this kind. Where a token does not fit, the whole way is given up, and `Reader`, which
reports and mends, reads the text from its beginning. `tests/syntax/test_straight.py` holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pmdsl.source import Source, Span
from pmdsl.syntax import ast, probe
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.machine import Builder, kinds_in
from pmdsl.syntax.tables import EXPAND, NOTHING, Rule, Tables

MAX_STACK = 1_000
# A formula of so many characters is most likely an attack: it is not read twice.
LONGEST = 5_000


class Step(NamedTuple):
    """A rule made ready. `plain`: which values are its parts, where these are taken as they stand."""

    origin: str
    size: int
    unit: bool
    lists: bool
    through: bool
    plain: tuple[int, ...] | None
    picks: tuple[tuple[int, int], ...]
    builder: Builder | None


def straight(
    tables: Tables, builders: Mapping[str, Builder], source: Source, tokens: list[Token]
) -> ast.File | None:
    """The file; None where anything is wrong with it, or a formula is very long."""
    actions, keywords = tables.actions, tables.keywords
    steps = [step_of(rule, builders) for rule in tables.rules]
    states: list[int] = [tables.start]
    values: list[Any] = []
    starts: list[int] = []
    ends: list[int] = []
    renamed: dict[tuple[int, int, str], int] = {}
    for token in tokens:
        row, kind = actions[states[-1]], token.kind
        if kind == "ROWBAR" or token.text in keywords:
            kind = chosen(tables, states, token)
        action = row.get(kind)
        while action is not None and action < 0:
            step = steps[~action]
            if step.unit:
                key = (states[-2], action, kind)
                top = renamed.get(key)
                if top is None:
                    top = renamed[key] = rename(tables, states[-2], action, kind)
                states[-1] = top
            else:
                size = step.size
                start, end = starts[-size], ends[-1]
                value = made(step, values[-size:], source, start, end)
                if end - start > LONGEST and isinstance(value, ast.Expr):
                    return None
                del states[-size:], values[-size:], starts[-size:], ends[-size:]
                states.append(actions[states[-1]][step.origin])
                values.append(value)
                starts.append(start)
                ends.append(end)
                if kind == END and states[-1] == tables.end:
                    return value if isinstance(value, ast.File) else None
            action = actions[states[-1]].get(kind)
        if action is None or len(states) > MAX_STACK:
            return None
        states.append(action)
        values.append(token if kind == token.kind else token._replace(kind=kind))
        starts.append(token.start)
        ends.append(token.end)
    return None


def chosen(tables: Tables, states: list[int], token: Token) -> str:
    """What a bar or a word is here: the first that can stand of what it may be."""
    kinds = kinds_in(tables.actions[states[-1]], token, tables)
    if len(kinds) == 1 or probe.step(tables, states[:], kinds[0]):
        return kinds[0]
    return kinds[1]


def rename(tables: Tables, below: int, action: int, kind: str) -> int:
    """The state that a run of rules of one part leads to: a number becomes a factor, a term, a sum."""
    while True:
        rule = tables.rules[~action]
        top = tables.actions[below][rule.origin]
        following = tables.actions[top].get(kind)
        if following is None or following >= 0 or not tables.rules[~following].unit:
            return top
        action = following


def step_of(rule: Rule, builders: Mapping[str, Builder]) -> Step:
    """A rule with its builder at hand."""
    lists = rule.name.startswith("_")
    is_plain = all(pick[0] not in (EXPAND, NOTHING) for pick in rule.picks)
    plain = tuple(pick[1] for pick in rule.picks) if is_plain else None
    builder = builders.get(rule.name)
    return Step(rule.origin, rule.size, rule.unit, lists, rule.through, plain, rule.picks, builder)


def made(step: Step, values: list[Any], source: Source, start: int, end: int) -> Any:
    """What a rule makes of its values: a node, or a list, which grows in place."""
    if step.plain is not None:
        parts = [values[position] for position in step.plain]
    else:
        parts = gathered(step.picks, values)
    if step.lists:
        return parts
    if step.through and len(parts) == 1:
        return parts[0]
    assert step.builder is not None
    return step.builder(Span(source, start, end), parts)


def gathered(picks: tuple[tuple[int, int], ...], values: list[Any]) -> list[Any]:
    """The parts of a rule; a list in the first place goes on growing, and no other value holds it."""
    parts: list[Any] = []
    for how, position in picks:
        if how == NOTHING:
            parts.append(None)
        elif how != EXPAND:
            parts.append(values[position])
        elif parts:
            parts.extend(values[position])
        else:
            parts = values[position]
    return parts
