"""The executor of processes on this machine. A process that dies is replaced, and its chunk done again.

Each process is a pool of its own, so that a death breaks one pool of one process and leaves no doubt which
chunk was being worked on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from pmdsl.batch.executors.post import Post
from pmdsl.batch.executors.trouble import ends_its_worker, no_process
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work

POST: ContextVar[Post] = ContextVar("post")


@dataclass(frozen=True)
class Processes:
    """Answers chunks in `workers` processes, each of which is sent the work once.

    `ahead` chunks for each process are taken at a time, no more. A chunk under which a process died is tried
    `tries` times in all.
    """

    workers: int
    ahead: int = 2
    tries: int = 3

    def run(self, work: Work, chunks: Iterable[Chunk], out: Path) -> Iterator[Done]:
        """Chunks as they are done. Raises PmdslError. The processes have ended when the iterator has."""
        hall = Hall(self, work, out)
        waiting = iter(chunks)
        try:
            hall.open()
            hall.fill(waiting)
            while hall.flying:
                for done in hall.landed():
                    yield done
                    hall.fill(waiting)
        finally:
            hall.close()


@dataclass(frozen=True)
class Flight:
    """A chunk handed to a lane, for the `tries`-th time."""

    chunk: Chunk
    lane: int
    tries: int = 1


@dataclass(eq=False)
class Hall:
    """The lanes of one run, each a pool of one process, and what is in flight, the oldest first."""

    plan: Processes
    work: Work
    out: Path
    lanes: list[ProcessPoolExecutor] = field(default_factory=list)
    flying: dict[Future[Done], Flight] = field(default_factory=dict)

    def open(self) -> None:
        """Start all processes. Raises PmdslError where they cannot be started."""
        self.lanes.extend(self.lane() for _ in range(self.plan.workers))
        try:
            for started in [lane.submit(ready) for lane in self.lanes]:
                started.result()
        except BrokenProcessPool:
            raise no_process() from None

    def lane(self) -> ProcessPoolExecutor:
        """A pool of one process, which is started with the first chunk that comes."""
        # A forked process would inherit threads of numpy and pyarrow in the middle of what they do.
        return ProcessPoolExecutor(1, get_context("spawn"), settle, (self.work, self.out))

    def close(self) -> None:
        """End all processes: chunks that have reached them are published, the others are not begun."""
        for lane in self.lanes:
            lane.shutdown(cancel_futures=True)

    def fill(self, waiting: Iterator[Chunk]) -> None:
        """Hand out chunks until each lane has as many as it may have."""
        load = [0] * len(self.lanes)
        for flight in self.flying.values():
            load[flight.lane] += 1
        while (least := min(load)) < self.plan.ahead:
            chunk = next(waiting, None)
            if chunk is None:
                return
            lane = load.index(least)
            self.launch(Flight(chunk, lane))
            load[lane] += 1

    def launch(self, flight: Flight) -> None:
        """Hand a chunk to its lane. A process that died while it had nothing to do is replaced."""
        try:
            future = self.lanes[flight.lane].submit(answer, flight.chunk)
        except BrokenProcessPool:
            self.mend(flight.lane)
            future = self.lanes[flight.lane].submit(answer, flight.chunk)
        self.flying[future] = flight

    def landed(self) -> Iterator[Done]:
        """Chunks that are done, when at least one is or a process has died. Raises PmdslError."""
        wait(self.flying, return_when=FIRST_COMPLETED)
        for future in [future for future in self.flying if future.done()]:
            if isinstance(future.exception(), BrokenProcessPool):
                self.mend(self.flying[future].lane)
                return
            del self.flying[future]
            yield future.result()

    def mend(self, lane: int) -> None:
        """Replace the process of a lane. Of its chunks the oldest was being worked on. Raises PmdslError."""
        self.lanes[lane].shutdown()
        self.lanes[lane] = self.lane()
        lost = [
            future
            for future, flight in self.flying.items()
            if flight.lane == lane and isinstance(future.exception(), BrokenProcessPool)
        ]
        for number, flight in enumerate([self.flying.pop(future) for future in lost]):
            if number == 0 and flight.tries >= self.plan.tries:
                raise ends_its_worker(flight.chunk, flight.tries)
            self.launch(replace(flight, tries=flight.tries + 1) if number == 0 else flight)


# ---- in the processes --------------------------------------------------------------------------------------


def settle(work: Work, out: Path) -> None:
    """Keep what was sent. An interrupt is for the parent: a chunk that was begun is published."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    POST.set(Post(work, out))


def end_with_parent() -> None:
    """End this process where the parent was killed, who could not say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def ready() -> bool:
    """Whether the process has started."""
    return True


def answer(chunk: Chunk) -> Done:
    """Answer a chunk at this process's post. Raises PmdslError."""
    return POST.get().answer(chunk)
