"""What a batch of a given size needs, worked out from figures that `python -m benchmarks scaling` measured.

Nothing here is measured: these are the formulas of docs/scaling.md, whose table the tests hold against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from benchmarks.report import amount


@dataclass(frozen=True)
class Figures:
    """What was measured. Seconds are of one processor; bytes are of Parquet, and of memory for the others."""

    position: float
    instrument: float
    chunk: float
    stretch: float
    read: float
    written: float
    sent: float
    base: float
    held: float
    chunk_memory: float


@dataclass(frozen=True)
class Size:
    """A batch: how many positions of how many accounts under how many instruments, in how many seconds."""

    who: str
    positions: float
    accounts: float
    instruments: float
    deadline: float
    chunk_rows: float = 1e6


@dataclass(frozen=True)
class Needs:
    """What it takes: processors at work at the same time, None where no number of them is in time."""

    size: Size
    opening: float
    work: float
    workers: int | None
    memory: float
    reading: float
    writing: float
    sending: float

    @property
    def line(self) -> list[str]:
        """A row of the table in docs/scaling.md."""
        left = self.size.deadline - self.opening
        workers = "—" if self.workers is None else f"{self.workers:,}"
        rate = "—" if self.workers is None else f"{self.reading / left / 1e6:,.0f} MB/s"
        return [
            self.size.who,
            duration(self.size.deadline),
            duration(self.opening),
            duration(self.work),
            workers,
            f"{self.memory / 1e9:.1f} GB",
            f"{self.reading / 1e9:,.1f} GB, {rate}",
            f"{self.sending / 1e9:,.2f} GB",
            f"{self.writing / 1e9:,.2f} GB",
        ]


HEADS = (
    "who", "within", "opening", "work", "workers", "memory of each", "read", "sent to workers", "written",
)  # fmt: skip


def needs(figures: Figures, size: Size) -> Needs:
    """What a batch needs under some figures."""
    opening = size.instruments * figures.instrument
    chunks = ceil(size.positions / size.chunk_rows)
    work = (size.positions * figures.position + chunks * figures.chunk) * figures.stretch
    left = size.deadline - opening
    workers = min(ceil(work / left), chunks) if left > 0 else None
    if workers is not None and workers * left < work:
        workers = None
    return Needs(
        size,
        opening,
        work,
        workers,
        figures.base + size.instruments * figures.held + size.chunk_rows * figures.chunk_memory,
        size.positions * figures.read,
        size.accounts * figures.written,
        (workers or 0) * size.instruments * figures.sent,
    )


def table(found: Sequence[Needs]) -> str:
    """The table in Markdown."""
    body = [HEADS, ["---", *["---:"] * (len(HEADS) - 1)], *(one.line for one in found)]
    return "".join(f"| {' | '.join(line)} |\n" for line in body)


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return amount(seconds, "s")
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"
