"""Tables from wherever they come: CSV and Parquet files, Arrow streams, columns of Python data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from pmdsl.portfolio.book import Table, no_place
from pmdsl.portfolio.cells import Cells, Frame, NumberCells, TextCells, raw_texts
from pmdsl.portfolio.csv_text import read_grid
from pmdsl.portfolio.files import MAX_TABLE_BYTES, read_text
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import Type
from pmdsl.source import Source, Span

EPOCH = date(1970, 1, 1).toordinal()


def no_cell(row: int, column: str) -> Span | None:
    """The place of a cell that came from no file."""
    return None


def open_frame(
    given: object, name: str, report: Report, place: Span | None = None, footer: bool = False
) -> Frame | None:
    """The table in a file, a text of CSV, an Arrow stream, or a mapping of columns; None where reported.

    `footer`: whether a CSV file may end in a line that is no row.
    """
    if isinstance(given, str | Path):
        return file_frame(Path(given), report, place, footer)
    if isinstance(given, Source):
        return csv_frame(given, report, footer)
    if hasattr(given, "__arrow_c_stream__"):
        from pmdsl.portfolio.arrow import stream_frame

        return stream_frame(given, name, report)
    if isinstance(given, Mapping):
        return column_frame(given, name, report)
    expected = "expected a file, an object with an Arrow stream, or a mapping of columns"
    report.add("PM622", f"`{name}`: {expected}, found {type(given).__name__}", place)
    return None


def file_frame(path: Path, report: Report, place: Span | None = None, footer: bool = False) -> Frame | None:
    """The table in a file, by its ending."""
    ending = path.suffix.lower()
    if ending == ".csv":
        source = read_text(path, report, MAX_TABLE_BYTES, place)
        return csv_frame(source, report, footer) if source else None
    if ending in (".parquet", ".pq"):
        from pmdsl.portfolio.arrow import parquet_frame

        return parquet_frame(path, report, place)
    report.add("PM621", f"`{path}`: expected a file that ends in .csv or .parquet", place)
    return None


def csv_frame(source: Source, report: Report, footer: bool = False) -> Frame | None:
    """The table in a CSV text: every column is text."""
    grid = read_grid(source, report, footer)
    if grid is None:
        return None
    columns: dict[str, Cells] = {
        name: TextCells(column) for name, column in zip(grid.header, grid.columns, strict=True)
    }
    return Frame(source.name, len(grid.lines), columns, grid.place, grid.cell_place, grid.key_place)


def column_frame(given: Mapping[Any, Any], name: str, report: Report) -> Frame | None:
    """The table in a mapping of names to arrays or lists of one length."""
    columns: dict[str, Cells] = {}
    sizes: dict[str, int] = {}
    for key, values in given.items():
        array = np.asarray(values)
        cells = _cells(array) if array.ndim == 1 else None
        if cells is None:
            expected = "expected texts, numbers, dates or truths, one a row"
            report.add("PM622", f"the column `{key}` of {name}: {expected}")
            return None
        columns[str(key)] = cells
        sizes[str(key)] = len(array)
    if len(set(sizes.values())) > 1:
        lengths = ", ".join(f"`{key}` {size}" for key, size in sizes.items())
        report.add("PM622", f"the columns of {name} differ in length: {lengths}")
        return None
    return Frame(name, next(iter(sizes.values()), 0), columns, no_place, no_cell)


def _cells(array: np.ndarray[Any, Any]) -> Cells | None:
    """The cells of a numpy array; None where it holds what no table does."""
    kind, size = array.dtype.kind, len(array)
    if kind in "iuf":
        values = array.astype(np.float64) if kind == "f" else array.astype(np.int64)
        return NumberCells(values, np.zeros(size, dtype=bool), Type.NUMBER)
    if kind == "b":
        return NumberCells(array.astype(np.int64), np.zeros(size, dtype=bool), Type.TRUTH)
    if kind == "M":
        null = np.isnat(array)
        days = array.astype("datetime64[D]").astype(np.int64) + EPOCH
        return NumberCells(np.where(null, EPOCH, days), null, Type.DATE)
    if kind == "U":
        return TextCells(array.tolist())
    return _objects(array.tolist()) if kind == "O" else None


def _objects(values: list[object]) -> Cells | None:
    """The cells of Python values, all of one kind beside None."""
    null = np.array([value is None for value in values], dtype=bool)
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {str}:
        return TextCells([value if isinstance(value, str) else None for value in values])
    if kinds <= {date, datetime}:
        days = [value.toordinal() if isinstance(value, date) else EPOCH for value in values]
        return NumberCells(np.array(days, dtype=np.int64), null, Type.DATE)
    if kinds <= {bool}:
        return NumberCells(np.array([value is True for value in values], dtype=np.int64), null, Type.TRUTH)
    if kinds <= {int}:
        whole = [value if isinstance(value, int) else 0 for value in values]
        return NumberCells(np.array(whole, dtype=np.int64), null, Type.NUMBER)
    if kinds <= {int, float}:
        numbers = [float(value) if isinstance(value, int | float) else 0.0 for value in values]
        return NumberCells(np.array(numbers, dtype=np.float64), null, Type.NUMBER)
    return None


def raw_table(frame: Frame, name: str) -> Table:
    """A table whose columns are all raw text, None where not given."""
    columns = {key: raw_texts(cells) for key, cells in frame.columns.items()}
    return Table(name, frame.size, columns, frame.place, frame.cell_place, frame.key_place)
