"""The neutral tree of a YAML or JSON text: every scalar is text, every node knows its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pmdsl.diagnostics import Label
from pmdsl.portfolio.report import Report
from pmdsl.source import Source, Span

MAX_DEPTH = 64
MAX_NODES = 2_000_000
MAX_CHARACTERS = 64 * 1024 * 1024
MAX_SCALAR = 4096


class UnreadableError(Exception):
    """A tree cannot be read on; what is wrong has been reported. Never leaves the readers of trees."""


@dataclass(frozen=True, eq=False)
class Scalar:
    """One value as it was written. `quoted`: it stood in quotes, so it is text whatever it looks like."""

    source: Source
    start: int
    end: int
    text: str
    quoted: bool

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")

    @property
    def is_truth(self) -> bool:
        return not self.quoted and self.text in ("true", "false")


@dataclass(frozen=True, eq=False)
class Listing:
    """A sequence of nodes."""

    source: Source
    start: int
    end: int
    items: tuple[Node, ...]

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


@dataclass(frozen=True, eq=False)
class Mapping:
    """Keys and their nodes in the order of the text; the keys differ."""

    source: Source
    start: int
    end: int
    entries: tuple[tuple[Scalar, Node], ...]

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @cached_property
    def by_key(self) -> dict[str, Node]:
        return {key.text: node for key, node in self.entries}

    def get(self, key: str) -> Node | None:
        """The node under a key, or None where the key is missing."""
        return self.by_key.get(key)

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)


Node = Scalar | Listing | Mapping


def describe(node: Node) -> str:
    """What a node is, in the words of an error message."""
    if isinstance(node, Listing):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if node.is_null:
        return "nothing"
    text = node.text if len(node.text) <= 40 else node.text[:37] + "..."
    return f"the text {quote(text)}" if node.quoted else f"`{printable(text)}`"


def quote(text: str) -> str:
    """A text in double quotes, with what cannot be seen spelt out."""
    return '"' + printable(text) + '"'


def printable(text: str) -> str:
    """A text in which characters that cannot be seen are spelt out."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def report_duplicate(key: Scalar, seen: dict[str, Scalar], report: Report) -> None:
    """Report a key that stands twice in one mapping; remember it otherwise."""
    first = seen.setdefault(key.text, key)
    if first is not key:
        label = Label(first.span, "first written here")
        report.add("PM606", f"the key `{key.text}` stands twice in one mapping", key.span, labels=[label])
