"""Cboe delayed-quotes files: the CSV that anyone can download, two options a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pmdsl.portfolio.csv_text import read_records
from pmdsl.portfolio.report import Report
from pmdsl.source import Source, Span

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
DATE = re.compile(r"Date: ([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4})\b")
EXPIRY = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{4})")
COLUMNS = ("Last Sale", "Net", "Bid", "Ask", "Volume", "IV", "Delta", "Gamma", "Open Interest")
HEADER = ("Expiration Date", "Calls", *COLUMNS, "Strike", "Puts", *COLUMNS)
CALL, STRIKE, PUT = 1, 11, 12
LAYOUT = "expected the layout of a Cboe delayed-quotes download"


@dataclass(frozen=True)
class Quote:
    """The cells of one option as they stand in the file, unread."""

    row: int
    bid: str
    ask: str
    volatility: str
    strike: str
    expiry: str

    @property
    def expiry_date(self) -> date | None:
        """The expiry as the row says it, or None where it is written in another way."""
        match = EXPIRY.fullmatch(self.expiry)
        if match is None or match[1] not in SHORT_MONTHS:
            return None
        try:
            return date(int(match[3]), SHORT_MONTHS.index(match[1]) + 1, int(match[2]))
        except ValueError:
            return None


@dataclass(frozen=True, eq=False)
class QuoteFile:
    """The options of a file by their compact OSI symbol. `last` is the underlying's last price as written."""

    source: Source
    on: date
    on_row: int
    last: str
    last_row: int
    options: Mapping[str, tuple[Quote, ...]]
    roots: frozenset[str]
    lines: Sequence[int]

    def place(self, row: int) -> Span:
        """The line of a record."""
        return self.source.line_span(self.lines[row])


def read_quotes(source: Source, report: Report) -> QuoteFile | None:
    """The quotes in a Cboe file, cells not yet checked; None where its layout is another."""
    read = read_records(source, report)
    if read is None:
        return None
    records, lines = read
    head = next(
        (row for row, record in enumerate(records[:20]) if record[:2] == ["Expiration Date", "Calls"]), None
    )
    if head is None or tuple(cell.strip() for cell in records[head]) != HEADER:
        where = source.line_span(lines[head]) if head is not None else source.line_span(1)
        hint = "its header begins Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV"
        report.add("PM630", f"`{source.name}`: {LAYOUT}", where, hint=hint)
        return None
    dated = _date(records[:head], source, lines, report)
    if dated is None or not _widths(records, head, source, lines, report):
        return None
    options = _options(records, head + 1)
    roots = frozenset(symbol[:-15] for symbol in options)
    last, last_row = _last(records[:head])
    return QuoteFile(source, dated[0], dated[1], last, last_row, options, roots, lines)


def _date(
    records: list[list[str]], source: Source, lines: Sequence[int], report: Report
) -> tuple[date, int] | None:
    """The date of the quotes and the row where it stands."""
    for row, record in enumerate(records):
        match = DATE.match(record[0]) if record else None
        if match and match[1] in MONTHS:
            try:
                return date(int(match[3]), MONTHS.index(match[1]) + 1, int(match[2])), row
            except ValueError:
                break
    hint = "above the column names stands a line as: Date: September 14, 2023 at 4:31 PM EDT"
    report.add("PM630", f"`{source.name}` has no date: {LAYOUT}", source.line_span(lines[0]), hint=hint)
    return None


def _last(records: list[list[str]]) -> tuple[str, int]:
    """The last price of the underlying as the header has it, or nothing, and its row."""
    for row, record in enumerate(records):
        for cell in record:
            if cell.startswith("Last: "):
                return cell.removeprefix("Last: ").replace(",", "").strip(), row
    return "", 0


def _widths(
    records: list[list[str]], head: int, source: Source, lines: Sequence[int], report: Report
) -> bool:
    wrong = [row for row in range(head, len(records)) if len(records[row]) != len(HEADER)]
    for row in wrong[:10]:
        message = f"a row of {len(records[row])} cells: expected {len(HEADER)}, {LAYOUT}"
        report.add("PM630", message, source.line_span(lines[row]))
    return not wrong


def _options(records: list[list[str]], first: int) -> dict[str, tuple[Quote, ...]]:
    """Both options of every row; a symbol may stand more than once."""
    options: dict[str, tuple[Quote, ...]] = {}
    for row in range(first, len(records)):
        cells = records[row]
        for side in (CALL, PUT):
            bid, ask, volatility = cells[side + 3], cells[side + 4], cells[side + 6]
            quote = Quote(row, bid, ask, volatility, cells[STRIKE], cells[0])
            symbol = cells[side].replace(" ", "")
            options[symbol] = (*options[symbol], quote) if symbol in options else (quote,)
    return options
