"""What goes wrong with workers and not with what they work on, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pmdsl.batch.values import Chunk
from pmdsl.diagnostics import PmdslError
from pmdsl.diagnostics.unexpected import unexpected

SOURCES = 3


@contextmanager
def mistakes_told(chunk: Chunk) -> Iterator[None]:
    """Turn a mistake of ours into a finding that names the chunk; where it happened is its cause.

    An exception of any class may not survive the way from a worker, a finding does.
    """
    try:
        yield
    except (PmdslError, MemoryError):
        raise
    except Exception as problem:
        raise PmdslError((unexpected(problem, named(chunk)),)) from problem


def ends_its_worker(chunk: Chunk, tries: int) -> PmdslError:
    """The error of a chunk under which every worker died that took it."""
    hint = "give each worker more memory, run fewer of them, or cut smaller chunks"
    message = f"{tries} workers died that had been given {named(chunk)}"
    return PmdslError.single("PM733", message, hint=hint)


def no_process() -> PmdslError:
    """The error where a worker process ends before it has begun."""
    hint = 'a script that starts workers keeps its own work under `if __name__ == "__main__":`'
    return PmdslError.single("PM734", "the worker processes end as soon as they start", hint=hint)


def no_cluster(address: str, why: str, hint: str) -> PmdslError:
    """The error of a scheduler that cannot be used."""
    return PmdslError.single("PM732", f"the scheduler `{address}` cannot be used: {why}", hint=hint)


def other_version(worker: str, found: str, wanted: str) -> PmdslError:
    """The error of a worker that runs another version than the one that sends the chunks."""
    message = f"the worker {worker} runs pmdsl {found}, and chunks are sent by pmdsl {wanted}"
    return PmdslError.single("PM735", message, hint="install the same version everywhere")


def named(chunk: Chunk) -> str:
    """A chunk by its number and the rows that it has of which files."""
    parts = [f"rows {p.start + 1} to {p.stop} of {p.path}" for p in chunk.pieces[:SOURCES]]
    more = [f"{len(chunk.pieces) - SOURCES} more files"] if len(chunk.pieces) > SOURCES else []
    return f"chunk {chunk.number}" + (f" ({', '.join([*parts, *more])})" if parts else "")
