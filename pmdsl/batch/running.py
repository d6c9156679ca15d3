"""A batch from its chunks to its summary."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pmdsl.batch.executors import Executor
from pmdsl.batch.publishing import aside_path, kept, part_name, part_path
from pmdsl.batch.values import Chunk, Done, Summary
from pmdsl.batch.work import Work
from pmdsl.diagnostics import Finding, PmdslError

Progress = Callable[[Done], None]
NOT_IN_ORDER = "PM640"


def batch(
    work: Work,
    chunks: Iterable[Chunk],
    out: Path,
    executor: Executor,
    progress: Progress | None = None,
    strict: bool = False,
) -> Summary:
    """Answer all chunks that are not yet published in a folder; `progress` is told of each that is done.

    With `strict` the first account that is put aside stops it. Raises PmdslError where a chunk cannot be
    answered at all; what was published stays, unless accounts turn out not to be in order: then nothing of
    this batch is to be believed.
    """
    begun = time.monotonic()
    listed = list(chunks)
    done: list[Done] = []
    stopped = False
    try:
        for one in answered(work, listed, out, executor):
            done.append(one)
            if progress is not None:
                progress(one)
            if strict and one.quarantined:
                stopped = True
                break
    except PmdslError as problem:
        if any(finding.code == NOT_IN_ORDER for finding in problem.findings):
            withdraw(work, listed, out)
        raise
    return Summary(
        out=out,
        chunks=len(done),
        kept=sum(one.kept for one in done),
        accounts=sum(one.accounts for one in done),
        positions=sum(one.positions for one in done),
        quarantined=sum(one.quarantined for one in done),
        seconds=time.monotonic() - begun,
        stopped=stopped,
        notes=each_once(note for one in done for note in one.notes),
    )


def each_once(notes: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of several workers, each once: a place that another worker found is another object."""
    return tuple({(str(note), note.hint): note for note in notes}.values())


def answered(work: Work, chunks: Iterable[Chunk], out: Path, executor: Executor) -> Iterator[Done]:
    """All chunks: those that were published before, then the others as they are done. Raises PmdslError."""
    waiting: list[Chunk] = []
    for chunk in chunks:
        found = kept(part_path(out, part_name(chunk, work.digest)), chunk)
        if found is None:
            waiting.append(chunk)
        else:
            yield found
    if waiting:
        yield from executor.run(work, waiting, out)


def withdraw(work: Work, chunks: Iterable[Chunk], out: Path) -> None:
    """Take back what was published for some chunks."""
    for chunk in chunks:
        name = part_name(chunk, work.digest)
        part_path(out, name).unlink(missing_ok=True)
        aside_path(out, name).unlink(missing_ok=True)
