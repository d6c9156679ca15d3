"""The LALR machine: tokens in, syntax tree out, with every stack open to whoever mends an error.

At a reduction the node is built at once from the values on the stack: no tree in between and no recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pmdsl.source import Source, Span
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.tables import EXPAND, NOTHING, Rule, Tables

Builder = Callable[[Span, list[Any]], Any]


@dataclass(frozen=True)
class Snapshot:
    """The stacks as they were."""

    states: list[int]
    values: list[Any]
    starts: list[int]
    ends: list[int]


class Machine:
    """The stacks of a parse. `values[i]` came with `states[i + 1]` and spans `starts[i]` to `ends[i]`."""

    def __init__(self, tables: Tables, builders: Mapping[str, Builder], source: Source) -> None:
        self.tables = tables
        self.builders = builders
        self.source = source
        self.states: list[int] = [tables.start]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    @property
    def is_done(self) -> bool:
        """Whether the whole file is one value."""
        return self.states[-1] == self.tables.end

    def kind_here(self, token: Token) -> str:
        """What a token is in this state: a word is a keyword or a name, a bar begins a row or a cell."""
        row = self.tables.actions[self.states[-1]]
        if token.kind in row:
            return token.kind
        if token.kind == "ROWBAR" and "BAR" in row:
            return "BAR"
        if token.text in self.tables.keywords and "NAME" in row:
            return "NAME"
        return token.kind

    def feed(self, token: Token) -> bool:
        """Take a token; False where it cannot stand here, and then the stacks are as good as untouched."""
        kind = self.kind_here(token)
        actions = self.tables.actions
        while True:
            action = actions[self.states[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                self.push(action, token, token.start, token.end)
                return True
            self.reduce(self.tables.rules[~action])
            if kind == END and self.is_done:
                return True

    def push(self, state: int, value: Any, start: int, end: int) -> None:
        self.states.append(state)
        self.values.append(value)
        self.starts.append(start)
        self.ends.append(end)

    def reduce(self, rule: Rule) -> None:
        """Replace what a rule is made of by what it makes."""
        size = rule.size
        start, end = self.starts[-size], self.ends[-1]
        value = self.build(rule, self.values[-size:], start, end)
        del self.states[-size:], self.values[-size:], self.starts[-size:], self.ends[-size:]
        self.push(self.tables.actions[self.states[-1]][rule.origin], value, start, end)

    def build(self, rule: Rule, values: list[Any], start: int, end: int) -> Any:
        parts = gather(rule, values)
        if rule.through and len(parts) == 1:
            return parts[0]
        if rule.name.startswith("_"):
            return parts
        return self.builders[rule.name](Span(self.source, start, end), parts)

    def accepts(self, kind: str, depth: int | None = None) -> bool:
        """Whether a terminal may come next, once the stack is cut to a depth."""
        stack = self.states[:depth]
        while True:
            action = self.tables.actions[stack[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                return True
            rule = self.tables.rules[~action]
            del stack[-rule.size :]
            stack.append(self.tables.actions[stack[-1]][rule.origin])
            if stack[-1] == self.tables.end:
                return kind == END

    def expected(self) -> set[str]:
        """Every terminal that may come next."""
        candidates = [name for name in self.tables.actions[self.states[-1]] if name.isupper() or name == END]
        return {name for name in candidates if self.accepts(name)}

    def cut(self, depth: int) -> None:
        """Forget everything above a depth of the stack of states."""
        del self.states[depth:], self.values[depth - 1 :], self.starts[depth - 1 :], self.ends[depth - 1 :]

    def snapshot(self) -> Snapshot:
        values = [list(value) if isinstance(value, list) else value for value in self.values]
        return Snapshot(list(self.states), values, list(self.starts), list(self.ends))

    def restore(self, kept: Snapshot) -> None:
        self.states, self.values = list(kept.states), list(kept.values)
        self.starts, self.ends = list(kept.starts), list(kept.ends)


def gather(rule: Rule, values: list[Any]) -> list[Any]:
    """The parts that a builder is handed: lists spliced in, None for what was left out."""
    parts: list[Any] = []
    for action, position in rule.picks:
        if action == EXPAND:
            parts = splice(parts, values[position])
        else:
            parts.append(None if action == NOTHING else values[position])
    return parts


def splice(parts: list[Any], more: list[Any]) -> list[Any]:
    """Both lists as one; a long list that grows at its end is grown in place."""
    if not parts:
        return more
    parts.extend(more)
    return parts
