"""A mistake of ours over a chunk is told as such: in a line, with the chunk, from wherever it happened."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pmdsl.batch.executors import Executor
from pmdsl.batch.executors.dask import Dask
from pmdsl.batch.executors.here import Here
from pmdsl.batch.executors.processes import Processes
from pmdsl.batch.executors.threads import Threads
from pmdsl.batch.values import Chunk, Share
from pmdsl.batch.work import Work, work_of
from pmdsl.cli import run
from pmdsl.diagnostics import Finding, PmdslError
from pmdsl.engine import Bound
from pmdsl.plan.from_json import read_plan
from pmdsl.plan.to_json import write_plan
from pmdsl.rules import Rules
from pmdsl.source import Source
from tests.api.world import rules
from tests.batch.books import drawn, files_at_hand
from tests.batch.executing import INSTRUMENTS, UNDERLYINGS, answered, refused, some_chunks, some_work

DEEP = "deep inside"


def spoilt(chunk: Chunk) -> Chunk:
    """A chunk of whose share a worker makes nothing."""
    return replace(chunk, share=Share(buckets="two"))  # type: ignore[arg-type]


def as_told(found: Finding, chunk: Chunk) -> None:
    """Hold a finding against what is to be said of a chunk that was spoilt."""
    assert found.code == "PM901"
    assert found.message.startswith("TypeError: '>' not supported between instances of 'str' and 'int'")
    assert found.message.endswith(f", at chunk 1 (rows 1 to 36 of {chunk.pieces[0].path})")
    assert found.hint is not None
    assert "PMDSL_DEBUG=1" in found.hint


def with_a_spoilt(folder: Path) -> tuple[list[Chunk], Chunk]:
    """Chunks of which the second is spoilt, and that one."""
    chunks = some_chunks(folder, 3)
    chunks[1] = spoilt(chunks[1])
    return chunks, chunks[1]


@pytest.mark.parametrize("executor", [Here(), Threads(2), Processes(2)], ids=str)
def test_a_mistake_names_its_chunk(executor: Executor, tmp_path: Path) -> None:
    chunks, wrong = with_a_spoilt(tmp_path)
    as_told(refused(executor, some_work(), chunks, tmp_path / "out"), wrong)


def test_a_mistake_on_a_cluster_names_its_chunk(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra pmdsl[dask] is not installed")
    chunks, wrong = with_a_spoilt(tmp_path)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as cluster:
        as_told(refused(Dask(cluster.scheduler_address), some_work(), chunks, tmp_path / "out"), wrong)


@pytest.mark.parametrize("executor", [Here(), Threads(1), Processes(1)], ids=str)
def test_where_it_happened_is_the_cause(executor: Executor, tmp_path: Path) -> None:
    """Who wants the traceback has it."""
    chunks, _ = with_a_spoilt(tmp_path)
    with pytest.raises(PmdslError) as caught:
        answered(executor, some_work(), chunks, tmp_path / "out")
    assert "hold_against" in formatted(caught.value)


def formatted(problem: BaseException) -> str:
    """An exception as Python shows it."""
    import traceback

    return "".join(traceback.format_exception(problem))


# ---- whose mistake it is -----------------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that fails over any holdings."""

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError(DEEP)

    monkeypatch.setattr(Bound, "run", fail)


def foreign_work() -> Work:
    """The same work, its rules read as a plan that somebody wrote."""
    mine = rules()
    theirs = Rules(read_plan(Source("plan.json", write_plan(mine.plan))))
    own = some_work()
    return work_of(theirs, INSTRUMENTS, UNDERLYINGS, on=own.on, sections={"rate": 0.04})


@pytest.mark.usefixtures("failing")
def test_rules_of_a_text_are_not_blamed(tmp_path: Path) -> None:
    """They travel as a plan, and are ours nevertheless."""
    found = refused(Threads(1), some_work(), some_chunks(tmp_path, 1), tmp_path / "out")
    assert found.code == "PM901"
    assert found.message.startswith(f"ZeroDivisionError: {DEEP}, at chunk 0 (rows 1 to 36 of ")


@pytest.mark.usefixtures("failing")
def test_a_written_plan_is_blamed(tmp_path: Path) -> None:
    found = refused(Threads(1), foreign_work(), some_chunks(tmp_path, 1), tmp_path / "out")
    assert found.code == "PM524"


def test_whose_rules_they_are_changes_no_digest() -> None:
    assert foreign_work().foreign
    assert not some_work().foreign
    assert foreign_work().digest == some_work().digest


@pytest.mark.usefixtures("failing")
def test_the_command_tells_a_mistake_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["batch", *files_at_hand(drawn(10)), "--on", "2026-03-02"]
    monkeypatch.delenv("PMDSL_DEBUG", raising=False)
    assert run([*asked, "--out", "out"]) == 2
    said = capsys.readouterr().err
    assert f"error[PM901]: ZeroDivisionError: {DEEP}, at chunk 0 (rows 1 to " in said
    assert "of positions.parquet)" in said
    assert "Traceback" not in said
    monkeypatch.setenv("PMDSL_DEBUG", "1")
    with pytest.raises(PmdslError) as caught:
        run([*asked, "--out", "more"])
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
