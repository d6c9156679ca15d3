"""What rows can ask of one value, cut into finitely many parts ("atoms") that nothing tells apart further.

A word of a closed kind is an atom; so is the stretch between two numbers that a table names, and "any other
word" where values from outside are possible. Whatever is proved over all atoms holds for all values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property, reduce
from operator import or_
from typing import Any

from pmdsl.plan.nodes import Node

OTHER = "any other"
Point = str | Fraction


@dataclass(frozen=True)
class Atom:
    """Values that nothing tells apart: `value` is one of them, `says` how a message names them.

    For a stretch of numbers `low` and `high` are its open ends, for a single number both are that number.
    """

    value: Point
    says: str = ""
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Dimension:
    """One value that rows ask about: the node that it is, its atoms, and what is known of it.

    `closed`: no value outside the atoms is possible. `free`: it comes from the book as it is, so that every
    combination with other free values is possible. `listed`: numbers named one by one, so that those
    between them are not meant.
    """

    node: int
    name: str
    atoms: tuple[Atom, ...]
    closed: bool
    free: bool
    listed: bool = False
    base: str = "text"

    @cached_property
    def every(self) -> int:
        """All atoms, as bits."""
        return (1 << len(self.atoms)) - 1

    @cached_property
    def places(self) -> Mapping[Point, int]:
        """Where the atom of each single value stands."""
        return {atom.value: i for i, atom in enumerate(self.atoms)}


@dataclass
class Mentioned:
    """What rows say about one value: words, and edges of ranges."""

    words: dict[str, None] = field(default_factory=dict)
    edges: set[Fraction] = field(default_factory=set)
    singles: bool = False
    apart: bool = False

    def pattern(self, pattern: Mapping[str, Any], base: str) -> None:
        """Take in what a key cell says."""
        for text in pattern.get("is", ()):
            self.say(text, base)
            self.singles = True
        for edge in (pattern.get("from"), pattern.get("to")):
            if edge is not None:
                self.say(edge, base)

    def say(self, text: str, base: str) -> None:
        value = point_of(text, base)
        if isinstance(value, Fraction):
            self.edges.add(value)
        elif value is not None:
            self.words[value] = None


def point_of(text: str, base: str) -> Point | None:
    """The value that a plan writes as a text.

    None where it is not well formed, which has been reported then.
    """
    if base not in ("number", "date"):
        return text
    try:
        return Fraction(date.fromisoformat(text).toordinal()) if base == "date" else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def word_atoms(mentioned: Mentioned, possible: tuple[str, ...] | None, apart: bool) -> tuple[Atom, ...]:
    """The atoms of a word: those mentioned one by one, the rest of a closed list together, or `any other`."""
    if possible is None:
        return (*(Atom(word, word) for word in mentioned.words), Atom(OTHER, OTHER))
    if apart:
        return tuple(Atom(word, word) for word in possible)
    named = [word for word in possible if word in mentioned.words]
    rest = [word for word in possible if word not in mentioned.words]
    joined = [Atom(rest[0], ", ".join(rest))] if rest else []
    return (*(Atom(word, word) for word in named), *joined)


def number_atoms(edges: Iterable[Fraction], base: str) -> tuple[Atom, ...]:
    """The stretches between the edges, and the edges themselves, from the lowest up."""
    cuts = sorted(edges)
    if not cuts:
        return (Atom(Fraction(0)),)
    found = [Atom(cuts[0] - 1, high=cuts[0])]
    for low, high in zip(cuts, [*cuts[1:], None], strict=True):
        found.append(Atom(low, low=low, high=low))
        if high is None:
            found.append(Atom(low + 1, low=low))
        elif base != "date":
            found.append(Atom((low + high) / 2, low=low, high=high))
        elif high - low > 1:
            found.append(Atom(low + 1, low=low, high=high))
    return tuple(found)


def accepted(pattern: Mapping[str, Any], dimension: Dimension) -> int:
    """The atoms that a key cell lets through, as bits."""
    base, places = dimension.base, dimension.places
    if "is" in pattern:
        values = (point_of(text, base) for text in pattern["is"])
        return reduce(or_, (1 << places[v] for v in values if v is not None and v in places), 0)
    return sum(1 << i for i, atom in enumerate(dimension.atoms) if in_range(pattern, atom.value, base))


def in_range(pattern: Mapping[str, Any], value: Point, base: str) -> bool:
    """Whether a value lies between the edges of a range."""
    assert isinstance(value, Fraction)
    low, high = (
        point_of(edge, base) if edge is not None else None for edge in (pattern["from"], pattern["to"])
    )
    above = not isinstance(low, Fraction) or (value > low if pattern["from_open"] else value >= low)
    below = not isinstance(high, Fraction) or (value <= high if pattern["to_closed"] else value < high)
    return above and below


def starts_at_zero(dimension: Dimension) -> bool:
    """Whether a table's ranges begin at nought, so that nothing below it is meant."""
    return len(dimension.atoms) > 1 and dimension.atoms[0].low is None and dimension.atoms[0].high == 0


def is_free(index: int, nodes: list[Node]) -> bool:
    """Whether a value comes from the book or names a group, and is not worked out from other values."""
    while nodes[index].op in ("same", "agree", "down"):
        index = nodes[index].inputs[0]
    return nodes[index].op in ("input", "key", "point")
