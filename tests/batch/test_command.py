"""`pmdsl batch` as a shell runs it."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pmdsl.cli import run
from tests.api.world import rules
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
    lines = {line.split()[0]: line.split()[1:] for line in told.out.splitlines() if line}
    assert lines["accounts"] == ["30"]
    assert lines["put"] == ["aside", "1", "out/_quarantine.csv"]
    assert told.err == ""
    assert told.out.startswith(
        f"Batch on 2026-03-02   us.finra.cpm {rules().version} · {rules().digest[:19]}\n\n"
    )
    aside = "PM614  1  A0000: the market has no instrument `SPZ`, in row 1 of positions.parquet"
    assert told.out.splitlines()[-1] == aside
    assert not Path("out/_staging").exists()


def test_one_csv_file(arguments: list[str]) -> None:
    assert run([*arguments, "--out", "margin.csv"]) == 0
    with open("margin.csv", encoding="utf-8") as file:
        rows = {row["account"]: row["maintenance"] for row in csv.DictReader(file)}
    found = {name: Decimal(amount) if amount else None for name, amount in rows.items()}
    assert found == in_one_piece(BOOK) | {"A0000": None}
    assert Path("margin.quarantine.csv").exists()
    assert not Path("margin.csv.parts").exists()


def test_a_csv_file_that_is_there(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("margin.csv").write_text("account\n")
    assert run([*arguments, "--out", "margin.csv"]) == 2
    told = capsys.readouterr().err
    assert told.startswith(
        "error[PM642]: `margin.csv` is there already\n  = help: choose another --out, or remove it\n"
    )


def test_strict(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--out", "out", "--strict"]) == 1
    told = capsys.readouterr().out
    assert "stopped" in told
    assert "PM614  1  A0000: the market has no instrument `SPZ`" in told
    assert run([*arguments, "--out", "out", "--resume"]) == 0
    told = capsys.readouterr().out
    assert "kept" in told
    assert "a second" not in told


def test_an_interrupt_says_how_to_go_on(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pmdsl.batch.whole.batch", interrupted)
    assert run([*arguments, "--out", "out"]) == 130
    assert "what is done stays, and --resume goes on with it in out\n" in capsys.readouterr().err


def test_copies_are_called_by_what_they_are_copies_of(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("positions.csv").write_text("acct,instrument,quantity\nA,SPY,1\n")
    arguments[2] = "positions.csv"
    assert run([*arguments, "--out", "out"]) == 2
    assert "error[PM608]: `positions.csv` has no column `account`\n" in capsys.readouterr().err


def test_the_market_is_read_before_positions_are_copied(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("positions.csv").write_text("account,instrument,quantity\nA,SPY,1\n")
    Path("instruments.csv").write_text("id\nX\n")
    arguments[2] = "positions.csv"
    assert run([*arguments, "--out", "out"]) == 2
    assert "copied" not in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_folder_that_cannot_be_made(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("positions.csv").write_text("account,instrument,quantity\nA,SPY,1\n")
    arguments[2] = "positions.csv"
    assert run([*arguments, "--out", "day.yaml/out"]) == 2
    told = capsys.readouterr().err
    assert "error[PM904]: `day.yaml/out/_staging/" in told
    assert "cannot be written: Not a directory" in told


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


def test_reasons_are_counted(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["A,SPY,1", ",SPY,2", "B,SPY,", "C,SPY,ten", "D,SPY,NaN", "E,,1", ",SPY,3"]
    Path("positions.csv").write_text("\n".join(["account,instrument,quantity", *rows]) + "\n")
    arguments[2] = "positions.csv"
    for out in ("out", "margin.csv"):
        assert run([*arguments, "--out", out]) == 0
        assert capsys.readouterr().out.splitlines()[-2:] == [
            "PM608  4  this position has no `account`, in row 2 of positions.csv",
            "PM610  2  C: `quantity`: expected a number, found `ten`, in row 4 of positions.csv",
        ]
