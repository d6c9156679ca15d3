"""What every node is, and how a tree is walked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from functools import cache

from pmdsl.source import Source, Span

NOWHERE = Span(Source("", ""), 0, 0)
WORD = re.compile(r"\w+")
# What a field says of itself that holds no node.
PLAIN = frozenset({"str", "int", "bool", "date", "Fraction", "None", "tuple", "Span"})


@dataclass(frozen=True, kw_only=True)
class Node:
    """Anything that was written, with its place."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Expr(Node):
    """An expression."""


@dataclass(frozen=True)
class Name(Node):
    """A name that is declared or referred to, with its own place."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Comment(Node):
    """A comment with its `#`."""

    text: str


@cache
def parts_of(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold nodes."""
    return tuple(spec.name for spec in fields(kind) if not PLAIN.issuperset(WORD.findall(str(spec.type))))


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in the order of its fields."""
    found: list[Node] = []
    for name in parts_of(type(node)):  # type: ignore[arg-type]
        value = getattr(node, name)
        if value is not None:
            collect_nodes(value, found)
    return found


def collect_nodes(value: object, found: list[Node]) -> None:
    """Add the nodes in a field's value, which may be a node or tuples of them."""
    if isinstance(value, tuple):
        for item in value:
            collect_nodes(item, found)
    elif isinstance(value, Node):
        found.append(value)


def walk(node: Node) -> list[Node]:
    """A node and everything below it, parents first."""
    found = [node]
    for position in found:
        found.extend(children(position))
    return found
