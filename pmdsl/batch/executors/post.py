"""A worker's post: the work that it was sent, and a station for each of its threads."""

from __future__ import annotations

import threading
from pathlib import Path

from pmdsl.batch.answering import answer_chunk
from pmdsl.batch.station import Station
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work


class Post:
    """Answers chunks in the worker where it was made. The market is priced when the first chunk comes.

    A station gives numbers to words as it meets them, so no two threads may share one.
    """

    def __init__(self, work: Work, out: Path) -> None:
        self.work = work
        self.out = out
        self.own = threading.local()

    def answer(self, chunk: Chunk) -> Done:
        """Answer and publish a chunk. Raises PmdslError."""
        return answer_chunk(self.station(), chunk, self.out)

    def station(self) -> Station:
        """The station of this thread. Raises PmdslError."""
        found: Station | None = getattr(self.own, "station", None)
        if found is None:
            found = self.own.station = self.work.open()
        return found
