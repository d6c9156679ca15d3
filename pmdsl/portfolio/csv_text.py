"""Strict CSV (RFC 4180): UTF-8, a header, one number of cells a row, quotes only around whole cells.

Reports that others publish may end in a footer, which is no row: see `read_grid`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pmdsl.diagnostics import Findings
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.scalars import Refused, identifier
from pmdsl.source import Source, Span

STRICT_CELL = re.compile(r'(?:"(?:[^"]|"")*"|[^",\r\n]*)')
FIT = bytes(range(32, 127)) + b"\n\t"
UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\r(?!\n)"
)


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of a CSV text by column. `lines[row]` is the line on which a row begins."""

    source: Source
    header: tuple[str, ...]
    columns: Sequence[Sequence[str]]
    lines: Sequence[int]

    def place(self, row: int) -> Span:
        """The line of a row."""
        return self.source.line_span(self.lines[row])

    def cell_place(self, row: int, column: str) -> Span:
        """The cell of a row, or its line where it cannot be told."""
        return self._cell(self.place(row), column)

    def key_place(self, row: int, column: str) -> Span:
        """The cell of the header, whatever the row."""
        return self._cell(self.source.line_span(1), column)

    def _cell(self, line: Span, column: str) -> Span:
        if column not in self.header:
            return line
        start = line.start
        for number in range(len(self.header)):
            match = STRICT_CELL.match(self.source.text, start)
            end = match.end() if match else line.end
            if number == self.header.index(column):
                return Span(self.source, start, end)
            start = end + 1
        return line


def read_records(source: Source, report: Report) -> tuple[list[list[str]], Sequence[int]] | None:
    """The records of a CSV text and the line on which each begins; None where it was reported."""
    if _is_unfit(source, report):
        return None
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True)
    try:
        records = list(reader)
    except csv.Error as error:
        report.add("PM620", f"not readable as CSV: {error}", source.line_span(max(1, reader.line_num)))
        return None
    lines = _lines(source, records)
    while records and not records[-1]:
        records.pop()
    return (records, lines) if _quotes_are_whole(source, records, lines, report) else None


def _is_unfit(source: Source, report: Report) -> bool:
    """Whether a text holds characters that no table may; the first is reported."""
    unfit = UNFIT.search(source.text)
    if unfit is None:
        return False
    message = f"the character U+{ord(unfit[0][0]):04X} cannot be seen and has no place in a table"
    report.add("PM602", message, Span(source, unfit.start(), unfit.end()), hint="remove it")
    return True


def _lines(source: Source, records: list[list[str]]) -> Sequence[int]:
    """The first line of each record: its number, unless cells hold line breaks."""
    if len(records) == source.text.count("\n") + (not source.text.endswith("\n")):
        return range(1, len(records) + 1)
    starts, line = [], 1
    for record in records:
        starts.append(line)
        line += 1 + sum(cell.count("\n") for cell in record)
    return starts


def _quotes_are_whole(source: Source, records: list[list[str]], lines: Sequence[int], report: Report) -> bool:
    """Whether no quote stands inside an unquoted cell, which the csv module would let pass."""
    if '"' not in source.text:
        return True
    for number, record in enumerate(records):
        if any('"' in cell for cell in record):
            offset = source.line_starts[lines[number] - 1]
            for _ in record:
                match = STRICT_CELL.match(source.text, offset)
                offset = match.end() if match else offset
                if source.text[offset : offset + 1] not in (",", "\r", "\n", ""):
                    message = "a quote inside a bare cell: expected the whole cell in quotes, its own doubled"
                    report.add("PM620", message, Span(source, offset, offset + 1))
                    return False
                offset += 1
    return True


def read_grid(source: Source, report: Report, footer: bool = False) -> Grid | None:
    """The cells of a CSV text with a header; None where it was reported.

    Where a `footer` may be, a last line of fewer cells than the header is one, and is dropped.
    """
    return _plain_grid(source) or _any_grid(source, report, footer)


def _plain_grid(source: Source) -> Grid | None:
    """The cells of a regular ASCII text without quotes, split all at once; None where it is not one."""
    if '"' in source.text or not source.text.isascii():
        return None
    body = source.text.rstrip("\n")
    data = body.encode()
    if data.translate(None, FIT):
        return None
    first = body.partition("\n")[0]
    width = first.count(",") + 1
    marks = np.frombuffer(data, dtype=np.uint8)
    ends = marks == ord("\n")
    separators = np.append(ends[np.flatnonzero(ends | (marks == ord(",")))], True)
    header = _header(first.split(","), source, Report(Findings()))
    if header is None or len(separators) % width:
        return None
    rows = separators.reshape(-1, width)
    if not rows[:, -1].all() or rows[:, :-1].any():
        return None
    cells = body.replace("\n", ",").split(",")
    columns = [cells[width + number :: width] for number in range(width)]
    return Grid(source, header, columns, range(2, len(rows) + 1))


def _any_grid(source: Source, report: Report, footer: bool) -> Grid | None:
    """The cells of any CSV text, record by record; what is wrong is reported."""
    read = read_records(source, report)
    if read is None:
        return None
    records, lines = read
    if not records or not any(records[0]):
        report.add("PM620", "the table is empty: expected a header of column names", source.line_span(1))
        return None
    header = _header(records[0], source, report)
    width = len(records[0])
    if footer and len(records) > 1 and len(records[-1]) < width:
        records = records[:-1]
    wrong = [number for number, record in enumerate(records) if len(record) != width]
    for number in wrong[:10]:
        found = len(records[number])
        message = f"a row of {found} cells: expected {width}, as the header has"
        report.add("PM620", message, source.line_span(lines[number]))
    if header is None or wrong:
        return None
    columns = list(zip(*records[1:], strict=True)) or [()] * width
    return Grid(source, header, columns, lines[1 : len(records)])


def _header(cells: list[str], source: Source, report: Report) -> tuple[str, ...] | None:
    """The column names; an empty, unfit or repeated one is reported."""
    good = True
    for number, name in enumerate(cells):
        checked = identifier(name)
        if isinstance(checked, Refused):
            report.add(
                "PM620", f"column {number + 1} has no usable name: {checked.reason}", source.line_span(1)
            )
            good = False
        elif name in cells[:number]:
            report.add("PM613", f"the column `{name}` stands twice", source.line_span(1))
            good = False
    return tuple(cells) if good else None
