"""From the blocks of a test to a book: the same tree, and so the same meaning, as a portfolio file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.portfolio.assemble import assemble
from pmdsl.portfolio.book import Book, Table
from pmdsl.portfolio.document import read_document
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.rows import read_rows
from pmdsl.portfolio.shape import Row
from pmdsl.portfolio.tree import Listing, Node, Scalar, report_duplicate
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.testing.blocks import SHAPES, Cells, Grid, check_columns, grid_of, listing, mapping, scalar
from pmdsl.testing.constants import constant

SAME_AS = {"portfolio": "positions", "matrix": "matrices", "account": "accounts", "underlying": "underlyings",
           "instrument": "instruments", "position": "positions"}  # fmt: skip
NAMED = ("matrices", "table", "data")
PLAIN = (*SHAPES, "values", "fx", "market", "curve", "dividends")


@dataclass(frozen=True, eq=False)
class Market:
    """The book of a test, and the tables that it gives at run time."""

    book: Book
    data: Mapping[str, Table]


@dataclass
class Sections:
    """The sections of a book while its blocks are read."""

    rows: dict[str, list[Node]] = field(default_factory=dict)
    entries: dict[str, list[tuple[Scalar, Node]]] = field(default_factory=dict)
    data: dict[str, Listing] = field(default_factory=dict)
    dividends: list[Grid] = field(default_factory=list)


def market_of(case: ast.TestCase, currency: str, findings: Findings) -> Market | None:
    """The book that a test states, for a rule set in `currency`; None where anything was reported."""
    own = Findings()
    cells = Cells(own, currency)
    sections = Sections()
    head: list[tuple[Scalar, Node]] = []
    for member in case.members:
        if isinstance(member, ast.Block):
            _read_block(member, cells, sections)
        elif isinstance(member, ast.On):
            head.append((scalar("on", member.span), scalar(member.value.isoformat(), member.span)))
        elif isinstance(member, ast.Rate):
            rate = constant(member.value, own)
            head += [(scalar("rate", member.span), scalar(rate.said, member.value.span))] if rate else []
    _put_dividends(sections, cells)
    report = Report(own)
    root = mapping([*head, *_sections(sections, case.span)], case.span)
    for entries in (list(root), *sections.entries.values()):
        seen: dict[str, Scalar] = {}
        for key, _ in entries:
            report_duplicate(key, seen, report)
    parts = read_document(root, None, None, report) if not own.has_errors else None
    book = assemble(parts, [], report) if parts is not None else None
    data = {name: _data_table(name, rows, report) for name, rows in sections.data.items()}
    findings.extend(own)
    return Market(book, data) if book is not None and not own.has_errors else None


def _sections(sections: Sections, span: Span) -> list[tuple[Scalar, Node]]:
    """Every section as an entry of the book's tree."""
    listed = [
        (scalar(name, span), listing(rows, _around(rows, span))) for name, rows in sections.rows.items()
    ]
    mapped = [(scalar(name, span), mapping(found, span)) for name, found in sections.entries.items()]
    return [*listed, *mapped]


def _around(rows: list[Node], span: Span) -> Span:
    return rows[0].span.to(rows[-1].span) if rows else span


def _data_table(name: str, rows: Listing, report: Report) -> Table:
    """A table given at run time: all columns raw text."""
    return read_rows(rows, Row(f"row of `{name}`", {}, plural=name), report).table


# ---- blocks ------------------------------------------------------------------------------------------------


def _read_block(block: ast.Block, cells: Cells, sections: Sections) -> None:
    kind = SAME_AS.get(block.kind, block.kind)
    if (
        kind == "table"
        and block.name is not None
        and SAME_AS.get(block.name, block.name) in (*PLAIN, "curve")
    ):
        kind = SAME_AS.get(block.name, block.name)
    elif (kind in NAMED) != (block.name is not None) or kind not in (*NAMED, *PLAIN):
        _unknown(block, kind, cells.findings)
        return
    grid = grid_of(block, cells.findings)
    if kind in SHAPES:
        sections.rows.setdefault(kind, []).extend(cells.rows(grid, SHAPES[kind]).items)
    else:
        READERS[kind](block.name or "", grid, cells, sections)


def _unknown(block: ast.Block, kind: str, findings: Findings) -> None:
    """A block that means nothing, or that lacks its name."""
    if kind in NAMED:
        findings.add("PM811", f"`{block.kind}` says which: `{block.kind} NAME {{ … }}`", block.span)
    elif kind in PLAIN:
        findings.add("PM811", f"`{block.kind}` has no name", block.span, hint=f"write `{block.kind} {{ … }}`")
    else:
        hint = (
            did_you_mean(block.kind, [*PLAIN, *NAMED, *SAME_AS])
            or f"for a table of the rule set: `table {block.kind} {{ … }}`"
        )
        findings.add("PM811", f"a test has no block `{block.kind}`", block.span, hint=hint)


