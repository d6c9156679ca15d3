"""The printed text as entries: what comments are put beside and blank lines are kept between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pmdsl.syntax import ast

WIDTH = 110
INDENT = 2
STATEMENT_DEPTH = 1
HEADER = (ast.Title, ast.Version, ast.Currency, ast.Covers, ast.Extends, ast.Lots)


@dataclass(frozen=True)
class Entry:
    """A statement or a part of a block, on its own lines; a block has its parts between `lines` and `tail`.

    Its lines are indented relative to the block that it stands in.
    """

    node: ast.Node
    lines: tuple[str, ...]
    parts: tuple[Entry, ...] | None = None
    tail: tuple[str, ...] = ()


class Layout:
    """What the printer asks about the text that is being formatted; here, that there is none."""

    def parts_from_above(self, node: ast.Node) -> bool:
        """Whether a blank line stands above a node, so that it is not aligned with what is above."""
        return False

    def holds_comment(self, node: ast.Node) -> bool:
        """Whether a comment stands between the braces of a block, so that it cannot be put on one line."""
        return False


def entry_lines(entries: tuple[Entry, ...], depth: int = 0) -> Iterator[str]:
    """The lines of entries at a depth of indentation, without any comments."""
    previous: Entry | None = None
    for entry in entries:
        if previous is not None and depth == STATEMENT_DEPTH and stands_apart(entry, previous):
            yield ""
        yield from (indented(line, depth) for line in entry.lines)
        if entry.parts is not None:
            yield from entry_lines(entry.parts, depth + 1)
        yield from (indented(line, depth) for line in entry.tail)
        previous = entry


def stands_apart(entry: Entry, previous: Entry) -> bool:
    """Whether a statement is set off by a blank line, where no text says otherwise."""
    if entry.parts is not None or previous.parts is not None:
        return True
    return family_of(entry.node) is not family_of(previous.node)


def family_of(node: ast.Node) -> type[ast.Node]:
    """Statements of one family stand together."""
    if isinstance(node, HEADER):
        return ast.Title
    return ast.TestMember if isinstance(node, ast.TestMember) else type(node)


def indented(line: str, depth: int) -> str:
    return f"{'':{INDENT * depth}}{line}" if line else ""
