"""`pmdsl batch` as a shell runs it."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pmdsl.cli import run
from tests.batch.books import answers, changed, drawn, in_one_piece, written
from tests.batch.executing import INSTRUMENTS, UNDERLYINGS

BOOK = drawn(30)


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A market and positions in the folder at hand, and the arguments that name them."""
    import pyarrow as pa

    monkeypatch.chdir(tmp_path)
    written(pa.table(INSTRUMENTS), Path("instruments.csv"))
    written(pa.table(UNDERLYINGS), Path("underlyings.parquet"))
    Path("day.yaml").write_text("on: 2026-03-02\nrate: 0.04\n")
    written(changed(BOOK, "instrument", 0, "SPZ"), Path("positions.parquet"), 20)
    tables = ["-p", "positions.parquet", "-i", "instruments.csv", "-u", "underlyings.parquet"]
    return ["batch", *tables, "--market", "day.yaml", "--chunk-rows", "30"]


def test_a_folder_of_answers(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--out", "out"]) == 0
    expected = in_one_piece(BOOK)
    assert answers(Path("out")) == expected | {"A0000": None}
    told = capsys.readouterr()
    lines = {line.split()[0]: line.split()[1:] for line in told.out.splitlines()}
    assert lines["accounts"] == ["30"]
    assert lines["put"] == ["aside", "1", "out/_quarantine.csv"]
    assert told.err == ""
    assert not Path("out/_staging").exists()


def test_one_csv_file(arguments: list[str]) -> None:
    assert run([*arguments, "--out", "margin.csv"]) == 0
    with open("margin.csv", encoding="utf-8") as file:
        rows = {row["account"]: row["maintenance"] for row in csv.DictReader(file)}
    found = {name: Decimal(amount) if amount else None for name, amount in rows.items()}
    assert found == in_one_piece(BOOK) | {"A0000": None}
    assert Path("margin.quarantine.csv").exists()
    assert not Path("margin.csv.parts").exists()
    assert run([*arguments, "--out", "margin.csv"]) == 2


def test_strict(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--out", "out", "--strict"]) == 1
    assert "stopped" in capsys.readouterr().out
    assert run([*arguments, "--out", "out", "--resume"]) == 0


def test_what_is_wrong_is_told_without_a_traceback(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("positions.parquet").write_bytes(b"")
    assert run([*arguments, "--out", "out"]) == 2
    assert capsys.readouterr().err.startswith("error[PM601]: `positions.parquet` cannot be read as Parquet")
    assert run([*arguments, "--out", "out", "--chunk-rows", "0"]) == 2
    Path("day.yaml").write_text("rate: 0.04\n")
    assert run([*arguments, "--out", "out"]) == 2


def test_several_processes(arguments: list[str]) -> None:
    assert run([*arguments, "--out", "out", "--workers", "2"]) == 0
    assert answers(Path("out")) == in_one_piece(BOOK) | {"A0000": None}
