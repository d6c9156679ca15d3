"""What stops a whole batch: files that are no tables, accounts not in order; with the pages of the codes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from pmdsl.batch.answering import answer_chunk
from pmdsl.batch.positions import chunks_of
from pmdsl.batch.staging import Staging
from pmdsl.batch.station import refuse_tables
from pmdsl.diagnostics import PmdslError
from pmdsl.plan.nodes import Level
from tests.api.world import ROOT, rules
from tests.batch.books import answers, drawn, in_one_piece, run, work, written

BOOK = drawn(30)


def refused(call: Callable[[], object]) -> str:
    """The findings that a call raises, as pages show them."""
    with pytest.raises(PmdslError) as caught:
        call()
    lines = [
        f"{found}\n" + (f"  hint: {found.hint}\n" if found.hint else "") for found in caught.value.findings
    ]
    return "".join(lines)


def page(code: str) -> str:
    """The message that the page of a code shows."""
    text = (ROOT / "docs" / "errors" / f"{code}.md").read_text(encoding="utf-8")
    return text.partition("```text\n")[2].partition("```")[0]


def broken(path: Path) -> None:
    path.write_bytes(b"PAR1 and nothing else")


def cut_short(path: Path) -> None:
    written(BOOK, path)
    path.write_bytes(path.read_bytes()[:-50])


def no_quantity(path: Path) -> None:
    written(BOOK.rename_columns(["account", "instrument", "quantities"]), path)


def no_account(path: Path) -> None:
    written(BOOK.drop_columns(["account"]), path)


def days(path: Path) -> None:
    written(BOOK.set_column(2, "quantity", pa.array([19_000] * len(BOOK), pa.date32())), path)


def pairs(path: Path) -> None:
    written(BOOK.set_column(2, "quantity", pa.array([{"a": 1}] * len(BOOK))), path)


def prices(path: Path) -> None:
    written(BOOK.append_column("price", pa.array([1.0] * len(BOOK))), path)


def unread(path: Path) -> None:
    written(BOOK.append_column("colour", pa.array(["red"] * len(BOOK))), path)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (broken, "error[PM601]: `{path}` cannot be read as Parquet: "),
        (cut_short, "error[PM601]: `{path}` cannot be read as Parquet: "),
        (
            no_quantity,
            "error[PM608]: `{path}` has no column `quantity`\n  hint: is `quantities` meant for it?",
        ),
        (no_account, "error[PM608]: `{path}` has no column `account`"),
        (days, "error[PM622]: `quantity`: expected a number in every row, found a date"),
        (pairs, "error[PM622]: the column `quantity` of positions has the type struct<a: int64>"),
        (prices, "error[PM616]: `price` of a position"),
        (unread, "error[PM703]: no rule set at hand reads `colour` of position"),
    ],
)
def test_a_file_that_is_no_table_of_positions(
    write: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "p.parquet"
    write(path)
    assert refused(lambda: run(path, tmp_path / "out")).startswith(message.format(path=path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("account,instrument,quantity\nA,SPY\n", "error[PM620]: `{path}` is not CSV: "),
        ("account,instrument,account\nA,SPY,B\n", "error[PM6"),
        ("", "error[PM620]: `{path}` is not CSV: "),
        ("account,instrument,quantity\nA,\xff,1\n", "error[PM620]: `{path}` is not CSV: "),
    ],
)
def test_a_text_that_is_no_csv(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(text.encode("latin-1"))
    assert refused(lambda: run(path, tmp_path / "out")).startswith(message.format(path=path))
    path.write_text("account,instrument,quantity\nA,SPY,1\n")
    assert run(path, tmp_path / "out").accounts == 1


def test_positions_that_are_not_there(tmp_path: Path) -> None:
    written(BOOK, tmp_path / "positions.parquet")
    found = refused(lambda: run(tmp_path / "position.parquet", tmp_path / "out"))
    assert "there is no file" in found
    assert "did you mean `positions.parquet`?" in found
    (tmp_path / "empty").mkdir()
    assert "has no file that ends in" in refused(lambda: run(tmp_path / "empty", tmp_path / "out"))
    assert "found int" in refused(lambda: run(7, tmp_path / "out"))


def test_files_with_other_columns(tmp_path: Path) -> None:
    folder = tmp_path / "positions"
    folder.mkdir()
    written(BOOK, folder / "1.parquet")
    written(BOOK.append_column("trade_price", pa.array([1.0] * len(BOOK))), folder / "2.parquet")
    assert "PM622" in refused(lambda: run(folder, tmp_path / "out"))


def test_listed_accounts_that_stand_twice(tmp_path: Path) -> None:
    path = written(BOOK, tmp_path / "p.parquet")
    found = refused(lambda: run(path, tmp_path / "out", accounts={"id": ["B", "A", "B"]}))
    assert found == "error[PM613]: the account `B` is listed twice, in row 1 and row 3 of accounts\n"
    found = refused(lambda: run(path, tmp_path / "out2", accounts={"id": ["B", None]}))
    assert found == "error[PM608]: this account has no `id`, in row 2 of accounts\n"


def test_accounts_that_come_back_behind_the_footer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row groups A15 A17 and A17 A18 A17: bounds follow each other, rows do not."""
    names = ["A15", "A17", "A17", "A18", "A17"]
    table = pa.table({"account": names, "instrument": ["SPY"] * 5, "quantity": [1.0, 2.0, 3.0, 4.0, 5.0]})
    path = written(table, tmp_path / "positions.parquet", 2)
    monkeypatch.chdir(tmp_path)
    written(pa.concat_tables([table.slice(0, 2), table.slice(2)]), path, 2)
    import pyarrow.parquet as parquet

    with parquet.ParquetWriter(path, table.schema) as sink:
        sink.write_table(table.slice(0, 2))
        sink.write_table(table.slice(2))
    assert refused(lambda: run("positions.parquet", Path("out"), 1)) == page("PM640")
    assert not list((tmp_path / "out").glob("part-*"))
    run("positions.parquet", Path("again"), 1, unsorted=True)
    assert answers(Path("again")) == in_one_piece(table)


def test_a_file_that_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(BOOK, Path("positions.parquet"), 10)
    chunks = chunks_of("positions.parquet", Staging(tmp_path / "staging", 20))
    os.utime("positions.parquet", (0, 0))
    assert refused(lambda: answer_chunk(work().open(), chunks[0], tmp_path)) == page("PM641")


def test_a_folder_of_other_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(BOOK, Path("positions.parquet"))
    run(path, Path("margin"), work=replace(work(), meaning="sha256:another"))
    assert refused(lambda: run(path, Path("margin"), resume=True)) == page("PM642")


def test_rules_that_read_rows_of_accounts() -> None:
    plan = rules("house.example").plan
    more = replace(plan, levels={**plan.levels, "sensitivity": Level("sensitivity", "table")})
    assert refused(lambda: refuse_tables(more)) == page("PM644")


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    mine = work()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = refused(lambda: run(tmp_path / "p.parquet", tmp_path / "out", work=mine))
    assert found.startswith(
        "error[PM623]: batches need pyarrow, which is not installed\n  hint: install it with"
    )
