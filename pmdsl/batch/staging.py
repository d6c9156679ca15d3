"""Positions that cannot be cut where they stand, written anew as Parquet in bounded memory.

CSV files and Arrow streams are copied row by row in their order. Positions whose accounts do not follow each
other are dealt out to buckets by the digest of their account, so that a bucket holds whole accounts.
Each row keeps the file and the row that it came from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmdsl.batch.arrow import arrow
from pmdsl.batch.reading import FILE, ROW
from pmdsl.batch.sheets import ACCOUNT, FILES, Sheet, open_sheet, opened, unreadable
from pmdsl.batch.values import Chunk, Share, digest_of
from pmdsl.diagnostics import PmdslError
from pmdsl.portfolio.arrow import text_columns

MOST_BUCKETS = 500
BATCH = 131_072


@dataclass(frozen=True)
class Staging:
    """A folder for files of ours, and how many rows are held in memory."""

    folder: Path
    chunk_rows: int

    def kept(self, name: str) -> list[Path] | None:
        """The files of a stage that was finished earlier."""
        folder = self.folder / name
        return sorted(folder.glob("*.parquet")) if folder.is_dir() else None

    def begin(self, name: str) -> Path:
        """An empty folder for the files of a stage that is not finished. Raises PmdslError."""
        folder = self.folder / f"{name}.{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            message = f"`{folder}` cannot be written: {error.strerror or error}"
            raise PmdslError.single("PM904", message) from None
        return folder

    def finish(self, folder: Path, name: str) -> list[Path]:
        """Give a finished stage its name at once."""
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        os.replace(folder, target)
        return sorted(target.glob("*.parquet"))


def reopened(paths: Iterable[Path]) -> list[Sheet]:
    """The files of a stage; they are told from others by their content."""
    return [open_sheet(path, content_digest(path)) for path in paths]


def content_digest(path: Path) -> str:
    """The digest of the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---- copies in their order ---------------------------------------------------------------------------------


def copied(batches: Iterable[Any], schema: Any, name: str, staging: Staging, stage: str) -> Sheet:
    """A file with the rows of record batches, in row groups of about a chunk. Raises what batches raise."""
    folder = staging.begin(stage)
    with writer(folder / "positions.parquet", schema, [name]) as sink:
        start = 0
        for table in gathered(batches, schema, staging.chunk_rows):
            rows = np.arange(start, start + len(table))
            mine = with_origin(table, np.zeros(len(table), dtype=np.int32), rows, sink.schema)
            sink.write_table(mine, staging.chunk_rows)
            start += len(table)
    return reopened(staging.finish(folder, stage))[0]


def gathered(batches: Iterable[Any], schema: Any, rows: int) -> Iterator[Any]:
    """Tables of at least so many rows each, the last one perhaps fewer, of the rows of record batches."""
    pa = arrow()
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) >= rows:
            yield pa.Table.from_batches(waiting, schema)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting, schema)


def writer(path: Path, schema: Any, files: Sequence[str]) -> Any:
    """A Parquet writer for positions of ours, plain texts in place of dictionaries."""
    pa = arrow()
    import pyarrow.parquet as parquet

    fields = [field.with_type(plain(pa, field.type)) for field in schema]
    fields += [pa.field(FILE, pa.int32()), pa.field(ROW, pa.int64())]
    fields = [f.with_type(pa.string()) if f.name == ACCOUNT else f for f in fields]
    told = {FILES: "\n".join(files).encode()}
    return parquet.ParquetWriter(path, pa.schema(fields, metadata=told), compression="zstd")


def plain(pa: Any, kind: Any) -> Any:
    """The type of the values behind a dictionary."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def with_origin(table: Any, files: NDArray[np.int32], rows: NDArray[np.int64], schema: Any) -> Any:
    """A table with the origin of its rows, in a schema of `writer`."""
    pa = arrow()
    columns = [*table.columns, pa.array(files, pa.int32()), pa.array(rows, pa.int64())]
    wanted = [column.cast(field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(wanted, schema=schema)


# ---- buckets -----------------------------------------------------------------------------------------------


def bucketed(sheets: Sequence[Sheet], staging: Staging) -> list[Chunk]:
    """Chunks of accounts dealt out by their digest; about twice a chunk is held in memory."""
    rows = sum(sheet.rows for sheet in sheets)
    count = min(max(1, -(-rows // staging.chunk_rows)), MOST_BUCKETS)
    stage = "buckets-" + digest_of(str(count), *(sheet.identity for sheet in sheets))
    found = staging.kept(stage) or deal(sheets, count, staging, stage)
    return [
        Chunk(number, (sheet.piece(0, sheet.rows),), Share(bucket=number, buckets=count))
        for number, sheet in enumerate(reopened(found))
    ]


def deal(sheets: Sequence[Sheet], count: int, staging: Staging, stage: str) -> list[Path]:
    """Write every row of some files into the bucket of its account."""
    folder = staging.begin(stage)
    files, schema = [sheet.origins[0] for sheet in sheets], sheets[0].schema
    names = [name for name in schema.names if name not in (FILE, ROW)]
    fields = [schema.field(name) for name in names]
    sinks = [writer(folder / f"{n:04d}.parquet", fields, files) for n in range(count)]
    try:
        for table, file, row in numbered(sheets, names, files, 2 * staging.chunk_rows):
            buckets = buckets_of(table.column(ACCOUNT), count)
            order = np.argsort(buckets, kind="stable")
            sorted_table = with_origin(table.take(order), file[order], row[order], sinks[0].schema)
            bounds = np.searchsorted(buckets[order], np.arange(count + 1))
            for number, sink in enumerate(sinks):
                low, high = int(bounds[number]), int(bounds[number + 1])
                if low < high:
                    sink.write_table(sorted_table.slice(low, high - low))
    finally:
        for sink in sinks:
            sink.close()
    return staging.finish(folder, stage)


def numbered(
    sheets: Sequence[Sheet], names: Sequence[str], files: Sequence[str], rows: int
) -> Iterator[tuple[Any, NDArray[np.int32], NDArray[np.int64]]]:
    """Tables of about so many rows, with the number of the file and of the row of each row."""
    pa = arrow()
    for number, sheet in enumerate(sheets):
        texts = text_columns(pa, sheet.schema)
        start = 0
        try:
            with opened(sheet.path, texts) as file:
                batches = file.iter_batches(BATCH, columns=list(names))
                for table in gathered(batches, None, rows):
                    own = np.arange(start, start + len(table))
                    start += len(table)
                    yield table.unify_dictionaries(), np.full(len(table), number, dtype=np.int32), own
        except (OSError, pa.ArrowException) as error:
            raise unreadable(sheet.path, error) from None


def buckets_of(accounts: Any, count: int) -> NDArray[np.int64]:
    """The bucket of each account of a column; the first where none is given. Shape (rows,)."""
    pa = arrow()
    column = accounts
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    array = column.unify_dictionaries().combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0)
    words = array.dictionary.to_pylist()
    numbers = np.array([bucket_of(word, count) for word in words] + [0], dtype=np.int64)
    found: NDArray[np.int64] = numbers[array.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return found


def bucket_of(account: str | None, count: int) -> int:
    """The bucket of an account."""
    return zlib.crc32((account or "").encode()) % count
