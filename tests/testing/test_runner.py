"""Finding tests, and everything that can be wrong before one is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmdsl.author.checking import check_files
from pmdsl.names.library import Library
from pmdsl.testing import render_report, run_tests
from tests.testing.helpers import SAMPLES, codes, run, sample

SHARE = """
  on 2024-03-01
  underlyings {
    | id  | kind  | price |
    | XYZ | stock | 50.00 |
  }
  positions {
    | instrument | quantity |
    | XYZ        |      100 |
  }
  expect maintenance = USD 500.00
}
"""


def test_the_samples_pass() -> None:
    report = run_tests([SAMPLES], coverage=True)
    assert report.ok
    assert report.passed == len(report.cases) == 3
    assert sum(case.expectations for case in report.cases) == 22


def test_files_folders_and_what_is_asked_for_twice(tmp_path: Path) -> None:
    inner = tmp_path / "deep" / "er"
    inner.mkdir(parents=True)
    (inner / "small.margin").write_text(sample("small.margin"))
    (inner / "small_test.margin").write_text(sample("small_test.margin"))
    assert len(run_tests([tmp_path]).cases) == 3
    assert len(run_tests([tmp_path, inner / "small_test.margin", str(inner)]).cases) == 3


def test_tests_beside_a_methodology_need_no_using() -> None:
    text = sample("small.margin") + '\ntest "here" {' + SHARE
    report = run({"rules.margin": text})
    assert report.ok
    assert report.cases[0].rules == "test.small"


def test_a_rule_set_may_come_from_the_library(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "small.margin").write_text(sample("small.margin"))
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "x_test.margin").write_text('pmdsl 1\ntest "x" {\n  using test.small' + SHARE)
    assert run_tests([tmp_path / "tests"], library=Library((shelf,))).ok
    assert not run_tests([tmp_path / "tests"]).ok


def test_a_file_with_errors_is_reported_and_the_others_run() -> None:
    report = run({
        "small.margin": sample("small.margin"),
        "a_test.margin": 'pmdsl 1\ntest "broken" {\n  expect = 3\n}\n',
        "b_test.margin": 'pmdsl 1\ntest "fine" {\n  using test.small' + SHARE,
    })  # fmt: skip
    assert not report.ok
    assert [case.title for case in report.cases] == ["fine"]
    assert report.cases[0].ok
    assert all(finding.code.startswith("PM1") for finding in report.findings)


def test_a_rule_set_with_errors_is_reported_once() -> None:
    rules = sample("small.margin").replace("point.down * range.down", "point.dawn * range.down")
    tests = "".join(f'test "{k}" {{\n  using test.small{SHARE}' for k in range(3))
    report = run({"small.margin": rules, "it_test.margin": "pmdsl 1\n" + tests})
    assert [finding.code for finding in report.findings] == ["PM211"]
    assert [codes(case) for case in report.cases] == [["PM810"]] * 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('test "x" {\n  using test.smal' + SHARE, "PM810"),
        ('test "x" {' + SHARE, "PM810"),
        ('test "x" {\n  using test.small' + SHARE.replace("on 2024-03-01", ""), "PM810"),
        ('test "x" {\n  using test.small' + SHARE.replace("expect maintenance = USD 500.00", ""), "PM817"),
    ],
)
def test_a_test_that_cannot_be_run(text: str, code: str) -> None:
    report = run({"small.margin": sample("small.margin"), "it_test.margin": "pmdsl 1\n" + text})
    assert codes(report.cases[0]) == [code]


def test_nothing_to_run(tmp_path: Path) -> None:
    (tmp_path / "empty_test.margin").write_text("pmdsl 1\n")
    (tmp_path / "rules.margin").write_text(sample("small.margin"))
    assert [f.code for f in run_tests([tmp_path]).findings] == ["PM820"]
    assert [f.code for f in run_tests([tmp_path / "nowhere"]).findings] == ["PM820"]
    assert [f.code for f in run_tests([tmp_path / "rules.margin"]).findings] == ["PM820"]
    assert not run_tests([tmp_path]).ok


def test_folders_that_are_marked_are_passed_over_and_named(tmp_path: Path) -> None:
    for folder in ("mine", "wrong"):
        (tmp_path / folder).mkdir()
        for name in ("small.margin", "small_test.margin"):
            (tmp_path / folder / name).write_text(sample(name), encoding="utf-8")
    (tmp_path / "wrong" / ".pmdsl-skip").touch()
    report = run_tests([tmp_path])
    assert {Path(case.file).parent.name for case in report.cases} == {"mine"}
    assert report.passed_over == (tmp_path / "wrong",)
    assert f"passed over, for their .pmdsl-skip: {tmp_path / 'wrong'}" in render_report(report)
    assert "in 1 file: " in render_report(report)
    assert run_tests([tmp_path / "wrong"]).passed == report.passed
    assert check_files([tmp_path]).summary.endswith("1 folder passed over")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "x_test.margin").write_bytes(b"pmdsl 1 \xff\xfe")
    assert [f.code for f in run_tests([tmp_path]).findings] == ["PM820"]
