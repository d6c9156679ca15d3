"""A CSV file written out as a table of the language, and the way back to the places of the file."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from pmdsl.diagnostics import Finding
from pmdsl.source import Source, Span
from pmdsl.syntax import ast
from pmdsl.syntax.ast.nodes import parts_of

N = TypeVar("N", bound=ast.Node)

HEAD = "pmdsl 1\nmethodology file { unique table rows by key {\n"
TAIL = "\n} }\n"


@dataclass(frozen=True)
class Cell:
    """Where a cell stands: from `written` on in the transcript, and [start, end) in the file."""

    written: int
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Transcript:
    """`written` holds the rows of `file` as the language writes them; `cells` are in order of place."""

    file: Source
    written: Source
    cells: tuple[Cell, ...]

    def span(self, span: Span) -> Span:
        """The place in the file of a place in the transcript: the cell, or the part of it that is meant."""
        number = bisect_right(self.cells, span.start, key=lambda cell: cell.written) - 1
        cell = self.cells[max(number, 0)]
        if number < 0 or self.written.text[span.start : span.start + 1] == "|":
            return self.line(span)
        start = min(cell.start + span.start - cell.written, cell.end)
        return Span(self.file, start, max(start, min(cell.end, start + span.end - span.start)))

    def line(self, span: Span) -> Span:
        """The whole line of the file of the first cell after a place."""
        number = min(bisect_right(self.cells, span.start, key=lambda cell: cell.written), len(self.cells) - 1)
        line, _ = self.file.line_column(self.cells[number].start)
        return self.file.line_span(line)

    def node(self, node: N) -> N:
        """A node of the transcript with the places of the file."""
        parts = {name: self.part(getattr(node, name)) for name in parts_of(type(node))}  # type: ignore[arg-type]
        return replace(node, **parts, span=self.span(node.span))

    def part(self, value: object) -> object:
        if isinstance(value, ast.Node):
            return self.node(value)
        return tuple(map(self.part, value)) if isinstance(value, tuple) else value

    def finding(self, finding: Finding) -> Finding:
        """A finding about the transcript with the places of the file; a fix of it would mend no file."""
        labels = tuple(replace(label, span=self.span(label.span)) for label in finding.labels)
        place = self.span(finding.span) if finding.span is not None else None
        return replace(finding, span=place, labels=labels, fix=None)


def transcript_of(file: Source, cell_text: Callable[[str], str]) -> Transcript:
    """The rows of a CSV file, each cell as `cell_text` writes it."""
    text, cells = HEAD, []
    for row in rows_of(file):
        for words, start, end in row:
            text += "| "
            cells.append(Cell(len(text), start, end))
            text += cell_text(words) + " "
        text += "|\n"
    return Transcript(file, Source(file.name, text + TAIL), tuple(cells or (Cell(0, 0, 0),)))


def rows_of(file: Source) -> Iterator[list[tuple[str, int, int]]]:
    """The cells of each line that has any, without the blanks around them, with their places in the file."""
    for number, start in enumerate(file.line_starts, 1):
        line = file.line_text(number)
        at, row = 0, []
        for cell in next(csv.reader([line]), []):
            words = cell.strip()
            found = line.find(words, at)
            first, last = (found, found + len(words)) if found >= 0 else (at, len(line))
            row.append((words, start + first, start + last))
            at = last
        if row:
            yield row
