"""Every executor answers as this process does: the same files, each account once."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from pmdsl.batch.executors import Executor
from pmdsl.batch.executors.here import Here
from pmdsl.batch.executors.processes import Processes
from pmdsl.batch.executors.threads import Threads
from pmdsl.diagnostics import PmdslError
from tests.batch.executing import ACCOUNTS, answered, counted, names, published, some_chunks, some_work

EXECUTORS: list[Executor] = [Threads(1), Threads(3), Processes(2)]


@pytest.mark.parametrize("executor", EXECUTORS, ids=str)
def test_the_files_are_those_of_one_process(executor: Executor, tmp_path: Path) -> None:
    work, chunks = some_work(), some_chunks(tmp_path)
    alone = answered(Here(), work, chunks, tmp_path / "alone")
    found = answered(executor, work, reversed(chunks), tmp_path / "found")
    assert published(tmp_path / "found") == published(tmp_path / "alone")
    assert sorted(done.chunk for done in found) == sorted(done.chunk for done in alone)
    assert len(set(names(tmp_path / "found"))) == len(names(tmp_path / "found")) == ACCOUNTS * len(chunks)


@pytest.mark.parametrize("executor", EXECUTORS, ids=str)
def test_nothing_to_do_is_done_at_once(executor: Executor, tmp_path: Path) -> None:
    assert answered(executor, some_work(), [], tmp_path / "out") == []


@pytest.mark.parametrize("executor", [Threads(2), Processes(2)], ids=str)
def test_chunks_are_taken_when_there_is_room_for_them(executor: Executor, tmp_path: Path) -> None:
    """What is taken and not yet given back is two for each worker at most."""
    taken: list[int] = []
    (tmp_path / "out").mkdir()
    chunks = counted(some_chunks(tmp_path, 12), taken)
    run = executor.run(some_work(), chunks, tmp_path / "out")
    for number, _ in enumerate(run, 1):
        assert len(taken) - number <= 4
    assert len(taken) == 12


@pytest.mark.parametrize("executor", [Here(), Threads(2), Processes(2)], ids=str)
def test_a_chunk_that_fails_is_told_and_what_was_published_stays(executor: Executor, tmp_path: Path) -> None:
    chunks = some_chunks(tmp_path, 4)
    path = chunks[-1].pieces[0].path
    parquet.write_table(parquet.read_table(path).drop_columns(["instrument"]), path)
    with pytest.raises(PmdslError) as raised:
        answered(executor, some_work(), chunks, tmp_path / "out")
    assert "PM608" in {finding.code for finding in raised.value.findings}
    assert set(names(tmp_path / "out")) <= {f"{k:02d}-{a:03d}" for k in range(3) for a in range(ACCOUNTS)}


@pytest.mark.parametrize("executor", [Threads(2), Processes(2)], ids=str)
def test_a_run_that_is_closed_early_ends(executor: Executor, tmp_path: Path) -> None:
    taken: list[int] = []
    (tmp_path / "out").mkdir()
    run = executor.run(some_work(), counted(some_chunks(tmp_path, 12), taken), tmp_path / "out")
    assert len(list(islice(run, 2))) == 2
    run.close()  # type: ignore[attr-defined]
    assert len(taken) < 12
    assert len(published(tmp_path / "out")) >= 2
