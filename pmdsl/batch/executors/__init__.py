"""Executors: who answers the chunks of a batch, here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work


class Executor(Protocol):
    """Runs `answer_chunk` for every chunk.

    A chunk may be answered more than once (a worker that died): the result is the same file. An iterator that
    is closed early leaves no worker behind.
    """

    def run(self, work: Work, chunks: Iterable[Chunk], out: Path) -> Iterator[Done]:
        """Chunks as they are done, in any order. Raises PmdslError where one cannot be answered at all."""
        ...
