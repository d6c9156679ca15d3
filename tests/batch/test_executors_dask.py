"""A real cluster of several processes on this machine: the files of one process, also where one is killed."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from pmdsl.batch.executors.dask import Dask
from pmdsl.batch.executors.here import Here
from pmdsl.batch.executors.trouble import other_version
from pmdsl.diagnostics import PmdslError
from tests.batch.executing import (
    ACCOUNTS,
    answered,
    chunk_of,
    counted,
    deadly,
    names,
    page,
    published,
    refused,
    shown,
    slow,
    some_chunks,
    some_work,
)

distributed = pytest.importorskip("distributed", reason="the extra pmdsl[dask] is not installed")
pytestmark = [
    pytest.mark.filterwarnings("default:::distributed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WORKERS = 2


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as started:
        yield started


def pids(cluster: Any) -> list[int]:
    """The processes of the workers."""
    with distributed.Client(cluster, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def test_the_files_are_those_of_one_process(cluster: Any, tmp_path: Path) -> None:
    work, chunks = some_work(), some_chunks(tmp_path)
    alone = answered(Here(), work, chunks, tmp_path / "alone")
    found = answered(Dask(cluster.scheduler_address), work, chunks, tmp_path / "found")
    assert published(tmp_path / "found") == published(tmp_path / "alone")
    assert sorted(done.chunk for done in found) == sorted(done.chunk for done in alone)
    assert len(set(names(tmp_path / "found"))) == len(names(tmp_path / "found")) == ACCOUNTS * len(chunks)


def test_the_chunks_of_a_worker_that_was_killed_are_done_again(cluster: Any, tmp_path: Path) -> None:
    work, chunks = some_work(), [slow(chunk) for chunk in some_chunks(tmp_path, 12)]
    answered(Here(), work, chunks, tmp_path / "alone")
    (tmp_path / "out").mkdir()
    before = pids(cluster)
    run = Dask(cluster.scheduler_address).run(work, chunks, tmp_path / "out")
    done = list(islice(run, 1))
    os.kill(before[0], signal.SIGKILL)
    done += run
    assert sorted(one.chunk for one in done) == sorted(chunk.digest for chunk in chunks)
    assert published(tmp_path / "out") == published(tmp_path / "alone")


def test_chunks_are_taken_when_there_is_room_for_them(cluster: Any, tmp_path: Path) -> None:
    taken: list[int] = []
    (tmp_path / "out").mkdir()
    run = Dask(cluster.scheduler_address).run(
        some_work(), counted(some_chunks(tmp_path, 12), taken), tmp_path / "out"
    )
    for number, _ in enumerate(run, 1):
        assert len(taken) - number <= 2 * WORKERS
    assert len(taken) == 12


def test_a_chunk_that_fails_is_told(cluster: Any, tmp_path: Path) -> None:
    chunks = some_chunks(tmp_path, 2)
    path = chunks[0].pieces[0].path
    parquet.write_table(parquet.read_table(path).drop_columns(["instrument"]), path)
    with pytest.raises(PmdslError) as raised:
        answered(Dask(cluster.scheduler_address), some_work(), chunks, tmp_path / "out")
    assert "PM608" in {finding.code for finding in raised.value.findings}


def test_files_are_found_from_where_the_client_stands(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_chunks(tmp_path, 2)
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    chunks = [chunk_of(Path(f"positions-{number:02d}.parquet"), number) for number in range(2)]
    done = list(Dask(cluster.scheduler_address).run(some_work(), chunks, Path("out")))
    assert {one.path.parent for one in done} == {tmp_path / "out"}
    assert len(published(tmp_path / "out")) == 2


def test_two_runs_on_one_cluster_do_not_meet(cluster: Any, tmp_path: Path) -> None:
    work, chunks = some_work(), some_chunks(tmp_path, 4)
    (tmp_path / "one").mkdir()
    one = Dask(cluster.scheduler_address).run(work, chunks, tmp_path / "one")
    first = next(one)
    other = answered(Dask(cluster.scheduler_address), work, chunks, tmp_path / "other")
    rest = list(one)
    assert len(other) == len([first, *rest]) == 4
    assert published(tmp_path / "one") == published(tmp_path / "other")


def test_nothing_of_a_run_stays_in_the_workers(cluster: Any, tmp_path: Path) -> None:
    run = Dask(cluster.scheduler_address).run(some_work(), some_chunks(tmp_path, 6), tmp_path)
    next(run)
    run.close()  # type: ignore[attr-defined]
    with distributed.Client(cluster, set_as_default=False) as client:
        kept = client.run(lambda dask_worker: [name for name in dask_worker.plugins if "pmdsl" in name])
    assert list(kept.values()) == [[]] * len(kept)


def test_a_chunk_under_which_every_worker_dies_is_named(tmp_path: Path) -> None:
    chunks = some_chunks(tmp_path, 1)
    from dask import config

    with (
        config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as cluster,
    ):
        finding = refused(Dask(cluster.scheduler_address), some_work(), [deadly(chunks[0])], tmp_path)
        # A cluster that is closed while it starts a worker in place of a dead one fails.
        with distributed.Client(cluster, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
    assert finding.code == "PM733"
    assert finding.message.startswith("2 workers died that had been given chunk 0 (rows 1 to 36 of ")


def test_a_cluster_that_loses_all_workers_is_told(tmp_path: Path) -> None:
    chunks = [slow(chunk) for chunk in some_chunks(tmp_path, 12)]
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as cluster:
        run = Dask(cluster.scheduler_address, patience=1.0).run(some_work(), chunks, tmp_path)
        next(run)
        cluster.scale(0)
        with pytest.raises(PmdslError, match="cannot be used: it has no workers"):
            list(run)


def test_a_scheduler_without_workers_is_told(tmp_path: Path) -> None:
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0") as cluster:
        address = cluster.scheduler_address
        finding = refused(Dask(address, patience=0.5), some_work(), [], tmp_path)
    assert finding.message == f"the scheduler `{address}` cannot be used: it has no workers"


@pytest.mark.parametrize("address", ["10.0.0.1", "http://10.0.0.1:80", "", "tcp://", "nonsense"])
def test_what_is_no_address_is_told(address: str, tmp_path: Path) -> None:
    finding = refused(Dask(address), some_work(), [], tmp_path)
    assert shown(finding) == page("PM732").replace("`10.0.0.1`", f"`{address}`")


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    finding = refused(Dask("tcp://127.0.0.1:9", patience=0.5), some_work(), [], tmp_path)
    assert finding.code == "PM732"
    assert finding.message.startswith("the scheduler `tcp://127.0.0.1:9` cannot be used: ")


def test_the_page_of_another_version() -> None:
    (finding,) = other_version("tcp://10.0.0.7:40123", "0.0.9", "0.1.0").findings
    assert page("PM735") == shown(finding)
