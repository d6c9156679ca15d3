"""Source texts and places in them.

A place is kept as a pair of character offsets; lines and columns are worked out when a person looks.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from pmdsl.data import shown_path


@dataclass(frozen=True, eq=False)
class Source:
    """A text with a name: a rule file, a portfolio file, a table of quotes."""

    name: str
    text: str

    @staticmethod
    def read(path: Path) -> Source:
        """The text of a UTF-8 file. Raises OSError and UnicodeDecodeError, turned into findings above."""
        return Source(str(path), path.read_text(encoding="utf-8"))

    @cached_property
    def line_starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return list(accumulate(lengths, initial=0))[:-1]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from one."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line, counted from one, without its end."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] - 1 if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def line_span(self, line: int) -> Span:
        """The span of a whole line, counted from one."""
        start = self.line_starts[line - 1]
        return Span(self, start, start + len(self.line_text(line)))


@dataclass(frozen=True)
class Span:
    """The half-open range of characters [start, end) of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.line_column(self.start)[1]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other."""
        return Span(self.source, self.start, max(self.end, other.end))

    def __str__(self) -> str:
        return f"{shown_path(self.source.name)}:{self.line}:{self.column}"
