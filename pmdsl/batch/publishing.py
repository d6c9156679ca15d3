"""Files that are there as a whole or not at all: written under another name, then renamed."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pmdsl.batch.arrow import arrow
from pmdsl.batch.values import Chunk, Done, digest_of
from pmdsl.diagnostics import PmdslError

COUNTS = ("accounts", "positions", "quarantined")
QUARANTINE = "_quarantine"


def part_name(chunk: Chunk, work: str) -> str:
    """The name of a chunk's file: its number, and the digest of everything that its answers depend on."""
    return f"part-{chunk.number:06d}-{digest_of(chunk.digest, work)}"


def part_path(out: Path, name: str) -> Path:
    """The file of a chunk's answers."""
    return out / f"{name}.parquet"


def aside_path(out: Path, name: str) -> Path:
    """The file of the accounts of a chunk that are put aside."""
    return out / QUARANTINE / f"{name}.parquet"


@contextmanager
def published(path: Path) -> Iterator[Path]:
    """A path to write to; what was written takes the place of `path` at once. Raises PmdslError."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        message = f"`{path}` cannot be written: {error.strerror or error}"
        raise PmdslError.single("PM904", message) from None
    finally:
        temporary.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what processes that were killed had not finished writing."""
    for left in folder.rglob(".*"):
        left.unlink(missing_ok=True)


def publish(path: Path, table: Any, counts: dict[str, int] | None = None) -> None:
    """Write a table as Parquet, with counts in its metadata. Raises PmdslError."""
    arrow()
    import pyarrow.parquet as parquet

    told = {f"pmdsl.{name}": str(count) for name, count in (counts or {}).items()}
    with published(path) as temporary:
        parquet.write_table(table.replace_schema_metadata(told or None), temporary, use_dictionary=False)


def kept(path: Path, chunk: Chunk) -> Done | None:
    """A chunk that was published before; None where it was not, or cannot be read."""
    pa = arrow()
    import pyarrow.parquet as parquet

    try:
        told = parquet.read_schema(path).metadata or {}
        accounts, positions, aside = (int(told[f"pmdsl.{name}".encode()]) for name in COUNTS)
    except (OSError, pa.ArrowException, KeyError, ValueError):
        return None
    return Done(chunk.digest, accounts, positions, aside, path, 0.0, kept=True)


def write_text(path: Path, text: str) -> None:
    """Publish a text. Raises PmdslError."""
    with published(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def joined_csv(path: Path, parts: Iterator[Path]) -> None:
    """Publish the rows of Parquet files as one CSV file, one part in memory at a time. Raises PmdslError."""
    arrow()
    import pyarrow.parquet as parquet
    from pyarrow import csv

    with published(path) as temporary, temporary.open("wb") as sink:
        first = True
        for part in parts:
            table = parquet.read_table(part, partitioning=None)
            csv.write_csv(table, sink, csv.WriteOptions(include_header=first))
            first = False
