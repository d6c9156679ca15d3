"""The tables of a test: header and rows, as the neutral tree that portfolio files are read into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pmdsl.diagnostics import Findings, did_you_mean
from pmdsl.portfolio.shape import ACCOUNT, INSTRUMENT, POSITION, UNDERLYING, Field, Row, Type
from pmdsl.portfolio.tree import Listing, Mapping, Node, Scalar
from pmdsl.source import Span
from pmdsl.syntax import ast
from pmdsl.testing.constants import TRUTHS, Constant, constant

SHAPES = {"accounts": ACCOUNT, "underlyings": UNDERLYING, "instruments": INSTRUMENT, "positions": POSITION}


@dataclass(frozen=True)
class Grid:
    """A block as written: its column names with their places, and the cells of each row by column."""

    span: Span
    header: tuple[Scalar, ...]
    rows: tuple[tuple[Span, dict[str, ast.Expr]], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name.text for name in self.header)


def grid_of(block: ast.Block, findings: Findings) -> Grid:
    """Header and rows of a block; rows that do not fit the header are reported and left out."""
    if not block.rows:
        return Grid(block.span, (), ())
    header = tuple(_header(cell, block.rows[0].span, findings) for cell in block.rows[0].cells)
    rows = []
    for row in block.rows[1:]:
        if len(row.cells) != len(header):
            message = f"this row has {len(row.cells)} cells, and the header has {len(header)}"
            findings.add("PM816", message, row.span, hint="an empty cell keeps its bars")
            continue
        pairs = zip(header, row.cells, strict=True)
        rows.append((row.span, {name.text: cell for name, cell in pairs if cell is not None}))
    return Grid(block.span, header, tuple(rows))


def _header(cell: ast.Expr | None, row: Span, findings: Findings) -> Scalar:
    if isinstance(cell, ast.Path):
        return scalar(str(cell), cell.span)
    if isinstance(cell, ast.Text):
        return scalar(cell.value, cell.span)
    if isinstance(cell, ast.Number):
        return scalar(cell.text, cell.span)
    place = cell.span if cell is not None else row
    findings.add("PM816", "a header cell is the name of a column", place)
    return scalar("", place)


def scalar(text: str, span: Span, quoted: bool = False) -> Scalar:
    """A text as one value of a tree."""
    return Scalar(span.source, span.start, span.end, text, quoted)


def mapping(entries: Sequence[tuple[Scalar, Node]], span: Span) -> Mapping:
    return Mapping(span.source, span.start, span.end, tuple(entries))


def listing(items: Sequence[Node], span: Span) -> Listing:
    return Listing(span.source, span.start, span.end, tuple(items))


def check_columns(grid: Grid, expected: tuple[str, ...], findings: Findings) -> bool:
    """Whether a block has exactly these columns; says so where it has others."""
    if grid.columns == expected:
        return True
    place = grid.header[0].span.to(grid.header[-1].span) if grid.header else grid.span
    wanted = " | ".join(expected)
    hint = next(
        (h for name in grid.columns if name not in expected and (h := did_you_mean(name, expected))), None
    )
    findings.add("PM816", f"this block has the columns `{wanted}`", place, hint=hint)
    return False


@dataclass(frozen=True)
class Cells:
    """Reads the cells of one block; `currency` is what money without a currency of its own is in."""

    findings: Findings
    currency: str = ""

    def rows(self, grid: Grid, shape: Row | None = None) -> Listing:
        """The rows of a block as mappings; empty cells have no key."""
        return listing([self.row(span, cells, grid, shape) for span, cells in grid.rows], grid.span)

    def row(self, span: Span, cells: dict[str, ast.Expr], grid: Grid, shape: Row | None = None) -> Mapping:
        currency = self._currency_of(cells)
        entries: list[tuple[Scalar, Node]] = []
        for name in grid.header:
            cell = cells.get(name.text)
            if cell is None:
                continue
            field = shape.fields.get(name.text) if shape else None
            node = self.cell(cell, field, currency)
            if node is not None:
                entries.append((name, node))
        return mapping(entries, span)

    def _currency_of(self, cells: dict[str, ast.Expr]) -> str:
        cell = cells.get("currency")
        return (
            str(cell)
            if isinstance(cell, ast.Path)
            else cell.value
            if isinstance(cell, ast.Text)
            else self.currency
        )

    def cell(self, cell: ast.Expr, field: Field | None = None, currency: str = "") -> Node | None:
        """One cell as a value of a tree; None where it was reported."""
        found = constant(cell, self.findings)
        if found is None:
            return None
        if found.kind == "money" and currency and found.currency != currency:
            self._wrong_currency(found, cell.span, currency)
            return None
        if field is not None and field.type is Type.NAMES:
            words = found.text.replace(",", " ").split()
            return listing([scalar(word, cell.span, quoted=True) for word in words], cell.span)
        if field is not None and field.type is Type.TRUTH and found.text in TRUTHS:
            return scalar("true" if TRUTHS[found.text] else "false", cell.span)
        return scalar(found.said, cell.span, quoted=found.kind == "text" or self._is_name(found, field))

    def _is_name(self, found: Constant, field: Field | None) -> bool:
        """A word in the place of a name is that name, even where it looks like a truth value."""
        return field is not None and field.type is Type.TEXT and found.kind == "word"

    def _wrong_currency(self, found: Constant, place: Span, currency: str) -> None:
        hint = f"write {currency}, or give the row a column `currency`"
        self.findings.add("PM816", f"this is {found.currency} where {currency} is meant", place, hint=hint)
