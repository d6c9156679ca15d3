"""The executor of a Dask cluster. A worker that dies has its chunks done again by another.

Scheduler and workers run what they are sent, and what they send back is loaded: connect only to those that
you trust, as for a shell. Every worker must see the files of the chunks and the output folder by one path.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from pmdsl.batch.executors.trouble import ends_its_worker, no_cluster
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work
from pmdsl.diagnostics import PmdslError

NOT_INSTALLED = "it needs the package distributed, which is not installed"
NO_ADDRESS = "it is no address with a protocol and a port"
PRINTED = "give the address that `dask scheduler` prints, for example tcp://10.0.0.1:8786"
NO_WORKERS = "it has no workers"
GONE = "it has gone"
AGAIN = "what was published stays: run the same command again when it is back"


@dataclass(frozen=True)
class Dask:
    """Answers chunks on the workers of the scheduler at `address`, each of which is sent the work once.

    `ahead` chunks for each of their threads are taken at a time, no more. `patience` is how many seconds to
    wait for the scheduler, and for a worker where there is none.
    """

    address: str
    ahead: int = 2
    patience: float = 15.0

    def run(self, work: Work, chunks: Iterable[Chunk], out: Path) -> Iterator[Done]:
        """Chunks as they are done. Raises PmdslError."""
        run = f"pmdsl-{uuid.uuid4().hex}"
        with connected(self.address, self.patience) as client:
            from distributed.comm import CommClosedError

            try:
                with posted(client, run, work, out.absolute()):
                    yield from self.answered(client, run, iter(chunks))
            except CommClosedError:
                raise no_cluster(self.address, GONE, AGAIN) from None

    def answered(self, client: Any, run: str, waiting: Iterator[Chunk]) -> Iterator[Done]:
        """Chunks as they are done; when it ends, no worker is at one of them. Raises PmdslError."""
        from distributed import KilledWorker

        from pmdsl.batch.executors.dask_worker import answer

        flying: dict[Any, Chunk] = {}
        try:
            while True:
                room = self.ahead * threads(client) - len(flying)
                for chunk in islice(waiting, max(room, 0)):
                    key = f"{run}-{chunk.number}-{chunk.digest}"
                    flying[client.submit(answer, run, absolute(chunk), key=key, pure=False)] = chunk
                if not flying:
                    return
                for future in self.finished(client, flying):
                    try:
                        done = future.result(self.patience)
                    except TimeoutError:
                        continue  # The worker died before it handed over what it had: it is done again.
                    except KilledWorker as killed:
                        raise ends_its_worker(flying[future], killed.allowed_failures + 1) from None
                    del flying[future]
                    yield done
        finally:
            # A worker cannot be called back from a chunk: it would publish it after the run has ended.
            with suppress(PmdslError):
                while flying:
                    for future in self.finished(client, flying):
                        del flying[future]

    def finished(self, client: Any, flying: Iterable[Any]) -> list[Any]:
        """Those that are done, when at least one is. Raises PmdslError where nobody is left to do it."""
        from distributed import CancelledError, wait

        while True:
            try:
                with client.as_current():
                    return list(wait(list(flying), self.patience, "FIRST_COMPLETED").done)
            except TimeoutError:
                if not client.nthreads():
                    raise no_cluster(self.address, NO_WORKERS, AGAIN) from None
            except CancelledError:
                raise no_cluster(self.address, GONE, AGAIN) from None


@contextmanager
def connected(address: str, patience: float) -> Iterator[Any]:
    """A client of a scheduler that has a worker. Raises PmdslError."""
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError:
        raise no_cluster(address, NOT_INSTALLED, "pip install 'pmdsl[dask]'") from None
    try:
        # A client that fails over the form of an address complains again when it is collected.
        get_address_host_port(address, strict=True)
        client = Client(address, timeout=patience, set_as_default=False)
    except ValueError:
        raise no_cluster(address, NO_ADDRESS, PRINTED) from None
    except OSError as problem:
        raise no_cluster(address, reason(problem), PRINTED) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=patience)
        except TimeoutError:
            hint = f"start one with `dask worker {address}`"
            raise no_cluster(address, NO_WORKERS, hint) from None
        yield client


@contextmanager
def posted(client: Any, run: str, work: Work, out: Path) -> Iterator[None]:
    """A post for some work in every worker, those that come later too, for as long as it lasts."""
    from pmdsl.batch.executors.dask_worker import PostPlugin

    client.register_plugin(PostPlugin(run, work, out))
    try:
        yield
    finally:
        with suppress(OSError):
            client.unregister_worker_plugin(run)


def threads(client: Any) -> int:
    """How many chunks the workers can answer at the same time, 1 at least."""
    counts: dict[str, int] = client.nthreads()
    return max(1, sum(counts.values()))


def absolute(chunk: Chunk) -> Chunk:
    """A chunk whose files are found from any folder: a worker does not stand where the client does."""
    return replace(chunk, pieces=tuple(replace(piece, path=piece.path.absolute()) for piece in chunk.pieces))


def reason(problem: Exception) -> str:
    """The first line of what an exception says."""
    return (str(problem) or type(problem).__name__).splitlines()[0]
