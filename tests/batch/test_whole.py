"""A batch gives each account the answer that it has in one piece, however its positions are written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmdsl.batch.cutting import cut_in_order, in_order
from pmdsl.batch.positions import UNSORTED, chunks_of
from pmdsl.batch.sheets import open_sheet
from pmdsl.batch.staging import Staging
from pmdsl.diagnostics import PmdslError
from tests.batch.books import answers, aside, drawn, in_one_piece, rows_of, run, written

BOOK = drawn(60)


@pytest.mark.parametrize("group", [3, 20, 1000])
@pytest.mark.parametrize("chunk_rows", [1, 17, 10_000])
def test_any_cut_gives_the_same_cents(chunk_rows: int, group: int, tmp_path: Path) -> None:
    summary = run(written(BOOK, tmp_path / "p.parquet", group), tmp_path / "out", chunk_rows)
    assert answers(tmp_path / "out") == in_one_piece(BOOK)
    assert (summary.accounts, summary.positions, summary.quarantined) == (60, len(BOOK), 0)
    assert summary.quarantine is None


def test_answers_stand_in_the_order_of_accounts(tmp_path: Path) -> None:
    run(written(BOOK, tmp_path / "p.parquet", 10), tmp_path / "out", 20)
    names = [row["account"] for row in rows_of(tmp_path / "out")]
    assert names == sorted(names)


@pytest.mark.parametrize("group", [10, 1000])
def test_positions_in_any_order(group: int, tmp_path: Path) -> None:
    told: list[str] = []
    mixed = BOOK.take(np.random.default_rng(1).permutation(len(BOOK)))
    run(written(mixed, tmp_path / "p.parquet", group), tmp_path / "out", 5, told)
    assert answers(tmp_path / "out") == in_one_piece(BOOK)
    assert told[-1] == UNSORTED


def test_positions_in_any_order_that_fit_into_a_chunk_need_no_copy(tmp_path: Path) -> None:
    told: list[str] = []
    mixed = BOOK.take(np.random.default_rng(1).permutation(len(BOOK)))
    run(written(mixed, tmp_path / "p.parquet"), tmp_path / "out", 1000, told)
    assert answers(tmp_path / "out") == in_one_piece(BOOK)
    assert told == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accounts=st.integers(1, 12), seed=st.integers(0, 10**6), group=st.integers(1, 40),
    chunk_rows=st.integers(1, 60), files=st.integers(1, 4),
    order=st.sampled_from(["sorted", "mixed", "backwards"]),
)  # fmt: skip
def test_random_books(accounts: int, seed: int, group: int, chunk_rows: int, order: str, files: int) -> None:
    table = drawn(accounts, seed)
    rows = np.arange(len(table))
    if order != "sorted":
        rows = rows[::-1] if order == "backwards" else np.random.default_rng(seed).permutation(len(table))
    with TemporaryDirectory() as name:
        folder = Path(name) / "positions"
        folder.mkdir()
        for number, part in enumerate(np.array_split(rows, files)):
            written(table.take(part), folder / f"{number}.parquet", group)
        out, codes = Path(name) / "out", []
        try:
            run(folder, out, chunk_rows)
        except PmdslError as problem:
            codes = [finding.code for finding in problem.findings]
        if codes:
            # Footers cannot tell that an account stands at the beginning of a row group and again below.
            assert (codes, order) == (["PM640"], "mixed")
            out = Path(name) / "again"
            run(folder, out, chunk_rows, unsorted=True)
        assert answers(out) == in_one_piece(table)


def test_an_account_that_stands_in_two_files(tmp_path: Path) -> None:
    folder = tmp_path / "positions"
    folder.mkdir()
    for number, start in enumerate(range(0, len(BOOK), 7)):
        written(BOOK.slice(start, 7), folder / f"{number:03d}.parquet")
    run(folder, tmp_path / "out", 10)
    assert answers(tmp_path / "out") == in_one_piece(BOOK)


def test_files_are_taken_by_their_accounts_and_not_by_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "positions"
    (folder / "_not").mkdir(parents=True)
    told: list[str] = []
    written(BOOK.slice(100), folder / "1.parquet")
    written(BOOK.slice(0, 100), folder / "2.parquet")
    written(BOOK, folder / "_not" / "3.parquet")
    run(folder, tmp_path / "out", 40, told)
    assert answers(tmp_path / "out") == in_one_piece(BOOK)
    assert UNSORTED not in told


def test_csv_arrow_and_columns_answer_as_parquet(tmp_path: Path) -> None:
    stream = pa.RecordBatchReader.from_batches(BOOK.schema, BOOK.to_batches(30))
    coded = BOOK.set_column(0, "account", BOOK.column("account").dictionary_encode())
    given = {
        "csv": written(BOOK, tmp_path / "p.csv"),
        "stream": stream,
        "table": coded,
        "columns": BOOK.to_pydict(),
    }
    for name, positions in given.items():
        run(positions, tmp_path / name, 40)
        assert answers(tmp_path / name) == in_one_piece(BOOK), name


def test_accounts_that_are_numbers(tmp_path: Path) -> None:
    numbers = pa.array([int(name[1:]) for name in BOOK.column("account").to_pylist()])
    run(written(BOOK.set_column(0, "account", numbers), tmp_path / "p.parquet", 20), tmp_path / "out", 30)
    expected = {str(int(name[1:])): amount for name, amount in in_one_piece(BOOK).items()}
    assert answers(tmp_path / "out") == expected


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_no_positions(ending: str, tmp_path: Path) -> None:
    path = written(BOOK.slice(0, 0), tmp_path / f"p.{ending}")
    summary = run(path, tmp_path / "out")
    assert (summary.accounts, summary.positions) == (0, 0)
    assert rows_of(tmp_path / "out") == []


def test_listed_accounts_are_answered_whether_they_hold_something_or_not(tmp_path: Path) -> None:
    names = [f"A{number:04d}" for number in range(-3, 70) if number != 5]
    listed = {"id": names[::-1], "equity": [1e6] * len(names)}
    mixed = BOOK.take(np.random.default_rng(1).permutation(len(BOOK)))
    for group, table in ((10, BOOK), (11, mixed)):
        out = tmp_path / f"out{group}"
        run(written(table, tmp_path / f"{group}.parquet", group), out, 30, accounts=listed)
        known = BOOK.filter(pa.compute.not_equal(BOOK.column("account"), "A0005"))
        assert answers(out) == in_one_piece(known, listed)
        assert aside(out)["A0005"][0] == "PM614"
        assert {row["eligible.minimum_equity"] for row in rows_of(out)} == {True}


def test_a_chunk_is_no_larger_than_asked_for_but_by_a_row_group(tmp_path: Path) -> None:
    sheet = open_sheet(written(drawn(500, most=3), tmp_path / "p.parquet", 25))
    chunks = cut_in_order([sheet], 100)
    assert chunks is not None
    assert sum(chunk.rows for chunk in chunks) == sheet.rows
    assert max(chunk.rows for chunk in chunks) < 100 + 25 + 3
    assert len(chunks) >= 8


def test_buckets_are_about_as_large_as_a_chunk(tmp_path: Path) -> None:
    table = drawn(500, most=3)
    mixed = table.take(np.random.default_rng(1).permutation(len(table)))
    path = written(mixed, tmp_path / "p.parquet", 25)
    assert not in_order([open_sheet(path)])
    chunks = chunks_of(path, Staging(tmp_path / "staging", 100))
    assert sum(chunk.rows for chunk in chunks) == len(table)
    assert max(chunk.rows for chunk in chunks) < 200
