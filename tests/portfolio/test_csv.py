"""Strict CSV: RFC 4180, a header, one width; every place can be found again."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmdsl.diagnostics import Finding, Findings
from pmdsl.portfolio.csv_text import Grid, read_grid
from pmdsl.portfolio.report import Report
from pmdsl.source import Source

CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]) | st.just("\n"),
    max_size=6,
)


def grid(text: str) -> tuple[Grid | None, list[Finding]]:
    findings = Findings()
    return read_grid(Source("rows.csv", text), Report(findings)), list(findings)


def wrong(text: str) -> Finding:
    read, findings = grid(text)
    assert read is None
    return findings[0]


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_what_was_written_is_read(rows: list[list[str]], end: str, quoted: bool) -> None:
    file = io.StringIO(newline="")
    how = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(file, lineterminator=end, quoting=how).writerows([["a", "b", "c"], *rows])
    read, findings = grid(file.getvalue())
    assert read is not None, findings
    assert [list(row) for row in zip(*read.columns, strict=True)] == rows
    for number, row in enumerate(rows):
        for name, cell in zip("abc", row, strict=True):
            text = io.StringIO(read.cell_place(number, name).text, newline="")
            assert next(csv.reader(text), []) in ([cell], [cell] if cell else [])


@given(
    st.lists(st.lists(st.from_regex(r"[a-z0-9.]{0,4}", fullmatch=True), min_size=2, max_size=2), max_size=5)
)
def test_the_quick_way_and_the_careful_way_agree(rows: list[list[str]]) -> None:
    text = "a,b\n" + "".join(",".join(row) + "\n" for row in rows)
    quick, careful = grid(text)[0], grid('"a",b\n' + text[4:])[0]
    assert quick is not None
    assert careful is not None
    assert [list(column) for column in quick.columns] == [list(column) for column in careful.columns]
    assert list(quick.lines) == list(careful.lines)


def test_lines_of_rows_with_line_breaks_in_cells() -> None:
    read, _ = grid('a,b\n"x\ny",1\nz,2\n')
    assert read is not None
    assert list(read.lines) == [2, 4]
    assert str(read.cell_place(1, "b")) == "rows.csv:4:3"


def test_empty_lines_at_the_end_are_nothing() -> None:
    read, _ = grid("a,b\n1,2\n\n\n")
    assert read is not None
    assert len(read.lines) == 1


@pytest.mark.parametrize(
    ("text", "code", "line", "said"),
    [
        ("", "PM620", 1, "empty"),
        ("\n\n", "PM620", 1, "empty"),
        ("a,b\n1\n", "PM620", 2, "a row of 1 cells: expected 2"),
        ("a,b\n1,2\n1,2,3\n", "PM620", 3, "a row of 3 cells: expected 2"),
        ("a,b\n\n1,2\n", "PM620", 2, "a row of 0 cells"),
        ("a,\n1,2\n", "PM620", 1, "column 2 has no usable name"),
        ("a, b\n1,2\n", "PM620", 1, "begins or ends with a space"),
        ("a,a\n1,2\n", "PM613", 1, "the column `a` stands twice"),
        ('a,b\n1,"2\n', "PM620", 2, "unexpected end of data"),
        ('a,b\n1,"2"3\n', "PM620", 2, "expected after"),
        ('a,b\n1,2"3\n', "PM620", 2, "quote inside a bare cell"),
    ],
)
def test_what_is_no_csv(text: str, code: str, line: int, said: str) -> None:
    finding = wrong(text)
    assert finding.code == code
    assert finding.span is not None
    assert finding.span.line == line
    assert said in finding.message


FOOTED = "a,b,c\n1,2,3\n4,5,6\nReport created on 2026-03-02, two rows\n"


def test_a_footer_is_dropped_where_one_may_be() -> None:
    findings = Findings()
    read = read_grid(Source("report.csv", FOOTED), Report(findings), footer=True)
    assert read is not None
    assert not list(findings)
    assert [list(column) for column in read.columns] == [["1", "4"], ["2", "5"], ["3", "6"]]
    assert list(read.lines) == [2, 3]


def test_a_footer_is_an_error_in_a_book() -> None:
    assert wrong(FOOTED).code == "PM620"


@pytest.mark.parametrize("text", ["a,b\n1\n2,3\nend\n", "a,b\n1,2\n1,2,3\n"])
def test_a_short_line_before_the_last_and_a_long_one_are_errors_all_the_same(text: str) -> None:
    findings = Findings()
    assert read_grid(Source("report.csv", text), Report(findings), footer=True) is None
    assert [finding.code for finding in findings] == ["PM620"]


def test_a_report_without_rows_has_a_footer_too() -> None:
    read = read_grid(Source("report.csv", "a,b\nend\n"), Report(Findings()), footer=True)
    assert read is not None
    assert len(read.lines) == 0
