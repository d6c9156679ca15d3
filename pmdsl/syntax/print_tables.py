"""Tables in aligned columns: numbers stand to the right, words and headers to the left."""

from __future__ import annotations

from collections.abc import Sequence

from pmdsl.syntax import ast
from pmdsl.syntax.layout import Entry
from pmdsl.syntax.print_expressions import expr_text
from pmdsl.syntax.print_parts import note_lines, stricter_text, type_text

NUMERIC = (ast.Number, ast.Percent, ast.Money, ast.Contracts)


def body_entries(body: ast.Body) -> tuple[Entry, ...]:
    """What stands between the braces of a table."""
    notes = tuple(Entry(node, (line,)) for node, line in note_lines(body.notes))
    stricter = () if body.stricter is None else (Entry(body.stricter, (stricter_text(body.stricter),)),)
    columns = column_entries(body.columns)
    default = () if body.default is None else (Entry(body.default, (f"default {expr_text(body.default)}",)),)
    return (*notes, *stricter, *columns, *default, *row_entries(body.rows))


def column_entries(columns: Sequence[ast.Column]) -> tuple[Entry, ...]:
    """Typed columns with their types, and the headers that they have in the data, below one another."""
    names = max((len(column.name.text) for column in columns), default=0)
    types = max((len(type_text(column.type)) for column in columns), default=0)
    entries: list[Entry] = []
    for column in columns:
        header = "" if column.header is None else f'from "{column.header}"'
        line = f"column {f'{column.name}:':{names + 1}} {type_text(column.type):{types}} {header}"
        entries.append(Entry(column, (line.rstrip(),)))
    return tuple(entries)


def row_entries(rows: Sequence[ast.Row]) -> tuple[Entry, ...]:
    """Rows with their bars below one another; the first row is the header."""
    texts = [[cell_text(cell) for cell in row.cells] for row in rows]
    widths = column_widths(texts)
    numeric = numeric_columns(rows[1:], len(widths))
    entries: list[Entry] = []
    for number, (row, cells) in enumerate(zip(rows, texts, strict=True)):
        padded = [
            pad(text, widths[column], number > 0 and numeric[column] and is_numeric(row.cells[column]))
            for column, text in enumerate(cells)
        ]
        entries.append(Entry(row, (f"| {' | '.join(padded)} |",)))
    return tuple(entries)


def numeric_columns(rows: Sequence[ast.Row], count: int) -> list[bool]:
    """Which columns hold numbers only, but for `any` and empty cells."""
    columns = [[row.cells[column] for row in rows if column < len(row.cells)] for column in range(count)]
    return [
        all(cell is None or isinstance(cell, ast.AnyCell) or is_numeric(cell) for cell in cells)
        for cells in columns
    ]


def cell_text(cell: ast.Expr | None) -> str:
    return "" if cell is None else expr_text(cell)


def column_widths(rows: Sequence[Sequence[str]]) -> list[int]:
    count = max((len(row) for row in rows), default=0)
    return [max(len(row[column]) for row in rows if column < len(row)) for column in range(count)]


def pad(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def is_numeric(cell: ast.Expr | None) -> bool:
    """Whether a cell is a number, perhaps with a sign or a comparison before it."""
    while isinstance(cell, ast.Sign | ast.BoundCell):
        cell = cell.operand
    return isinstance(cell, NUMERIC)
