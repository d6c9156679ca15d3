"""Arrow streams and Parquet files as frames. Imported only where one is given: it needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from pmdsl.portfolio.book import no_place
from pmdsl.portfolio.cells import Cells, CodedCells, Frame, NumberCells, TextCells
from pmdsl.portfolio.parts import Coded
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import Type
from pmdsl.source import Span

MAX_ROWS = 200_000_000
EPOCH = 719163
SPACE, TILDE = ord(" "), ord("~")


def _no_cell(row: int, column: str) -> Span | None:
    return None


def _arrow(report: Report, place: Span | None = None) -> Any:
    """The pyarrow module, or None after its absence was reported."""
    try:
        import pyarrow
        import pyarrow.compute
    except ImportError:
        hint = "install it with `pip install pmdsl[arrow]`, or give the table as CSV"
        report.add(
            "PM623", "Parquet files and Arrow streams need pyarrow, which is not installed", place, hint=hint
        )
        return None
    return pyarrow


def parquet_frame(path: Path, report: Report, place: Span | None = None) -> Frame | None:
    """The table in a Parquet file."""
    pa = _arrow(report, place)
    if pa is None:
        return None
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(path) as file:
            if file.metadata.num_rows > MAX_ROWS:
                report.add("PM605", f"`{path}` has more than {MAX_ROWS} rows", place)
                return None
            texts = text_columns(pa, file.schema_arrow)
        table = parquet.read_table(path, read_dictionary=texts, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        report.add("PM601", f"`{path}` cannot be read as Parquet: {str(error)[:200]}", place)
        return None
    return table_frame(pa, table, path.name, report, distinct=True)


def text_columns(pa: Any, schema: Any) -> list[str]:
    """The text columns of a Parquet file: read as dictionaries, no text is made for a row."""
    texts = (pa.types.is_string, pa.types.is_large_string)
    return [field.name for field in schema if any(is_text(field.type) for is_text in texts)]


def stream_frame(given: object, name: str, report: Report) -> Frame | None:
    """The table behind an object that speaks the Arrow PyCapsule interface."""
    pa = _arrow(report)
    if pa is None:
        return None
    try:
        table = pa.table(given)
    except (TypeError, ValueError, pa.ArrowException) as error:
        report.add("PM622", f"`{name}` is not a readable Arrow stream: {str(error)[:200]}")
        return None
    return table_frame(pa, table, name, report)


def table_frame(pa: Any, table: Any, name: str, report: Report, distinct: bool = False) -> Frame | None:
    """The columns of an Arrow table; a type that no table of a book holds is reported.

    `distinct`: no dictionary says a word twice, as those that are read from Parquet.
    """
    columns: dict[str, Cells] = {}
    for key in table.column_names:
        if key in columns:
            report.add("PM613", f"the column `{key}` of {name} stands twice")
            return None
        cells = _cells(pa, table.column(table.column_names.index(key)), distinct)
        if cells is None:
            kind = table.schema.field(key).type
            report.add(
                "PM622", f"the column `{key}` of {name} has the type {kind}, which no table of a book holds"
            )
            return None
        columns[key] = cells
    return Frame(name, table.num_rows, columns, no_place, _no_cell)


def _cells(pa: Any, column: Any, distinct: bool) -> Cells | None:
    types, kind = pa.types, column.type
    if types.is_null(kind):
        return TextCells([None] * len(column))
    if types.is_dictionary(kind):
        if _is_text(types, kind.value_type):
            return CodedCells(_coded(pa, column, distinct))
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if _is_text(types, kind):
        return CodedCells(_coded(pa, column))
    if types.is_list(kind) or types.is_large_list(kind):
        return _lists(column)
    null = _nulls(column)
    if types.is_boolean(kind):
        return NumberCells(_filled(column.cast(pa.int8()), 0).astype(np.int64), null, Type.TRUTH)
    if types.is_date(kind) or types.is_timestamp(kind):
        days = column.cast(pa.date32(), safe=False).cast(pa.int32())
        return NumberCells(_filled(days, 0).astype(np.int64) + EPOCH, null, Type.DATE)
    if types.is_integer(kind):
        return NumberCells(_filled(column.cast(pa.int64()), 0), null, Type.NUMBER)
    if types.is_floating(kind) or types.is_decimal(kind):
        return NumberCells(_filled(column.cast(pa.float64()), 0.0), null, Type.NUMBER)
    return None


def _is_text(types: Any, kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _nulls(column: Any) -> NDArray[np.bool_]:
    """Which cells are null. Shape (rows,)."""
    if column.null_count == 0:
        return np.zeros(len(column), dtype=bool)
    found: NDArray[np.bool_] = column.is_null().combine_chunks().to_numpy(zero_copy_only=False).astype(bool)
    return found


def _filled(column: Any, value: float) -> NDArray[Any]:
    """The values of a column as numpy, nulls replaced."""
    if column.null_count:
        column = column.fill_null(value)
    array: NDArray[Any] = column.combine_chunks().to_numpy(zero_copy_only=False)
    return array


def _coded(pa: Any, column: Any, distinct: bool = True) -> Coded:
    """The codes of a text column; "" is not given."""
    if not pa.types.is_dictionary(column.type):
        if pa.types.is_string_view(column.type):
            column = column.cast(pa.large_string())
        column = column.dictionary_encode()
    array = column.unify_dictionaries().combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0)
    dictionary = array.dictionary
    if dictionary.null_count or not (distinct or _is_distinct(pa, dictionary)):
        # A dictionary of a caller's may say a word twice, or hold a null of its own.
        return _coded(pa, column.cast(pa.large_string()))
    indices = array.indices.fill_null(-1) if array.indices.null_count else array.indices
    codes = indices.to_numpy(zero_copy_only=False).astype(np.int64)
    empty = pa.compute.index(dictionary, pa.scalar("", dictionary.type)).as_py()
    if empty >= 0:
        codes = np.where(codes == empty, -1, codes)
    return without_unused(codes, dictionary)


def _is_distinct(pa: Any, dictionary: Any) -> bool:
    return int(pa.compute.count_distinct(dictionary).as_py()) == len(dictionary)


def without_unused(codes: NDArray[np.int64], dictionary: Any) -> Coded:
    """A column without the words that stand in no row."""
    used = np.zeros(len(dictionary) + 1, dtype=bool)
    used[codes] = True
    if used[:-1].all():
        return Coded(codes, ArrowWords(dictionary))
    number = np.append(np.cumsum(used[:-1]) - 1, -1)
    return Coded(number[codes], ArrowWords(dictionary.take(np.flatnonzero(used[:-1]))))


class ArrowWords(Sequence[str]):
    """The distinct words of a column; texts are made of them when they are asked for."""

    def __init__(self, array: Any) -> None:
        self.array = array

    @cached_property
    def texts(self) -> list[str]:
        """The words as a list."""
        found: list[str] = self.array.to_pylist()
        return found

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        return self.texts[number]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def are_plain(self, most: int) -> bool:
        """Whether all are printable ASCII of 1 to `most` characters, without a space at an end."""
        if not len(self.array):
            return True
        _, offsets, data = self.array.buffers()
        size = np.dtype(np.int64 if str(self.array.type).startswith("large") else np.int32)
        ends: NDArray[Any] = np.frombuffer(offsets, size)[self.array.offset :][: len(self.array) + 1]
        lengths = ends[1:] - ends[:-1]
        if lengths.min() < 1 or lengths.max() > most:
            return False
        text = np.frombuffer(data, np.uint8)
        spaces = (text[ends[:-1]] == SPACE) | (text[ends[1:] - 1] == SPACE)
        body = text[ends[0] : ends[-1]]
        return bool(body.min() >= SPACE and body.max() <= TILDE and not spaces.any())

    def numbers_in(self, words: Any) -> NDArray[np.int64]:
        """The place of each word in an Arrow array of distinct words; -1 for one that is not there."""
        import pyarrow as pa

        found = pa.compute.index_in(self.array, value_set=words.cast(self.array.type)).fill_null(-1)
        places: NDArray[np.int64] = found.to_numpy(zero_copy_only=False).astype(np.int64)
        return places


def _lists(column: Any) -> Cells | None:
    """Lists of names, written with spaces between them."""
    rows = column.to_pylist()
    if not all(row is None or all(isinstance(item, str) for item in row) for row in rows):
        return None
    return TextCells([None if row is None else " ".join(row) for row in rows])
