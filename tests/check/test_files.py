"""Tables whose rows stand in a CSV file: places, headers, days, overrides."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmdsl.diagnostics import Finding
from pmdsl.diagnostics.render import render_text
from pmdsl.loading import load
from pmdsl.testing import run_tests
from tests.corpus import found_in

RULES = """pmdsl 1
methodology exchange.rates {{
  version  "1"
  currency USD
  covers   2020-01-01 onward
  source book {{ title "Rates"  read_on 2026-11-21 }}
  levels position -> account
  unique table rate by underlying.id from file "rates.csv" {{
    cite book at "1"
    column initial: money per contract
    column daily: money per contract
    {rows}
  }}
  require initial = sum abs(quantity) * rate.initial into account   cite book at "2"
  require daily   = sum abs(quantity) * rate.daily into account     cite book at "2"
}}
"""
GOOD = "id,from,initial,daily\nES,2020-01-01,USD 1100,USD 1000\n"


def found(folder: Path, csv: str, rows: str = "") -> list[Finding]:
    (folder / "rates.csv").write_text(csv, encoding="utf-8")
    return list(found_in(RULES.format(rows=rows), str(folder / "rates.margin"), folder))


def test_a_sound_file_has_nothing_to_find(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD) == []


def test_a_finding_stands_at_its_line_and_column_of_the_file(tmp_path: Path) -> None:
    """Blank lines, quotes and marks before it move nothing."""
    csv = '\ufeffid,from,initial,daily\n\n"ES",2020-01-01,USD 1100, nothing\n'
    (only,) = found(tmp_path, csv)
    assert only.span is not None
    assert (only.code, only.span.line, only.span.column) == ("PM210", 3, 27)
    assert only.span.text == "nothing"
    assert '3 | "ES",2020-01-01,USD 1100, nothing' in render_text([only])


def test_a_row_is_named_by_its_line(tmp_path: Path) -> None:
    (first, *_) = found(tmp_path, GOOD + "ES,2021-01-01,USD 1,USD 1\nES,2022-01-01,,USD 1\n")
    assert first.code == "PM404"
    assert first.span is not None
    assert (first.span.line, first.span.text) == (4, "ES,2022-01-01,,USD 1")


def test_what_is_no_language_is_told_at_its_place(tmp_path: Path) -> None:
    (first, *_) = found(tmp_path, "id,from,initial,daily\nES,2020-13-01,USD 1100,USD 1000\n")
    assert (first.code, str(first.span).rsplit("/", 1)[-1]) == ("PM135", "rates.csv:2:4")


@pytest.mark.parametrize("day", ["20200101", "January", "2020"])
@pytest.mark.parametrize("column", ["from", "to"])
def test_a_day_that_is_none_is_refused(tmp_path: Path, day: str, column: str) -> None:
    findings = found(tmp_path, f"id,{column},initial,daily\nES,{day},USD 1100,USD 1000\n")
    assert [(f.code, f.message) for f in findings if f.code == "PM134"] == [
        ("PM134", f"`{day}` is not a date, and `{column}` holds days")
    ]


def test_rows_in_the_braces_go_by_their_own_header(tmp_path: Path) -> None:
    """Where the header of the braces has another order than the file's, cells keep their columns."""
    rows = "| id | daily | initial |\n| NQ | USD 7 | USD 9 |"
    assert found(tmp_path, GOOD, rows) == []
    rules = load(rules_in(tmp_path, rows))
    book = {
        "on": "2024-01-02",
        "underlyings": [{"id": "NQ", "kind": "future", "price": 1}],
        "positions": [{"account": "A", "instrument": "NQ", "quantity": 1}],
    }
    answer = rules.margin(book)["A"].requirements
    assert [str(answer[name]) for name in ("initial", "daily")] == ["9.00", "7.00"]


def test_a_column_that_only_the_braces_have_is_empty_in_the_file(tmp_path: Path) -> None:
    rows = "| id | to | initial | daily |\n| NQ | 2021-12-31 | USD 9 | USD 7 |\n"
    assert {f.code for f in found(tmp_path, GOOD, rows)} <= {"PM421"}


CHILD = """pmdsl 1
methodology broker.house {
  version  "1"
  currency USD
  covers   2020-01-01 onward
  extends  exchange.rates at "1"
  source minutes { title "Minutes"  read_on 2026-11-21 }
  override table rate by underlying.id {
    cite minutes at "1"
    | id | from       | initial | daily |
    | ES | 2022-01-01 | USD 5   | USD 4 |
  }
  because "we ask for more"
}
test "the parent's rate to its day, ours from then on" {
  on 2023-01-02
  underlyings {
    | id | kind   | price |
    | ES | future |     1 |
  }
  positions {
    | instrument | quantity |
    | ES         |        2 |
  }
  expect initial = USD 10
  expect base.initial = USD 2_200
}
"""


def test_a_child_overrides_a_row_of_the_file(tmp_path: Path) -> None:
    """Also where the file has a column of notes, which the child's rows do without."""
    noted = "id,from,initial,daily,unverified\nES,2020-01-01,USD 1100,USD 1000,yes\n"
    assert found(tmp_path, noted) == []
    rules_in(tmp_path)
    path = tmp_path / "house_test.margin"
    path.write_text(CHILD, encoding="utf-8")
    report = run_tests([path])
    assert report.ok, [f.message for case in report.cases for f in case.findings] + list(report.findings)


def rules_in(folder: Path, rows: str = "") -> Path:
    path = folder / "rates.margin"
    path.write_text(RULES.format(rows=rows), encoding="utf-8")
    return path
