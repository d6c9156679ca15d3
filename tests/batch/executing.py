"""What the tests of executors share: a small work, chunks of whole accounts, chunks that kill workers."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from pmdsl.batch.executors import Executor
from pmdsl.batch.values import Chunk, Done, Piece, Share
from pmdsl.batch.work import Work, work_of
from pmdsl.diagnostics import Finding, PmdslError
from tests.api.world import ROOT, rules

UNDERLYINGS = {"id": ["SPX", "SPY", "XYZ"], "kind": ["index", "etf", "stock"], "price": [4500.0, 450.0, 50.0],
               "tracks": [None, "SPX", None], "breadth": ["broad", "broad", None], "currency": ["USD"] * 3,
               "capitalization": ["high", "high", None], "dividend_yield": [0.015, None, None]}  # fmt: skip
INSTRUMENTS = {"id": ["SPX-P", "XYZ-C"], "kind": ["option"] * 2, "underlying": ["SPX", "XYZ"],
               "right": ["put", "call"], "strike": [4300.0, 55.0], "expiry": ["2026-06-19"] * 2,
               "exercise": ["european"] * 2, "implied_volatility": [0.16, 0.4]}  # fmt: skip
NAMES = ("SPX-P", "XYZ-C", "SPY", "XYZ")
ACCOUNTS = 12


def some_work() -> Work:
    """Portfolio margin of a small market."""
    return work_of(rules(), INSTRUMENTS, UNDERLYINGS, on=date(2026, 3, 2), sections={"rate": 0.04})


def some_chunks(folder: Path, count: int = 8, accounts: int = ACCOUNTS) -> list[Chunk]:
    """Files of positions in a folder, a chunk each: of all accounts no two stand in two chunks."""
    return [chunk_of(book(folder, number, accounts), number) for number in range(count)]


def book(folder: Path, number: int, accounts: int) -> Path:
    """A file of drawn positions."""
    draw = np.random.default_rng(number)
    held = np.repeat(np.arange(accounts), 3)
    columns = {
        "account": [f"{number:02d}-{account:03d}" for account in held.tolist()],
        "instrument": draw.choice(NAMES, len(held)),
        "quantity": draw.integers(-9, 10, len(held)).astype(float),
    }
    path = folder / f"positions-{number:02d}.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def chunk_of(path: Path, number: int) -> Chunk:
    """A whole file as one chunk."""
    rows = parquet.read_metadata(path).num_rows
    return Chunk(number, (Piece(path, 0, rows, path.name),), Share())


def answered(executor: Executor, work: Work, chunks: Iterable[Chunk], out: Path) -> list[Done]:
    """What an executor says is done, with its answers in a folder."""
    out.mkdir(exist_ok=True)
    return list(executor.run(work, chunks, out))


def published(out: Path) -> dict[str, pa.Table]:
    """The answers in a folder by their file."""
    return {path.name: parquet.read_table(path) for path in sorted(out.glob("*.parquet"))}


def names(out: Path) -> list[str]:
    """Every account that the answers in a folder name, as often as they do."""
    return sorted(name for table in published(out).values() for name in table["account"].to_pylist())


def refused(executor: Executor, work: Work, chunks: Iterable[Chunk], out: Path) -> Finding:
    """The one finding that an executor raises."""
    out.mkdir(exist_ok=True)
    try:
        list(executor.run(work, chunks, out))
    except PmdslError as problem:
        (finding,) = problem.findings
        return finding
    raise AssertionError("nothing was raised")


def page(code: str) -> str:
    """The message that the page of a code shows."""
    text = (ROOT / "docs" / "errors" / f"{code}.md").read_text(encoding="utf-8")
    return text.partition("```text\n")[2].partition("```")[0]


def shown(finding: Finding) -> str:
    """A finding as pages show it."""
    return f"{finding}\n  hint: {finding.hint}\n"


def counted(chunks: Iterable[Chunk], taken: list[int]) -> Iterator[Chunk]:
    """Chunks, with the number of each that was taken."""
    for chunk in chunks:
        taken.append(chunk.number)
        yield chunk


class Deadly(Chunk):
    """A chunk that kills the process in which it arrives, were it not made there."""

    def __reduce__(self) -> tuple[object, ...]:
        return arrive, (os.getpid(), self.number, self.pieces, self.share)


def arrive(home: int, number: int, pieces: tuple[Piece, ...], share: Share) -> Chunk:
    """The chunk at home; elsewhere the end."""
    if os.getpid() != home:
        os.kill(os.getpid(), signal.SIGKILL)
    return Deadly(number, pieces, share)


def deadly(chunk: Chunk) -> Chunk:
    """A chunk that ends its worker."""
    return Deadly(chunk.number, chunk.pieces, chunk.share)


class Slow(Chunk):
    """A chunk that takes its time to arrive, so that a worker can be killed over it."""

    def __reduce__(self) -> tuple[object, ...]:
        return late, (self.number, self.pieces, self.share)


def late(number: int, pieces: tuple[Piece, ...], share: Share) -> Chunk:
    """The chunk, after a while."""
    time.sleep(0.3)
    return Slow(number, pieces, share)


def slow(chunk: Chunk) -> Chunk:
    """A chunk that takes its time."""
    return Slow(chunk.number, chunk.pieces, chunk.share)
