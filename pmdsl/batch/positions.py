"""From what a caller gives as positions to chunks: Parquet where it stands, anything else by a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pmdsl.batch.arrow import arrow
from pmdsl.batch.cutting import cut_in_order, in_order, small_groups
from pmdsl.batch.reading import FILE, ROW
from pmdsl.batch.sheets import Sheet, open_sheet, opened, stamp, unreadable
from pmdsl.batch.staging import BATCH, Staging, bucketed, copied, reopened
from pmdsl.batch.values import Chunk, digest_of
from pmdsl.diagnostics import PmdslError, did_you_mean

PARQUET = (".parquet", ".pq")
CSV = ".csv"
CSV_BLOCK = 1 << 24
Tell = Callable[[str], None]

UNSORTED = "positions are not in the order of their accounts: they are dealt out by account first"
COPIED = "{name} is copied to Parquet first"
LARGE_GROUPS = "{name} has row groups much larger than a chunk: it is copied first"


def chunks_of(
    positions: object, staging: Staging, unsorted: bool = False, tell: Tell = lambda text: None
) -> list[Chunk]:
    """The chunks of positions: a file, a folder of files, an Arrow stream, or columns by name.

    `tell` is told where a copy has to be made first. Raises PmdslError.
    """
    sheets = sheets_of(positions, staging, tell)
    same_columns(sheets)
    if not unsorted and in_order(sheets) and not small_groups(sheets, staging.chunk_rows):
        # What a large row group hides of the order of its accounts, smaller ones show.
        sheets = [smaller(sheet, staging, tell) for sheet in sheets]
    chunks = None if unsorted or not in_order(sheets) else cut_in_order(sheets, staging.chunk_rows)
    if chunks is None:
        tell(UNSORTED)
        return bucketed(sheets, staging)
    return chunks


def sheets_of(positions: object, staging: Staging, tell: Tell) -> list[Sheet]:
    """Positions as Parquet files. Raises PmdslError."""
    if isinstance(positions, str | Path):
        return [sheet_at(path, staging, tell) for path in files_at(Path(positions))]
    pa = arrow()
    try:
        given = dict(positions) if isinstance(positions, Mapping) else positions
        reader = pa.table(given).to_reader() if isinstance(given, dict) else reader_of(given)
    except (TypeError, ValueError, pa.ArrowException) as error:
        message = f"`positions` is not a readable Arrow stream: {str(error)[:200]}"
        raise PmdslError.single("PM622", message) from None
    return [copied(reader, reader.schema, "positions", staging, "stream")]


def reader_of(given: Any) -> Any:
    """The record batches of an Arrow stream. Raises TypeError."""
    if not hasattr(given, "__arrow_c_stream__"):
        expected = "expected a file, a folder, an object with an Arrow stream, or a mapping of columns"
        raise TypeError(f"{expected}, found {type(given).__name__}")
    return arrow().RecordBatchReader.from_stream(given)


def files_at(path: Path) -> list[Path]:
    """A file, or the files of a folder. Raises PmdslError."""
    if path.is_file():
        if path.suffix.lower() not in (*PARQUET, CSV):
            raise PmdslError.single("PM621", f"`{path}`: expected a file that ends in .parquet or .csv")
        return [path]
    if not path.is_dir():
        near = [entry.name for entry in path.parent.iterdir()][:1000] if path.parent.is_dir() else []
        raise PmdslError.single("PM601", f"there is no file `{path}`", hint=did_you_mean(path.name, near))
    found = [file for file in sorted(path.rglob("*")) if is_table(file, path)]
    if not found:
        raise PmdslError.single("PM601", f"the folder `{path}` has no file that ends in .parquet or .csv")
    return found


def is_table(file: Path, folder: Path) -> bool:
    """Whether a file below a folder is a table of it: what begins with `.` or `_` is not."""
    hidden = any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
    return not hidden and file.suffix.lower() in (*PARQUET, CSV) and file.is_file()


def sheet_at(path: Path, staging: Staging, tell: Tell) -> Sheet:
    """A file as Parquet, copied where it is CSV. Raises PmdslError."""
    if path.suffix.lower() in PARQUET:
        return open_sheet(path)
    stage = "csv-" + digest_of(str(path), stamp(path), str(staging.chunk_rows))
    kept = staging.kept(stage)
    if kept:
        return reopened(kept)[0]
    tell(COPIED.format(name=path.name))
    pa = arrow()
    try:
        reader = csv_reader(path)
        return copied(reader, reader.schema, str(path), staging, stage)
    except OSError as error:
        raise PmdslError.single("PM601", f"`{path}` cannot be read: {error.strerror or error}") from None
    except pa.ArrowException as error:
        raise PmdslError.single("PM620", f"`{path}` is not CSV: {str(error)[:200]}") from None


def csv_reader(path: Path) -> Any:
    """The rows of a CSV file in blocks, all columns as text; empty cells are null."""
    pa = arrow()
    from pyarrow import csv

    read, parse = csv.ReadOptions(block_size=CSV_BLOCK), csv.ParseOptions(newlines_in_values=True)
    with csv.open_csv(path, read, parse) as first:
        names = first.schema.names
    texts = csv.ConvertOptions(
        column_types={name: pa.string() for name in names}, null_values=[""], strings_can_be_null=True
    )
    return csv.open_csv(path, read, parse, texts)


def smaller(sheet: Sheet, staging: Staging, tell: Tell) -> Sheet:
    """A file with row groups no larger than a chunk, in the same order."""
    tell(LARGE_GROUPS.format(name=sheet.path.name))
    stage = "copy-" + digest_of(sheet.identity, str(staging.chunk_rows))
    kept = staging.kept(stage)
    if kept:
        return reopened(kept)[0]
    try:
        with opened(sheet.path) as file:
            return copied(batches_of(file), sheet.schema, str(sheet.path), staging, stage)
    except (OSError, arrow().ArrowException) as error:
        raise unreadable(sheet.path, error) from None


def batches_of(file: Any) -> Iterator[Any]:
    """The rows of a Parquet file in batches."""
    yield from file.iter_batches(BATCH)


def same_columns(sheets: Sequence[Sheet]) -> None:
    """Raise where a file has other columns than the first."""
    first = columns_of(sheets[0])
    for sheet in sheets[1:]:
        if columns_of(sheet) != first:
            one, other = sheet.origins[0], sheets[0].origins[0]
            message = f"`{one}` has other columns, or columns of other types, than `{other}`"
            raise PmdslError.single("PM622", message, hint="give them in two batches")


def columns_of(sheet: Sheet) -> dict[str, Any]:
    """The columns of a file and their types, without those of ours."""
    return {field.name: field.type for field in sheet.schema if field.name not in (FILE, ROW)}
