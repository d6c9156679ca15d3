"""One bad account is put aside with its reason; the others are answered as if it were not there."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from pmdsl.batch import quarantine
from tests.batch.books import answers, aside, changed, drawn, in_one_piece, rows_of, run, work, written

BOOK = drawn(30, most=5)
ROW = 40
NAME = BOOK.column("account")[ROW].as_py()


@pytest.mark.parametrize(
    ("column", "value", "code", "message"),
    [
        ("instrument", "SPZ", "PM614", "the market has no instrument `SPZ`, in row 41 of {path}"),
        ("instrument", None, "PM608", "this position has no `instrument`, in row 41 of {path}"),
        (
            "instrument",
            "SPY   990115C00460000",
            "PM614",
            "the market has no instrument `SPY   990115C00460000`",
        ),
        ("quantity", None, "PM608", "this position has no `quantity`, in row 41 of {path}"),
        ("quantity", float("nan"), "PM610", "`quantity`: nan is not a finite number, in row 41 of {path}"),
        ("quantity", float("-inf"), "PM610", "`quantity`: -inf is not a finite number, in row 41 of {path}"),
        ("quantity", 1e19, "PM610", "`quantity`: 1e+19 is beyond 10^18, in row 41 of {path}"),
    ],
)
@pytest.mark.parametrize("group", [7, 1000])
def test_a_bad_row(column: str, value: object, code: str, message: str, group: int, tmp_path: Path) -> None:
    path = written(changed(BOOK, column, ROW, value), tmp_path / "p.parquet", group)
    summary = run(path, tmp_path / "out", 20)
    expected = in_one_piece(BOOK) | {NAME: None}
    assert answers(tmp_path / "out") == expected
    assert summary.quarantined == 1
    (found,) = aside(tmp_path / "out").items()
    assert found[0] == NAME
    assert found[1][0] == code
    assert found[1][1].startswith(message.format(path=path))


def test_rows_of_copies_are_named_by_the_file_that_was_given(tmp_path: Path) -> None:
    table = changed(BOOK, "instrument", ROW, "SPZ")
    path = written(table.take(list(range(len(table)))[::-1]), tmp_path / "p.parquet", 10)
    run(path, tmp_path / "out", 20)
    assert aside(tmp_path / "out")[NAME][1].endswith(f"in row {len(BOOK) - ROW} of {path}")
    run(written(table, tmp_path / "p.csv"), tmp_path / "csv", 20)
    assert aside(tmp_path / "csv")[NAME][1].endswith(f"in row {ROW + 1} of {tmp_path / 'p.csv'}")


def test_words_in_the_place_of_numbers(tmp_path: Path) -> None:
    texts = BOOK.set_column(2, "quantity", BOOK.column("quantity").cast(pa.string()))
    run(written(changed(texts, "quantity", ROW, "ten"), tmp_path / "p.csv"), tmp_path / "out", 20)
    assert aside(tmp_path / "out")[NAME][0] == "PM610"
    assert answers(tmp_path / "out") == in_one_piece(BOOK) | {NAME: None}


def test_positions_without_an_account(tmp_path: Path) -> None:
    path = written(changed(BOOK, "account", ROW, None), tmp_path / "p.parquet")
    run(path, tmp_path / "out", 1000)
    assert aside(tmp_path / "out") == {
        None: ("PM608", f"this position has no `account`, in row 41 of {path}")
    }
    rest = BOOK.take([row for row in range(len(BOOK)) if row != ROW])
    assert answers(tmp_path / "out") == in_one_piece(rest)


def test_positions_of_which_none_has_an_account(tmp_path: Path) -> None:
    nobody = pa.array([None] * len(BOOK), pa.string())
    run(written(BOOK.set_column(0, "account", nobody), tmp_path / "p.parquet", 20), tmp_path / "out", 30)
    assert answers(tmp_path / "out") == {}
    assert set(aside(tmp_path / "out")) == {None}


def test_several_bad_rows_are_counted(tmp_path: Path) -> None:
    table = BOOK
    for row in (row for row, name in enumerate(BOOK.column("account").to_pylist()) if name == NAME):
        table = changed(table, "instrument", row, "SPZ")
    count = BOOK.column("account").to_pylist().count(NAME)
    run(written(table, tmp_path / "p.parquet"), tmp_path / "out")
    assert aside(tmp_path / "out")[NAME][1].endswith(f"(and {count - 1} more bad rows of this account)")


def test_names_that_cannot_be_read(tmp_path: Path) -> None:
    run(written(changed(BOOK, "account", 0, "A\u200b1"), tmp_path / "p.parquet"), tmp_path / "out", 1000)
    assert aside(tmp_path / "out")["A\u200b1"][0] == "PM602"


def test_what_the_rules_need_and_the_market_lacks(tmp_path: Path) -> None:
    from tests.batch.executing import INSTRUMENTS, UNDERLYINGS

    unpriced = {**INSTRUMENTS, "implied_volatility": [0.16, None]}
    from pmdsl.batch.work import work_of
    from tests.api.world import rules
    from tests.batch.books import DAY

    lacking = work_of(rules(), unpriced, UNDERLYINGS, on=DAY, sections={"rate": 0.04})
    run(written(BOOK, tmp_path / "p.parquet", 10), tmp_path / "out", 20, work=lacking)
    holders = {row["account"] for row in BOOK.to_pylist() if row["instrument"] == "XYZ-C" and row["quantity"]}
    found = aside(tmp_path / "out")
    assert set(found) == holders
    assert {code for code, _ in found.values()} == {"PM717"}
    whole = in_one_piece(BOOK)
    assert {name: amount for name, amount in answers(tmp_path / "out").items() if amount is not None} == {
        name: amount for name, amount in whole.items() if name not in holders
    }


def test_reasons_are_worked_out_for_some_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "MOST_REASONS", 2)
    lacking = work(sections={})
    run(written(BOOK, tmp_path / "p.parquet"), tmp_path / "out", 1000, work=lacking)
    codes = [code for code, _ in aside(tmp_path / "out").values()]
    assert codes.count("PM643") == len(codes) - 2 > 0


def test_accounts_whose_attributes_are_bad(tmp_path: Path) -> None:
    names = [f"A{number:04d}" for number in range(30)]
    listed = {"id": names, "equity": [1e6] * 3 + [float("inf")] + [1e6] * 26}
    run(written(BOOK, tmp_path / "p.parquet", 10), tmp_path / "out", 20, accounts=listed)
    assert aside(tmp_path / "out") == {
        "A0003": ("PM610", "`equity`: inf is not a finite number, in row 4 of accounts")
    }
    assert answers(tmp_path / "out") == in_one_piece(BOOK) | {"A0003": None}
    assert [row["eligible.minimum_equity"] for row in rows_of(tmp_path / "out")].count(None) == 1


def test_the_list_of_accounts_put_aside(tmp_path: Path) -> None:
    from pyarrow import csv

    summary = run(written(changed(BOOK, "instrument", ROW, "SPZ"), tmp_path / "p.parquet"), tmp_path / "out")
    assert summary.quarantine is not None
    table = csv.read_csv(summary.quarantine)
    assert table.column_names == ["account", "code", "message", "place", "hint"]
    assert table.column("account").to_pylist() == [NAME]
    assert len(parquet.read_table(tmp_path / "out")) == 30


def test_strict_stops_at_the_first(tmp_path: Path) -> None:
    bad = changed(BOOK, "instrument", 0, "SPZ")
    summary = run(written(bad, tmp_path / "p.parquet", 5), tmp_path / "out", 5, strict=True)
    assert summary.stopped
    assert summary.chunks == 1
    again = run(tmp_path / "p.parquet", tmp_path / "out", 5, resume=True)
    assert (again.kept, again.accounts, again.quarantined) == (1, 30, 1)
