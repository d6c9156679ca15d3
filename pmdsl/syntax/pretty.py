"""Lays out text within a width: documents of words, places for line breaks, and groups that break as one.

After Wadler, "A prettier printer": a group stands on one line where it fits, else each of its breaks
is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Words without a line break."""

    text: str


@dataclass(frozen=True)
class Break:
    """A line break, or what stands for it where the group fits on one line."""

    flat: str = " "


@dataclass(frozen=True)
class Concat:
    """Parts, one after the other."""

    parts: tuple[Doc, ...]


@dataclass(frozen=True)
class Nest:
    """A part whose breaks are indented further."""

    amount: int
    inner: Doc


@dataclass(frozen=True)
class Align:
    """A part whose breaks are indented to the column where it begins."""

    inner: Doc


@dataclass(frozen=True)
class Group:
    """A part that stands on one line where it fits."""

    inner: Doc


Doc = Text | Break | Concat | Nest | Align | Group
Pending = tuple[int, bool, Doc]

LINE = Break()


def concat(*parts: Doc | str) -> Concat:
    return Concat(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def join(separator: Doc | str, parts: Sequence[Doc]) -> Concat:
    """The parts with a separator between each two."""
    found: list[Doc | str] = []
    for part in parts:
        if found:
            found.append(separator)
        found.append(part)
    return concat(*found)


def fill(separator: Doc, words: Sequence[str]) -> Concat:
    """Words with a separator between each two, as many on a line as fit."""
    parts: list[Doc] = []
    for word in words:
        parts.append(Group(concat(separator, word)) if parts else Text(word))
    return Concat(tuple(parts))


def render(doc: Doc, width: int, column: int = 0) -> list[str]:
    """The lines of a document that begins at a column; the first one without what stands before it."""
    lines: list[str] = []
    current: list[str] = []
    place = column
    pending: list[Pending] = [(column, False, doc)]
    while pending:
        indent, flat, part = pending.pop()
        if isinstance(part, Text) or (isinstance(part, Break) and flat):
            text = part.text if isinstance(part, Text) else part.flat
            current.append(text)
            place += len(text)
        elif isinstance(part, Break):
            lines.append("".join(current).rstrip())
            current, place = [" " * indent], indent
        elif isinstance(part, Group):
            fits_here = flat or fits(width - place, [(indent, True, part.inner)], pending)
            pending.append((indent, fits_here, part.inner))
        else:
            pending.extend(opened(indent, flat, part, place))
    return [*lines, "".join(current).rstrip()]


def opened(indent: int, flat: bool, part: Concat | Nest | Align, place: int) -> Iterable[Pending]:
    """The parts of a part, the last one first."""
    if isinstance(part, Concat):
        return [(indent, flat, inner) for inner in reversed(part.parts)]
    if isinstance(part, Nest):
        return [(indent + part.amount, flat, part.inner)]
    return [(place, flat, part.inner)]


def fits(room: int, first: list[Pending], rest: Sequence[Pending]) -> bool:
    """Whether something, and what follows it up to the next possible break, fits in the room that is left."""
    pending = list(first)
    following = len(rest)
    while room >= 0:
        if not pending:
            if not following:
                return True
            following -= 1
            pending.append(rest[following])
        indent, flat, part = pending.pop()
        if isinstance(part, Text):
            room -= len(part.text)
        elif isinstance(part, Break):
            if not flat:
                return True
            room -= len(part.flat)
        elif isinstance(part, Group):
            pending.append((indent, flat, part.inner))
        else:
            pending.extend(opened(indent, flat, part, 0))
    return False


def flat(doc: Doc) -> str:
    """The document on one line, however long."""
    return "".join(render(Group(doc), 10**9))
