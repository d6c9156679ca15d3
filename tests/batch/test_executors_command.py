"""`pmdsl batch` in processes and on a cluster: the same file as in one process."""

from __future__ import annotations

import logging
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from pmdsl.cli import run
from tests.batch.executing import INSTRUMENTS, UNDERLYINGS, some_chunks

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def told(tmp_path: Path) -> list[str]:
    """What each command is told beside where to write: eight files of positions, a market, a day."""
    (tmp_path / "positions").mkdir()
    some_chunks(tmp_path / "positions")
    for name, columns in (("instruments", INSTRUMENTS), ("underlyings", UNDERLYINGS)):
        parquet.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    (tmp_path / "day.yaml").write_text("on: 2026-03-02\nrate: 0.04\n", encoding="utf-8")
    tables = [f"--{name}={tmp_path / name}.parquet" for name in ("instruments", "underlyings")]
    return [
        "batch",
        "-p",
        str(tmp_path / "positions"),
        *tables,
        f"--market={tmp_path}/day.yaml",
        "--chunk-rows=40",
    ]


def written(told: list[str], out: Path, *more: str) -> str:
    """The file that a batch writes."""
    assert run([*told, "-o", str(out), *more]) == 0
    return out.read_text(encoding="utf-8")


def test_processes(told: list[str], tmp_path: Path) -> None:
    alone = written(told, tmp_path / "alone.csv")
    assert alone.count("\n") == 97
    assert written(told, tmp_path / "two.csv", "--workers", "2") == alone


def test_a_cluster(told: list[str], tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra pmdsl[dask] is not installed")
    alone = written(told, tmp_path / "alone.csv")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as cluster:
        found = written(told, tmp_path / "cluster.csv", "--scheduler", cluster.scheduler_address)
    assert found == alone


def test_a_cluster_has_workers_of_its_own(
    told: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"]
    assert run([*told, "-o", str(tmp_path / "out.csv"), *more]) == 2
    assert "error[PM909]: --workers is for this machine" in capsys.readouterr().err


def test_no_scheduler(told: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed", reason="the extra pmdsl[dask] is not installed")
    assert run([*told, "-o", str(tmp_path / "out.csv"), "--scheduler", "nowhere"]) == 2
    assert "error[PM732]: the scheduler `nowhere` cannot be used" in capsys.readouterr().err
