"""The executor of threads in this process: for the compiled engine, whose kernels let other threads run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pmdsl.batch.executors.post import Post
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work


@dataclass(frozen=True)
class Threads:
    """Answers chunks in `workers` threads; `ahead` chunks for each of them are taken at a time, no more."""

    workers: int
    ahead: int = 2

    def run(self, work: Work, chunks: Iterable[Chunk], out: Path) -> Iterator[Done]:
        """Chunks as they are done. Raises PmdslError."""
        waiting = iter(chunks)
        post = Post(work, out)
        pool = ThreadPoolExecutor(self.workers)
        flying: set[Future[Done]] = set()
        try:
            while True:
                room = self.workers * self.ahead - len(flying)
                flying.update(pool.submit(post.answer, chunk) for chunk in islice(waiting, room))
                if not flying:
                    return
                done, flying = wait(flying, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)
