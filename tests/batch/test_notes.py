"""What is wrong with the market is told once by a batch, however many workers have bound it."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest

from pmdsl.batch.executors import Executor
from pmdsl.batch.executors.dask import Dask
from pmdsl.batch.executors.here import Here
from pmdsl.batch.executors.processes import Processes
from pmdsl.batch.executors.threads import Threads
from pmdsl.batch.running import batch
from pmdsl.batch.values import Summary
from pmdsl.batch.work import Work, work_of
from pmdsl.cli import run
from tests.api.world import rules
from tests.batch.books import drawn, files_at_hand
from tests.batch.executing import INSTRUMENTS, UNDERLYINGS, some_chunks

LATE = date(2035, 3, 2)
ODD = [*UNDERLYINGS["breadth"][:2], "braod"]


def odd_work(folder: Path) -> Work:
    """A market in files, valued long after its rules were read, with a word that the rules do not know."""
    names = list(UNDERLYINGS)
    rows = zip(*({**UNDERLYINGS, "breadth": ODD}[name] for name in names), strict=True)
    lines = [",".join(names), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    path = folder / "underlyings.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    later = {**INSTRUMENTS, "expiry": ["2035-06-19"] * 2}
    return work_of(rules(), later, path, on=LATE, sections={"rate": 0.04})


def told(executor: Executor, folder: Path) -> Summary:
    """A batch of eight chunks over that market."""
    (folder / "out").mkdir()
    return batch(odd_work(folder), some_chunks(folder), folder / "out", executor)


def expected(folder: Path) -> set[str]:
    """What binding the market in one piece finds."""
    found = odd_work(folder).open().rules.bound.findings
    assert [finding.code for finding in found] == ["PM725", "PM702"]
    return set(map(str, found))


@pytest.mark.parametrize("executor", [Here(), Threads(2), Processes(2)], ids=str)
def test_findings_of_the_market_are_told_once(executor: Executor, tmp_path: Path) -> None:
    notes = told(executor, tmp_path).notes
    assert len(notes) == 2
    assert set(map(str, notes)) == expected(tmp_path)


def test_findings_of_the_market_come_from_a_cluster(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra pmdsl[dask] is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as cluster:
        notes = told(Dask(cluster.scheduler_address), tmp_path).notes
    assert len(notes) == 2
    assert set(map(str, notes)) == expected(tmp_path)


def test_a_worker_sends_what_it_found_once(tmp_path: Path) -> None:
    """A place in a file is sent with the text of the file."""
    (tmp_path / "out").mkdir()
    done = list(Threads(1).run(odd_work(tmp_path), some_chunks(tmp_path, 4), tmp_path / "out"))
    assert [len(one.notes) for one in done] == [2, 0, 0, 0]


def test_the_command_tells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    tables = files_at_hand(drawn(30), 20)
    assert run(["batch", *tables, "--on", "2035-03-02", "--chunk-rows", "30", "--out", "out"]) == 0
    assert capsys.readouterr().err.count("warning[PM725]") == 1
