"""The executor of one process: this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pmdsl.batch.answering import answer_chunk
from pmdsl.batch.executors.trouble import mistakes_told
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work


@dataclass(frozen=True)
class Here:
    """Answers chunk after chunk in this process."""

    def run(self, work: Work, chunks: Iterable[Chunk], out: Path) -> Iterator[Done]:
        """Chunks in their order. Raises PmdslError."""
        station = work.open()
        for chunk in chunks:
            with mistakes_told(chunk):
                done = answer_chunk(station, chunk, out)
            yield done
