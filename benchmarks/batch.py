"""Batches from Parquet to Parquet in one process: how fast beside reading alone, and how much memory.

    python -m benchmarks batch
    python -m benchmarks.batch 100000000 compiled      one size, in this process, printed as JSON

Positions are sorted by account, about twenty an account, in row groups of a million, under `us.finra.cpm`
with 50,000 European options. Each size runs in a process of its own, so that its peak of memory is its own.
What is compared is the work itself: rules are compiled and the market is priced before.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from benchmarks import books
from benchmarks.grown import RESET, resident
from benchmarks.measure import Row, at_most, interleaved
from benchmarks.peers import told_by
from benchmarks.scaling import FULL, TINY, Size, work_for
from pmdsl.batch.answering import answer_chunk
from pmdsl.batch.positions import chunks_of
from pmdsl.batch.staging import Staging
from pmdsl.batch.station import Station
from pmdsl.engine import Engine

GOAL = "14"
SIZES = (1_000_000, 5_000_000, 20_000_000)
SMALL = (2_000,)
GROUP_ACCOUNTS = 50_000
CHUNK_ROWS = 1_000_000
ROUNDS = 3
TEXTS = ["account", "instrument"]


def rows(quick: bool = False) -> Iterator[Row]:
    """Each size under each engine: seconds beside those of reading, and the peak of memory."""
    engines = ["numpy", "compiled"] if find_spec("numba") else ["numpy"]
    for engine in engines:
        for size in SMALL if quick else SIZES:
            found = told_by(sys.executable, "-m", "benchmarks.batch", str(size), engine)
            yield from compared(found, engine)


def compared(found: dict[str, Any], engine: str) -> Iterator[Row]:
    """The rows of one size."""
    what = f"{found['positions']:,} positions, {engine}, Parquet to Parquet"
    goal = at_most(2.5) if engine == "compiled" else None
    note = f"{found['positions'] / found['batch']:,.0f} positions a second"
    yield Row(GOAL, what, found["batch"], "reading", found["reading"], goal, note, others=found["others"])
    yield Row("", what, found["batch"], "reading as dictionaries", found["reading as dictionaries"])
    yield Row("", f"{what}, peak of memory", found["megabytes"], "", None, unit="MB")


def measured(size: int, engine: Engine) -> dict[str, Any]:
    """Medians of processor seconds of a batch and of reading its file, and the peak of memory."""
    market = TINY if size < CHUNK_ROWS else FULL
    with TemporaryDirectory() as name:
        path, out = Path(name) / "positions.parquet", Path(name) / "out"
        positions = written(path, size, market)
        station = work_for(market, engine).open()
        contenders = {
            "batch": partial(answered, station, path, out),
            "reading": partial(read, path, []),
            "reading as dictionaries": partial(read, path, TEXTS),
        }
        RESET.write_text("5")
        contenders["batch"]()
        peak = resident("VmHWM")
        found = interleaved(contenders, ROUNDS if size <= SIZES[-1] else 1, warm=0)
    told: dict[str, Any] = {name: one.processor for name, one in found.items()}
    walls = {f"{name}, wall": one.wall for name, one in found.items()}
    return told | walls | {"positions": positions, "megabytes": peak, "others": found["batch"].others}


def answered(station: Station, path: Path, out: Path) -> int:
    """Answer all chunks of a file; how many accounts there are."""
    out.mkdir(exist_ok=True)
    chunks = chunks_of(path, Staging(out / "_staging", CHUNK_ROWS))
    return sum(answer_chunk(station, chunk, out).accounts for chunk in chunks)


def read(path: Path, texts: list[str]) -> int:
    """Read a file one row group after the other; how many positions it has."""
    with parquet.ParquetFile(path, read_dictionary=texts) as file:
        return sum(file.read_row_group(k).num_rows for k in range(file.num_row_groups))


def written(path: Path, size: int, given: Size) -> int:
    """Write about so many positions; how many it became."""
    market = books.market(given.instruments)
    names = pa.array(books.words("I", np.arange(market.instruments)), pa.string())
    kinds = [("account", pa.string()), ("instrument", pa.string()), ("quantity", pa.float64())]
    total, number = 0, 0
    with parquet.ParquetWriter(path, pa.schema(kinds)) as sink:
        while total < size:
            accounts = min(GROUP_ACCOUNTS, max(1, (size - total) // books.MEAN_POSITIONS))
            held = books.positions(market, accounts, seed=number)
            owners = pa.array(books.words(f"A{number:04d}-", np.arange(accounts)), pa.string())
            columns = [
                owners.take(pa.array(held.account)),
                names.take(pa.array(held.instrument)),
                held.quantity,
            ]
            sink.write_table(pa.table(columns, schema=sink.schema), row_group_size=len(held.quantity))
            total, number = total + held.size, number + 1
    return total


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), sys.argv[2])))  # type: ignore[arg-type]
