"""A report as text and as JUnit XML."""

from __future__ import annotations

from xml.etree import ElementTree

from pmdsl.testing import junit_xml, render_report
from tests.testing.helpers import run, sample

FAILING = """pmdsl 1

test "one & only <share>" {
  using test.small
  on 2024-03-01
  underlyings {
    | id  | kind  | price |
    | XYZ | stock | 50.00 |
  }
  positions {
    | instrument | quantity |
    | XYZ        |      100 |
  }
  expect maintenance = USD 501.00
  expect binding maintenance = high
}
"""


def files(*, failing: bool) -> dict[str, str]:
    texts = {"small.margin": sample("small.margin"), "small_test.margin": sample("small_test.margin")}
    return texts | ({"worse_test.margin": FAILING} if failing else {})


def test_a_report_without_failures() -> None:
    text = render_report(run(files(failing=False), coverage=True), False)
    lines = text.splitlines()
    assert lines[0] == "..."
    assert lines[-1].startswith("3 tests of 1 rule set in 1 file: 3 passed in ")
    assert any(line.startswith("test.small ") and line.endswith("95%") for line in lines)
    assert "small.margin:74:3: condition eligible solvent (no) never came out" in text
    assert "points that bound nothing: point mid" in text


def test_failures_have_excerpts() -> None:
    text = render_report(run(files(failing=True)), False)
    assert text.splitlines()[0] == "...F"
    assert 'FAILED "one & only <share>"' in text
    assert "`maintenance` is USD 500.00, expected USD 501.00" in text
    assert "14 |   expect maintenance = USD 501.00" in text
    assert "`maintenance` is not bound by high" in text
    assert ", 1 failed in " in text


def test_colours_are_asked_for() -> None:
    report = run(files(failing=True), coverage=True)
    assert "\033[" in render_report(report, True)
    assert "\033[" not in render_report(report, False)


def test_junit() -> None:
    root = ElementTree.fromstring(junit_xml(run(files(failing=True))).encode())
    suites = root.findall("testsuite")
    assert [suite.get("tests") for suite in suites] == ["3", "1"]
    assert [suite.get("failures") for suite in suites] == ["0", "1"]
    case = suites[1].find("testcase")
    assert case is not None
    assert case.get("name") == "one & only <share>"
    assert case.get("classname") == "test.small"
    assert case.get("line") == "3"
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "PM801"
    assert "expected USD 501.00" in (failure.text or "")
    assert "PM804" in (failure.text or "")


def test_junit_of_rule_sets_that_do_not_compile() -> None:
    root = ElementTree.fromstring(junit_xml(run({"a_test.margin": "pmdsl 1\nnonsense \x01\n"})).encode())
    assert root.findall("testsuite")[0].get("name") == "rule sets"
    assert root.find(".//error") is not None
