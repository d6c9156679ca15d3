"""A batch as a whole: from positions in files to answers in a folder, or in one CSV file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pmdsl.asking import refuse_unread
from pmdsl.batch.arrow import arrow
from pmdsl.batch.executors import Executor
from pmdsl.batch.executors.here import Here
from pmdsl.batch.manifest import STAGING, manifest_of, may_begin, may_resume
from pmdsl.batch.positions import Tell, chunks_of
from pmdsl.batch.publishing import QUARANTINE, joined_csv, remove_unfinished
from pmdsl.batch.reading import FILE, ROW
from pmdsl.batch.running import Progress, batch
from pmdsl.batch.sheets import opened
from pmdsl.batch.staging import Staging
from pmdsl.batch.station import market_of
from pmdsl.batch.values import Chunk, Summary
from pmdsl.batch.work import Work
from pmdsl.portfolio.book import Book, Table
from pmdsl.rules import Rules

CHUNK_ROWS = 1_000_000
PARTS = ".parts"
ASIDE_CSV = "_quarantine.csv"


@dataclass(frozen=True)
class Options:
    """How a batch is run: about how many positions a chunk has, and what to do where something is there.

    `unsorted` deals positions out by account without a look at their order.
    """

    chunk_rows: int = CHUNK_ROWS
    resume: bool = False
    strict: bool = False
    unsorted: bool = False


@dataclass(frozen=True)
class Watch:
    """Who is told of a batch on its way: of positions to come, of chunks that are done, of copies to make."""

    planned: Callable[[int], None] = lambda positions: None
    done: Progress = lambda done: None
    tell: Tell = lambda text: None


def run_batch(
    rules: Rules,
    work: Work,
    positions: object,
    out: str | Path,
    executor: Executor | None = None,
    options: Options | None = None,
    watch: Watch | None = None,
) -> Summary:
    """Answer all accounts of some positions under the rules and the market of `work`.

    `positions` are a Parquet or CSV file, a folder of such files, an Arrow stream, or columns by name. `out`
    is a folder, which gets a Parquet file for each chunk, or a path that ends in .csv. `work` is of `rules`.
    Raises PmdslError where something is wrong that is not one account's; what was published by then stays,
    and the same call with `resume` goes on from there.
    """
    arrow()
    options, watch, target = options or Options(), watch or Watch(), Path(out)
    folder = folder_of(target, options.resume)
    # A market that cannot be read is told before positions are copied, which may take long.
    market = market_of(work)
    staging = Staging(folder / STAGING, options.chunk_rows)
    chunks = chunks_of(positions, staging, options.unsorted, watch.tell)
    notes = refuse_unread([rules], sample(work, market, chunks))
    manifest = manifest_of(work, chunks)
    may_resume(folder, manifest)
    manifest.write(folder)
    watch.planned(sum(chunk.rows for chunk in chunks))
    summary = batch(work, chunks, folder, executor or Here(), watch.done, options.strict)
    summary = replace(summary, notes=(*notes, *summary.notes))
    if summary.stopped:
        return summary
    summary = gathered(summary, target, folder)
    if folder == target:
        manifest.completed(summary).write(folder)
    else:
        shutil.rmtree(folder)
    return summary


def folder_of(target: Path, resume: bool) -> Path:
    """The folder in which chunks are published. Raises PmdslError where it may not be used."""
    is_csv = target.suffix.lower() == ".csv"
    if is_csv:
        may_begin(target, resume=False)
    folder = target.with_name(target.name + PARTS) if is_csv else target
    may_begin(folder, resume)
    return folder


# ---- what nobody reads -------------------------------------------------------------------------------------


def sample(work: Work, market: Book, chunks: Sequence[Chunk]) -> Book:
    """The market, with a position and an account that give a value in every column that there is."""
    pieces = [piece for chunk in chunks for piece in chunk.pieces]
    names: list[str] = []
    if pieces:
        with opened(pieces[0].path) as file:
            names = [name for name in file.schema_arrow.names if name not in (FILE, ROW)]
    book = replace(market, positions=filled("positions", names))
    if work.accounts is not None:
        book = replace(book, accounts=filled("accounts", columns_of(work.accounts.opened())))
    return book


def filled(name: str, columns: Sequence[str]) -> Table:
    """A table with one row of texts."""
    return Table(name, 1, {column: np.array(["given"], dtype=object) for column in columns})


def columns_of(table: Any) -> list[str]:
    """The columns of an Arrow table, or of a text of CSV."""
    if hasattr(table, "column_names"):
        return list(table.column_names)
    header: str = table.text.partition("\n")[0]
    return [name.strip().strip('"') for name in header.rstrip("\r").split(",")]


# ---- the end -----------------------------------------------------------------------------------------------


def gathered(summary: Summary, target: Path, folder: Path) -> Summary:
    """Write the list of accounts put aside, and the one CSV file where that is wanted; remove copies."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)
    remove_unfinished(folder)
    is_folder = folder == target
    aside = folder / ASIDE_CSV if is_folder else target.with_name(target.stem + ".quarantine.csv")
    if summary.quarantined:
        joined_csv(aside, parts(folder / QUARANTINE))
    if not is_folder:
        joined_csv(target, parts(folder))
    return replace(summary, out=target, quarantine=aside if summary.quarantined else None)


def parts(folder: Path) -> Iterator[Path]:
    """The published files of a folder, in the order of their chunks."""
    yield from sorted(folder.glob("part-*.parquet"))
