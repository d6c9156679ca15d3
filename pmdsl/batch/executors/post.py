"""A worker's post: the work that it was sent, and the station that all of its threads share."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock

from pmdsl.batch.answering import answer_chunk
from pmdsl.batch.executors.trouble import mistakes_told
from pmdsl.batch.station import Station
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work


class Post:
    """Answers chunks in the worker where it was made; the market is priced once, with the first chunk."""

    def __init__(self, work: Work, out: Path) -> None:
        self.work = work
        self.out = out
        self.opening = Lock()
        self.told = 0

    def answer(self, chunk: Chunk) -> Done:
        """Answer and publish a chunk. Raises PmdslError."""
        with mistakes_told(chunk):
            done = answer_chunk(self.station(), chunk, self.out)
        return self.once(done)

    def station(self) -> Station:
        """The station of this worker. Raises PmdslError."""
        with self.opening:
            return self.opened

    @cached_property
    def opened(self) -> Station:
        """The station, opened when first asked for."""
        return self.work.open()

    def once(self, done: Done) -> Done:
        """What is done, with each note on the market the first time: its place brings a whole file along."""
        new, self.told = done.notes[self.told :], len(done.notes)
        return replace(done, notes=new)
