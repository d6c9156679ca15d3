"""Batches over several workers: processes, threads and a Dask cluster against one process.

    python -m benchmarks scaling

Sixteen Parquet files of 1.25 million positions, sorted by account, under `us.finra.cpm` with 50,000 European
options. A run over the first four of them tells what starting takes: processes that start, a market that is
priced, the first chunks of each worker, which load libraries and loops and have memory faulted in. It is
taken off, so that what is compared is the work that goes on. Reading the files alone is the floor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

import pmdsl
from benchmarks import books
from benchmarks.measure import Measured, Row, at_least, at_most, interleaved, missing
from pmdsl.batch.executors import Executor
from pmdsl.batch.executors.dask import Dask
from pmdsl.batch.executors.here import Here
from pmdsl.batch.executors.processes import Processes
from pmdsl.batch.executors.threads import Threads
from pmdsl.batch.positions import chunks_of
from pmdsl.batch.staging import Staging
from pmdsl.batch.values import Chunk
from pmdsl.batch.work import Work, work_of
from pmdsl.engine import Engine

WORKERS = 2
GOAL = "15"
# One file of so many is there for starting.
SHARE = 4
STAGED = "_staged"
STATUS = Path("/proc/self/status")
ROUNDS = 3


@dataclass(frozen=True)
class Size:
    """How large a measurement is: files, accounts in each, instruments of the market."""

    files: int
    accounts: int
    instruments: int


FULL = Size(files=16, accounts=62_500, instruments=50_000)
TINY = Size(files=4, accounts=20, instruments=200)


def rows(quick: bool = False, size: Size = FULL) -> Iterator[Row]:
    """Executors against each other, and what a batch needs for a position."""
    size = TINY if quick else size
    with TemporaryDirectory() as name, cluster() as address:
        folder = Path(name)
        going_on = written(folder, size)
        for engine in engines(quick):
            yield from measured(folder, going_on, work_for(size, engine), address, 1 if quick else ROUNDS)


def engines(quick: bool) -> list[Engine]:
    """The engines at hand. To compile kernels takes longer than to see that everything runs may take."""
    return ["numpy", "compiled"] if find_spec("numba") and not quick else ["numpy"]


def measured(folder: Path, going_on: int, work: Work, address: str | None, rounds: int) -> Iterator[Row]:
    """The rows of one engine, `going_on` positions beside those of starting."""
    contenders: dict[str, Callable[[], object]] = {
        "reading": partial(read, folder / "all"),
        "reading, starting": partial(read, folder / "few"),
    }
    executors: dict[str, Executor] = {
        "one process": Here(),
        "two threads": Threads(WORKERS),
        "two processes": Processes(WORKERS),
    }
    if address is not None:
        executors["two Dask workers"] = Dask(address)
    for name, executor in executors.items():
        contenders[name] = partial(answered, executor, work, folder / "all", folder / "out")
        contenders[f"{name}, starting"] = partial(answered, executor, work, folder / "few", folder / "out")
    found = interleaved(contenders, rounds, warm=rounds // ROUNDS)
    net = {name: left(found[name].wall, found[f"{name}, starting"].wall) for name in [*executors, "reading"]}
    line = partial(compared, found=found, net=net, engine=work.engine)
    spent = {name: left(found[name].processor, found[f"{name}, starting"].processor) for name in executors}
    busy = partial(of_processors, engine=work.engine)
    yield line("two processes", "one process", at_least(1.6))
    yield line("two threads", "one process", None)
    if address is None:
        yield missing(GOAL, "two Dask workers", "two processes", "'pmdsl[dask]'", at_most(1.3))
    else:
        yield line("two Dask workers", "two processes", at_most(1.3))
        spent["two Dask workers"] = on_cluster(contenders, address)
        yield busy("two Dask workers", "two processes", spent)
        yield figure(f"memory of a Dask worker, {work.engine}", largest(address) / 1e6, "MB")
    yield busy("two processes", "one process", spent)
    yield line("two processes", "reading", None)
    one = found["one process, starting"].wall
    for name in executors:
        yield Row(
            "",
            f"starting and a quarter: {name}, {work.engine}",
            found[f"{name}, starting"].wall,
            "one process",
            one,
        )
    yield figure(f"a position, {work.engine}, processor time", spent["one process"] / going_on, "s")
    after = bytes_in(folder / "all") - bytes_in(folder / "few")
    yield figure("Parquet of a position", after / going_on, "bytes")
    answers = parquet.read_table(folder / "out", columns=["account"]).num_rows
    yield figure("Parquet of an account's answer", bytes_in(folder / "out") / answers, "bytes")
    sent = sum(len(t.content) for t in (work.instruments, work.underlyings) if t) + len(work.plan)
    yield figure("work sent to a worker", sent / 1e6, "MB")


def left(whole: float, starting: float) -> float:
    """What is left of a run without starting; nothing where the run was too short to tell."""
    return max(0.0, whole - starting)


def compared(
    ours: str, theirs: str, wanted: Any, found: dict[str, Measured], net: dict[str, float], engine: str
) -> Row:
    """The row of two executors, starting taken off."""
    note = f"{found[ours].wall:.2f} s with starting"
    what = f"{ours} on the engine {engine}, Parquet to Parquet"
    return Row(GOAL, what, net[ours], theirs, net[theirs], wanted, note, others=found[ours].others)


def of_processors(ours: str, theirs: str, spent: Mapping[str, float], engine: str) -> Row:
    """Two executors by processor time without starting, which other work on the machine disturbs little."""
    what = f"{ours} on the engine {engine}, processor time"
    return Row(GOAL, what, spent[ours], theirs, spent[theirs], at_most(1.3))


def on_cluster(contenders: Mapping[str, Callable[[], object]], address: str) -> float:
    """The processor seconds of a run on a cluster, here, where the scheduler is too, and in the workers."""
    from distributed import Client

    found = []
    with Client(address, set_as_default=False) as client:
        for name in ("two Dask workers", "two Dask workers, starting"):
            before = [process_time(), *client.run(process_time).values()]
            contenders[name]()
            after = [process_time(), *client.run(process_time).values()]
            found.append(sum(after) - sum(before))
    return left(*found)


def largest(address: str) -> float:
    """The largest memory that a worker has had, in bytes."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return max(map(float, client.run(peak).values()))


