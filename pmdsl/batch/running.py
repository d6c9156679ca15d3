"""A batch from its first chunk to its summary."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pmdsl.batch.executors import Executor
from pmdsl.batch.values import Chunk, Done, Summary
from pmdsl.batch.work import Work

Progress = Callable[[Done], None]


def batch(
    work: Work,
    chunks: Iterable[Chunk],
    out: Path,
    executor: Executor,
    progress: Progress | None = None,
    strict: bool = False,
) -> Summary:
    """Answer all chunks; `progress` is told of each that is done. Raises PmdslError."""
    begun = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    done: list[Done] = []
    stopped = False
    for one in executor.run(work, chunks, out):
        done.append(one)
        if progress is not None:
            progress(one)
        if strict and one.quarantined:
            stopped = True
            break
    return Summary(
        out, len(done), sum(one.kept for one in done), sum(one.accounts for one in done),
        sum(one.positions for one in done), sum(one.quarantined for one in done),
        time.monotonic() - begun, stopped,
    )  # fmt: skip
