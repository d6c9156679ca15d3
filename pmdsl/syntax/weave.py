"""Puts comments and blank lines back between printed entries, each beside what it stood beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.layout import Entry, Layout, indented
from pmdsl.syntax.lexer import Token

COMMENT_GAP = 2
FILE_DEPTH = 0


@dataclass(frozen=True)
class SourceLayout(Layout):
    """What the printer asks about the text that is being formatted. `braces`: the offsets that match."""

    source: Source
    comments: tuple[ast.Comment, ...]
    braces: tuple[tuple[int, int], ...]
    openings: dict[int, int]

    def parts_from_above(self, node: ast.Node) -> bool:
        offset = node.span.start
        above = {self.source.line_column(comment.span.start)[0]: comment for comment in self.comments}
        while not self.blank_above(offset):
            comment = above.get(self.source.line_column(offset)[0] - 1)
            if comment is None or not self.begins_line(comment.span.start):
                return False
            offset = comment.span.start
        return True

    def holds_comment(self, node: ast.Node) -> bool:
        opening, closing = self.block_of(node)
        return any(opening < comment.span.start < closing for comment in self.comments)

    def blank_above(self, offset: int) -> bool:
        """Whether a blank line stands above what begins at an offset."""
        before = self.source.text[:offset].rstrip(" \t\r\n")
        return self.source.text.count("\n", len(before), offset) > 1

    def is_set_off(self, offset: int) -> bool:
        """Whether what begins at an offset begins its line, below a blank one."""
        return self.begins_line(offset) and self.blank_above(offset)

    def begins_line(self, offset: int) -> bool:
        start = self.source.text.rfind("\n", 0, offset) + 1
        return not self.source.text[start:offset].strip(" \t\ufeff")

    def same_line(self, start: int, end: int) -> bool:
        return "\n" not in self.source.text[start:end]

    def start_of(self, entry: Entry) -> int:
        """Where an entry begins: the value of a `default` begins with that word, a `where` with its own."""
        start = entry.node.span.start
        before = self.openings.get(start, start)
        word = self.source.text[before:start].split(maxsplit=1)
        return before if word and entry.lines[0].startswith(word[0]) else start

    def block_of(self, node: ast.Node) -> tuple[int, int]:
        """The offsets of the braces of a block."""
        return next(pair for pair in self.braces if pair[0] >= node.span.start)


def matching_braces(tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    """The offsets of each opening brace and its closing one, in the order of the opening ones."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for token in tokens:
        if token.kind == "LBRACE":
            opened.append(token.start)
        elif token.kind == "RBRACE":
            pairs.append((opened.pop(), token.start))
    return tuple(sorted(pairs))


OPENINGS = (("DEFAULT",), ("SAME",), ("WHERE",), ("BALANCED", "BY"))


def values_of_openings(tokens: Sequence[Token]) -> dict[int, int]:
    """Where what follows `default`, `same`, `where` and `balanced by` begins, with where those words do."""
    found: dict[int, int] = {}
    for index, word in enumerate(tokens):
        for kinds in OPENINGS:
            following = tokens[index + len(kinds) :][:1]
            if following and tuple(token.kind for token in tokens[index : index + len(kinds)]) == kinds:
                found[following[0].start] = word.start
    return found


@dataclass
class Beside:
    """The comments of one entry: above it, in the midst of its words, behind its first line, among its parts,
    behind its last line.
    """

    above: list[ast.Comment] = field(default_factory=list)
    inner: list[ast.Comment] = field(default_factory=list)
    head: list[ast.Comment] = field(default_factory=list)
    inside: list[ast.Comment] = field(default_factory=list)
    behind: list[ast.Comment] = field(default_factory=list)


def weave(
    entries: Sequence[Entry], comments: Sequence[ast.Comment], layout: SourceLayout, depth: int = 0
) -> Iterator[str]:
    """The lines of the entries of one block, with the comments that stand in it."""
    places, below = assign(entries, comments, layout)
    columns = comment_columns(entries, places, layout, depth)
    is_first = True
    for entry, beside, column in zip(entries, places, columns, strict=True):
        for number, (is_set_off, comment) in enumerate(pieces(entry, beside, layout)):
            if not is_first and (is_set_off or (depth == FILE_DEPTH and number == 0)):
                yield ""
            is_first = False
            if comment is not None:
                yield indented(comment.text, depth)
        yield from woven(entry, beside, layout, depth, column)
    for comment in below:
        if not is_first and layout.is_set_off(comment.span.start):
            yield ""
        yield indented(comment.text, depth)
        is_first = False