def peak() -> float:
    """The largest memory of this process in bytes, as Linux tells it; NaN elsewhere."""
    if not STATUS.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return 1024.0 * float(lines["VmHWM"].split()[0])


def figure(what: str, value: float, unit: str) -> Row:
    """A figure that is compared with nothing."""
    return Row("", what, value, "", None, unit=unit)


# ---- contenders --------------------------------------------------------------------------------------------


def answered(executor: Executor, work: Work, positions: Path, out: Path) -> int:
    """Answer all chunks of a folder, published into another; how many accounts there are."""
    out.mkdir(exist_ok=True)
    return sum(done.accounts for done in executor.run(work, chunks(positions), out))


def chunks(folder: Path) -> list[Chunk]:
    """A chunk for each file of a folder."""
    rows = max(parquet.read_metadata(path).num_rows for path in folder.glob("*.parquet"))
    return chunks_of(folder, Staging(folder / STAGED, rows))


def read(folder: Path) -> int:
    """Read all files of a folder, and nothing else; how many positions they have."""
    names = ["account", "instrument"]
    return sum(parquet.read_table(path, read_dictionary=names).num_rows for path in folder.glob("*.parquet"))


def cluster() -> AbstractContextManager[str | None]:
    """The address of a Dask cluster of two worker processes on this machine; None without the package."""
    if find_spec("distributed") is None:
        return nullcontext(None)
    from contextlib import contextmanager

    from distributed import LocalCluster

    @contextmanager
    def started() -> Iterator[str]:
        with LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as found:
            yield found.scheduler_address

    return started()


# ---- books -------------------------------------------------------------------------------------------------


def written(folder: Path, size: Size) -> int:
    """Write files of positions to `all`, the first ones to `few` too; how many positions the others have."""
    market = books.market(size.instruments)
    names = pa.array(books.words("I", np.arange(market.instruments)), pa.string())
    for name in ("all", "few"):
        (folder / name).mkdir()
    total = 0
    for number in range(size.files):
        held = books.positions(market, size.accounts, seed=100 + number)
        owners = pa.array(books.words(f"A{number:02d}-", np.arange(size.accounts)), pa.string())
        table = pa.table(
            {
                "account": owners.take(pa.array(held.account)),
                "instrument": names.take(pa.array(held.instrument)),
                "quantity": held.quantity,
            }
        )
        starting = number < size.files // SHARE
        for kind in ("all", "few") if starting else ("all",):
            parquet.write_table(table, folder / kind / f"{number:02d}.parquet", row_group_size=1 << 18)
        total += 0 if starting else held.size
    return total


def work_for(size: Size, engine: Engine) -> Work:
    """Customer portfolio margin over stocks with forty European options each."""
    market = books.market(size.instruments)
    classes = np.arange(len(market.product_of))
    spot = np.random.default_rng(3).uniform(20.0, 500.0, len(classes)).round(2)
    series = np.arange(market.instruments) % books.SERIES
    underlyings = {
        "id": books.words("C", classes).tolist(),
        "kind": ["stock"] * len(classes),
        "currency": ["USD"] * len(classes),
        "price": spot.tolist(),
    }
    instruments = {
        "id": books.words("I", np.arange(market.instruments)).tolist(),
        "kind": ["option"] * market.instruments,
        "underlying": books.words("C", market.class_of).tolist(),
        "right": np.where(series % 2, "call", "put").tolist(),
        "strike": (spot[market.class_of] * (0.8 + 0.01 * series)).round(2).tolist(),
        "expiry": np.where(series % 3, "2026-06-19", "2026-12-18").tolist(),
        "exercise": ["european"] * market.instruments,
        "implied_volatility": (0.2 + 0.005 * series).tolist(),
        "multiplier": [books.MULTIPLIER] * market.instruments,
    }
    rules = pmdsl.load("us.finra.cpm")
    return work_of(rules, instruments, underlyings, on=books.ON, sections={"rate": 0.04}, engine=engine)


def bytes_in(folder: Path) -> int:
    """The size of the Parquet files of a folder."""
    return sum(path.stat().st_size for path in folder.glob("*.parquet"))
