"""The LALR machine: tokens in, syntax tree out, with every stack open to whoever mends an error.

At a reduction the node is built at once from the values on the stack: no tree in between and no recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pmdsl.source import Source, Span
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.tables import EXPAND, NOTHING, Rule, Tables

Builder = Callable[[Span, list[Any]], Any]


class Chain(NamedTuple):
    """A list that is still growing: what came before, and what was added. It is never changed."""

    before: Chain | None
    parts: list[Any]

    def flat(self) -> list[Any]:
        """All parts in order."""
        links = [self.parts]
        chain = self.before
        while chain is not None:
            links.append(chain.parts)
            chain = chain.before
        return [part for link in reversed(links) for part in link]


class Snapshot(NamedTuple):
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
        """What a token is most likely in this state."""
        return kinds_in(self.top, token, self.tables)[0]

    @property
    def top(self) -> Mapping[str, int]:
        """The actions of the state that is on top."""
        return self.tables.actions[self.states[-1]]

    def feed(self, token: Token) -> bool:
        """Take a token; False where it cannot stand here, and then the stacks are as they were."""
        return any(self.take(token, kind) for kind in kinds_in(self.top, token, self.tables))

    def take(self, token: Token, kind: str) -> bool:
        """Take a token as what it is said to be; False where that cannot stand here."""
        action = self.tables.actions[self.states[-1]].get(kind)
        if action is None:
            return False
        kept = self.snapshot() if action < 0 else None
        while action is not None and action < 0:
            self.reduce(self.tables.rules[~action])
            if kind == END and self.is_done:
                return True
            action = self.tables.actions[self.states[-1]].get(kind)
        if action is not None:
            shifted = token if kind == token.kind else token._replace(kind=kind)
            self.push(action, shifted, token.start, token.end)
        elif kept is not None:
            self.restore(kept)
        return action is not None

    def push(self, state: int, value: Any, start: int, end: int) -> None:
        self.states.append(state)
        self.values.append(value)
        self.starts.append(start)
        self.ends.append(end)

    def reduce(self, rule: Rule) -> None:
        """Replace what a rule is made of by what it makes."""
        size = rule.size
        if rule.unit:
            self.states[-1] = self.tables.actions[self.states[-2]][rule.origin]
            return
        start, end = self.starts[-size], self.ends[-1]
        value = self.build(rule, self.values[-size:], start, end)
        del self.states[-size:], self.values[-size:], self.starts[-size:], self.ends[-size:]
        self.push(self.tables.actions[self.states[-1]][rule.origin], value, start, end)

    def build(self, rule: Rule, values: list[Any], start: int, end: int) -> Any:
        if rule.name.startswith("_"):
            return link(rule, values)
        parts = gather(rule, values)
        if rule.through and len(parts) == 1:
            return parts[0]
        return self.builders[rule.name](Span(self.source, start, end), parts)

    def settle(self, kind: str) -> None:
        """Reduce as far as a terminal that may come next allows, without taking it."""
        action = self.tables.actions[self.states[-1]].get(kind)
        while action is not None and action < 0:
            self.reduce(self.tables.rules[~action])
            action = self.tables.actions[self.states[-1]].get(kind)

    def cut(self, depth: int) -> None:
        """Forget everything above a depth of the stack of states."""
        del self.states[depth:], self.values[depth - 1 :], self.starts[depth - 1 :], self.ends[depth - 1 :]

    def snapshot(self) -> Snapshot:
        """The stacks as they are, to come back to."""
        return Snapshot(self.states[:], self.values[:], self.starts[:], self.ends[:])

    def restore(self, kept: Snapshot) -> None:
        self.states, self.values = kept.states[:], kept.values[:]
        self.starts, self.ends = kept.starts[:], kept.ends[:]


def kinds_in(row: Mapping[str, int], token: Token, tables: Tables) -> tuple[str, ...]:
    """What a token may be where a row of the table gives the actions, the likelier first.

    A bar begins a row or closes a cell. A word is a keyword or a name: the table cannot always tell, since it
    lists what may follow in any context.
    """
    kind = token.kind
    if kind == "ROWBAR" and kind not in row and "BAR" in row:
        return ("BAR",)
    if token.firm or "NAME" not in row or token.text not in tables.keywords:
        return (kind,)
    if kind not in row:
        return ("NAME",)
    return ("NAME", kind) if token.labels else (kind, "NAME")


def link(rule: Rule, values: list[Any]) -> Chain:
    """A list with one more turn of its repetition."""
    if rule.picks[0] == (EXPAND, 0):
        return Chain(values[0], [pick_one(pick, values) for pick in rule.picks[1:]])
    return Chain(None, [pick_one(pick, values) for pick in rule.picks])


def gather(rule: Rule, values: list[Any]) -> list[Any]:
    """The parts that a builder is handed: lists spliced in, None for what was left out."""
    parts: list[Any] = []
    for pick in rule.picks:
        if pick[0] == EXPAND:
            parts.extend(values[pick[1]].flat())
        else:
            parts.append(pick_one(pick, values))
    return parts


def pick_one(pick: tuple[int, int], values: list[Any]) -> Any:
    return None if pick[0] == NOTHING else values[pick[1]]
