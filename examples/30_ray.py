"""Margin on a Ray cluster: an executor of one's own in thirty lines.

python examples/30_ray.py [address of a cluster]

An executor is anything that runs `answer_chunk` for every chunk of a batch. This one keeps an actor for each
worker: the work is sent to it once, the market is priced there once, and an actor that dies is started again
with what it was doing. Needs ray and pmdsl[arrow] on every machine, and files that all of them see.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import ray
from pyarrow import csv, parquet

import pmdsl
from pmdsl.batch.answering import answer_chunk
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.whole import Options, run_batch
from pmdsl.batch.work import Work, work_of

TABLES = Path(__file__).parent / "tables"
COPIES = 1_000
AHEAD = 2


@ray.remote(max_restarts=3, max_task_retries=3)
class Worker:
    """A worker's post, as an actor."""

    def __init__(self, work: Work, out: Path) -> None:
        self.station, self.out = work.open(), out

    def answer(self, chunk: Chunk) -> Done:
        """Answer a chunk and publish it."""
        return answer_chunk(self.station, chunk, self.out)


@dataclass(frozen=True)
class Ray:
    """Answers chunks with some actors; each has two at most, however many there are."""

    workers: int

    def run(self, work: Work, chunks: Iterable[Chunk], out: Path) -> Iterator[Done]:
        """Chunks as they are done, in any order."""
        sent = ray.put(work)  # kept until the end: an actor that is started again asks for it
        actors = [Worker.remote(sent, out.absolute()) for _ in range(self.workers)]
        waiting = iter(chunks)
        flying = {}
        for actor in actors * AHEAD:
            if (chunk := next(waiting, None)) is not None:
                flying[actor.answer.remote(chunk)] = actor
        while flying:
            (ready, *_), _ = ray.wait(list(flying))
            actor = flying.pop(ready)
            if (chunk := next(waiting, None)) is not None:
                flying[actor.answer.remote(chunk)] = actor
            yield ray.get(ready)


def copies(folder: Path) -> Path:
    """The three accounts of the tables, a thousand times over, in the order of their names."""
    one = csv.read_csv(TABLES / "positions.csv")
    parts = []
    for copy in range(COPIES):
        names = [f"{copy:04d}-{account}" for account in one["account"].to_pylist()]
        parts.append(one.set_column(0, "account", pa.array(names)))
    path = folder / "positions.parquet"
    parquet.write_table(pa.concat_tables(parts), path, row_group_size=2_000)
    return path


ray.init(address=sys.argv[1]) if len(sys.argv) > 1 else ray.init(num_cpus=2, include_dashboard=False)
rules = pmdsl.load("us.finra.cpm")
market = (TABLES / "instruments.csv", TABLES / "underlyings.csv")
work = work_of(rules, *market, on=date(2023, 9, 14), sections={"rate": 0.0545})
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    summary = run_batch(rules, work, copies(folder), folder / "margin", Ray(2), Options(chunk_rows=2_000))
    print(f"{summary.accounts} accounts in {summary.chunks} chunks, {summary.quarantined} put aside")
    answers = parquet.read_table(folder / "margin")
    for row in answers.slice(0, 3).to_pylist():
        print(row["account"], row["maintenance"])
ray.shutdown()
