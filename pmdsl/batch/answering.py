"""One chunk: read, answered, published."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pmdsl.batch.arrow import arrow
from pmdsl.batch.station import Station
from pmdsl.batch.values import Chunk, Done, digest_of


def part_name(station: Station, chunk: Chunk) -> str:
    """The file of a chunk's answers: its number, and the digest of everything that they depend on."""
    return f"part-{chunk.number:06d}-{digest_of(chunk.digest, station.work.digest)}.parquet"


def answer_chunk(station: Station, chunk: Chunk, out: Path) -> Done:
    """Answer the accounts of a chunk and publish the file at once. Raises PmdslError."""
    begun = time.monotonic()
    pa = arrow()
    import pyarrow.parquet as parquet

    tables = [parquet.read_table(piece.path).slice(piece.start, piece.rows) for piece in chunk.pieces]
    found = station.rules.margin(pa.concat_tables(tables))
    path = out / part_name(station, chunk)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    parquet.write_table(found.to_arrow(), temporary)
    os.replace(temporary, path)
    failed = int(found.answer.failed().sum())
    return Done(chunk.digest, len(found), chunk.rows, failed, path, time.monotonic() - begun)