def pieces(entry: Entry, beside: Beside, layout: SourceLayout) -> Iterator[tuple[bool, ast.Comment | None]]:
    """The comments above an entry and, as None, the entry itself, each with whether a blank line is above it.

    Comments from inside the entry follow directly upon one another, and the entry upon them.
    """
    start = layout.start_of(entry)
    for comment in beside.above:
        yield layout.is_set_off(comment.span.start), comment
    for comment in beside.inner:
        yield comment is beside.inner[0] and layout.is_set_off(start), comment
    yield not beside.inner and layout.is_set_off(start), None


def woven(entry: Entry, beside: Beside, layout: SourceLayout, depth: int, column: int) -> Iterator[str]:
    """The lines of one entry with the comments that belong to it."""
    if entry.parts is None:
        *lines, last = (indented(line, depth) for line in entry.lines)
        yield from lines
        yield with_comments(last, beside.behind, column)
        return
    *lines, head = (indented(line, depth) for line in entry.lines)
    yield from lines
    yield with_comments(head, beside.head, 0)
    yield from weave(entry.parts, beside.inside, layout, depth + 1)
    *lines, last = (indented(line, depth) for line in entry.tail)
    yield from lines
    yield with_comments(last, beside.behind, 0)


def with_comments(line: str, comments: Sequence[ast.Comment], column: int) -> str:
    if not comments:
        return line
    told = " ".join(comment.text for comment in comments)
    return f"{line.ljust(column - COMMENT_GAP)}{'':{COMMENT_GAP}}{told}"


def comment_columns(
    entries: Sequence[Entry], places: Sequence[Beside], layout: SourceLayout, depth: int
) -> list[int]:
    """For each entry the column of the comment behind it: neighbours that have one share it."""
    columns = [0] * len(entries)
    run: list[int] = []
    for index, (entry, beside) in enumerate(zip(entries, places, strict=True)):
        goes_on = entry.parts is None and beside.behind and not beside.above and not beside.inner
        if run and (not goes_on or layout.blank_above(layout.start_of(entry))):
            run = []
        if entry.parts is None and beside.behind:
            run.append(index)
            width = max(len(indented(entries[i].lines[-1], depth)) for i in run) + COMMENT_GAP
            for i in run:
                columns[i] = width
    return columns


# ---- which comment belongs where ---------------------------------------------------------------------------


def assign(
    entries: Sequence[Entry], comments: Sequence[ast.Comment], layout: SourceLayout
) -> tuple[list[Beside], list[ast.Comment]]:
    """The comments beside each entry, and those below the last one."""
    places = [Beside() for _ in entries]
    order = sorted(range(len(entries)), key=lambda index: layout.start_of(entries[index]))
    below: list[ast.Comment] = []
    for comment in comments:
        offset = comment.span.start
        earlier = [index for index in order if layout.start_of(entries[index]) < offset]
        later = [index for index in order if layout.start_of(entries[index]) > offset]
        if earlier and belongs_to(entries[earlier[-1]], places[earlier[-1]], comment, layout):
            continue
        (places[later[0]].above if later else below).append(comment)
    return places, below


def belongs_to(entry: Entry, beside: Beside, comment: ast.Comment, layout: SourceLayout) -> bool:
    """Put a comment beside the entry that began before it, where it stands in that entry or behind it."""
    offset, end = comment.span.start, entry.node.span.end
    if entry.parts is not None:
        opening, closing = layout.block_of(entry.node)
        if opening < offset < closing:
            on_head = layout.same_line(opening, offset) and not has_part_before(entry, offset)
            (beside.head if on_head else beside.inside).append(comment)
            return True
    if offset < end:
        beside.inner.append(comment)
        return True
    if layout.same_line(end, offset):
        beside.behind.append(comment)
        return True
    return False


def has_part_before(entry: Entry, offset: int) -> bool:
    return any(part.node.span.start < offset for part in entry.parts or ())