def _values(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    """`| instrument | d5 | d4 |`, or `| instrument | scenario | value |`."""
    target = sections.entries.setdefault("values", [])
    if grid.columns == ("instrument", "scenario", "value"):
        found: dict[str, list[tuple[Scalar, Node]]] = {}
        for _, row in grid.rows:
            who, point, value = (cells.cell(row[c]) if c in row else None for c in grid.columns)
            if isinstance(who, Scalar) and isinstance(point, Scalar) and value is not None:
                found.setdefault(who.text, []).append((point, value))
        target.extend((scalar(who, grid.span), mapping(entries, grid.span)) for who, entries in found.items())
        return
    if not grid.header or grid.header[0].text != "instrument":
        cells.findings.add("PM816", "`values` begins with a column `instrument`", grid.span)
        return
    for span, row in grid.rows:
        who = cells.cell(row["instrument"]) if "instrument" in row else None
        if isinstance(who, Scalar):
            rest = {key: cell for key, cell in row.items() if key != "instrument"}
            target.append((who, cells.row(span, rest, grid)))


def _matrices(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    """Three columns: two keys and their value; what the header calls them is free."""
    if grid.header and len(grid.header) != 3:
        cells.findings.add("PM816", "a matrix has three columns: two keys and a value", grid.span)
        return
    rows: list[Node] = []
    for span, row in grid.rows:
        parts = [cells.cell(row[column]) for column in grid.columns if column in row]
        rows.append(listing([part for part in parts if part is not None], span))
    sections.entries.setdefault("matrices", []).append((scalar(name, grid.span), listing(rows, grid.span)))


def _fx(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    if check_columns(grid, ("pair", "rate"), cells.findings):
        sections.entries.setdefault("fx", []).extend(_pairs(grid, cells))


def _market(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    """`| name | value |` with a row each, or one row with a column each."""
    target = sections.entries.setdefault("market", [])
    if grid.columns == ("name", "value"):
        target.extend(_pairs(grid, cells))
    elif len(grid.rows) > 1:
        cells.findings.add("PM816", "`market` has one row, or the columns `name | value`", grid.rows[1][0])
    else:
        for span, row in grid.rows:
            target.extend(cells.row(span, row, grid))


def _pairs(grid: Grid, cells: Cells) -> list[tuple[Scalar, Node]]:
    first, second = grid.columns
    found = []
    for _, row in grid.rows:
        key, value = (cells.cell(row[column]) if column in row else None for column in (first, second))
        if isinstance(key, Scalar) and value is not None:
            found.append((key, value))
    return found


def _curve(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    if check_columns(grid, ("tenor", "rate"), cells.findings):
        sections.rows.setdefault("rate", []).extend(cells.rows(grid).items)


def _dividends(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    if check_columns(grid, ("underlying", "ex_date", "amount"), cells.findings):
        sections.dividends.append(grid)


def _put_dividends(sections: Sections, cells: Cells) -> None:
    """Dividends stand under their underlying in a book."""
    for grid in sections.dividends:
        for span, row in grid.rows:
            who = cells.cell(row["underlying"]) if "underlying" in row else None
            rest = {key: cell for key, cell in row.items() if key != "underlying"}
            paid = cells.row(span, rest, grid)
            underlyings = sections.rows.get("underlyings", [])
            at = next((i for i, u in enumerate(underlyings) if _id(u) == getattr(who, "text", "")), None)
            if at is None:
                cells.findings.add("PM816", "no underlying of this test has this id", span)
            else:
                underlyings[at] = _with_dividend(underlyings[at], paid)


def _id(node: Node) -> str:
    found = node.get("id") if not isinstance(node, Scalar | Listing) else None
    return found.text if isinstance(found, Scalar) else ""


def _with_dividend(underlying: Node, paid: Node) -> Node:
    assert not isinstance(underlying, Scalar | Listing)
    old = underlying.get("dividends")
    items = [*(old.items if isinstance(old, Listing) else ()), paid]
    entries = [(key, value) for key, value in underlying if key.text != "dividends"]
    return mapping([*entries, (scalar("dividends", paid.span), listing(items, paid.span))], underlying.span)


def _table(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    sections.entries.setdefault("tables", []).append(
        (scalar(name, grid.span), Cells(cells.findings).rows(grid))
    )


def _data(name: str, grid: Grid, cells: Cells, sections: Sections) -> None:
    sections.data[name] = Cells(cells.findings).rows(grid)


READERS: dict[str, Callable[[str, Grid, Cells, Sections], None]] = {
    "values": _values,
    "matrices": _matrices,
    "fx": _fx,
    "market": _market,
    "curve": _curve,
    "dividends": _dividends,
    "table": _table,
    "data": _data,
}
