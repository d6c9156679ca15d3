"""The lines that a finding is about, with the places on them underlined."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pmdsl.source import Source, Span

WIDEST = 140
CONTEXT = 60


@dataclass(frozen=True)
class Mark:
    """A place to underline: with `^` and no words for the finding itself, with `-` and words beside it."""

    span: Span
    sign: str
    text: str = ""


def excerpt(source: Source, marks: Sequence[Mark]) -> Iterator[str]:
    """The marked lines of a source, with their numbers; `...` stands for lines that are left out between."""
    lines = sorted({mark.span.line for mark in marks})
    width = len(str(lines[-1]))
    yield f"{'':{width}} |"
    previous = lines[0]
    for line in lines:
        if line > previous + 1:
            yield "..."
        yield from marked_line(source, line, [mark for mark in marks if mark.span.line == line], width)
        previous = line


def marked_line(source: Source, line: int, marks: Sequence[Mark], width: int) -> Iterator[str]:
    """One line and, below it, one line for each mark on it."""
    text = source.line_text(line)
    start = source.line_starts[line - 1]
    first, last = window(text, min(mark.span.start for mark in marks) - start)
    shown = visible(text[first:last])
    ellipsis = "…" if first else ""
    yield f"{line:{width}} | {ellipsis}{shown}{'…' if last < len(text) else ''}".rstrip()
    for mark in sorted(marks, key=lambda mark: mark.sign != "^"):
        left = min(max(mark.span.start - start, first), last)
        right = min(max(mark.span.end - start, left), last)
        pad = blank(ellipsis + text[first:left])
        under = mark.sign * max(columns(text[left:right]), 1)
        yield f"{'':{width}} | {pad}{under} {mark.text}".rstrip()


def window(text: str, place: int) -> tuple[int, int]:
    """The part of a long line that is shown around a place."""
    if len(text) <= WIDEST:
        return 0, len(text)
    first = max(0, min(place - CONTEXT, len(text) - WIDEST))
    return first, min(len(text), first + WIDEST)


def visible(text: str) -> str:
    """The text with whatever cannot be seen, or would move the cursor, told by its code point."""
    return "".join(shown(character) for character in text)


def shown(character: str) -> str:
    if character == "\t" or unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"):
        return character
    return f"<U+{ord(character):04X}>"


def blank(text: str) -> str:
    """Blanks as wide as a text; a tab stays a tab."""
    return "".join("\t" if character == "\t" else " " * columns(character) for character in text)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(column_width(character) for character in text)


def column_width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character):
        return 0
    told = len(shown(character))
    return told if told > 1 else 2 if unicodedata.east_asian_width(character) in "WF" else 1
