"""The counts on the pages of methodologies are what the vectors and the tests in the language come to."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from pmdsl.testing import Report, run_tests
from tests.docs.console import ROOT, UPDATE
from tests.regimes import test_vectors as vectors

PAGES = sorted(page for page in (ROOT / "docs" / "methodologies").glob("*.md") if page.name != "README.md")
PLACE = re.compile(r"<!-- counts ([\w.]+) -->\n(.*?)<!-- end -->", re.DOTALL)
MARKS = ("confirmed", "secondary", "inferred", "worked")


def is_reproduced(vector: vectors.Vector) -> bool:
    """Whether the bundled rule set gives what a vector expects."""
    try:
        vectors.test_vector(vector)
    except AssertionError:
        return False
    return True


@cache
def in_the_language() -> Report:
    """One run of the tests that stand beside the bundled rule sets."""
    return run_tests([ROOT / "rules"], coverage=True)


def row(what: str, done: int, of: int) -> str:
    return f"| {what} | {done} | {of} |"


def counts(name: str) -> str:
    """The table of one rule set."""
    mine = [(vector["tag"], is_reproduced(vector)) for vector in vectors.VECTORS if vector["rules"] == name]
    lines = ["| | reproduced | of |", "|---|---:|---:|"]
    for mark in MARKS:
        done = [good for tag, good in mine if tag == mark]
        if done:
            lines.append(row(f"vectors, {mark}", sum(done), len(done)))
    lines.append(row("vectors, all", sum(good for _, good in mine), len(mine)))
    cases = [c for c in in_the_language().cases if c.rules == name or c.rules.startswith(f"{name}.")]
    lines.append(row("tests in the language", sum(case.ok for case in cases), len(cases)))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("page", [pytest.param(page, id=page.stem) for page in PAGES])
def test_counts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = PLACE.search(text)
    assert found is not None, "the page has no place for its counts"
    assert found[1] == page.stem
    wanted = counts(found[1])
    if UPDATE:
        page.write_text(text[: found.start(2)] + wanted + text[found.end(2) :], encoding="utf-8")
    else:
        assert found[2] == wanted


def test_every_bundled_rule_set_has_a_page() -> None:
    from pmdsl.names.library import scan

    assert {page.stem for page in PAGES} == {entry.name for entry in scan(ROOT / "rules", "bundled")}


@pytest.mark.parametrize("page", [pytest.param(page, id=page.stem) for page in PAGES])
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    """Myths name the vector or the test that holds the truth."""
    text = page.read_text(encoding="utf-8")
    _, _, myths = text.partition("## Errors that are common elsewhere")
    known = {vector["id"] for vector in vectors.VECTORS} | {case.title for case in in_the_language().cases}
    cells = [
        line.split("|")[3] for line in myths.partition("## Sources")[0].splitlines() if line.count("|") == 4
    ]
    named = [name for cell in cells[2:] for name in re.findall(r"`([^`]+)`|\"([^\"]+)\"", cell)]
    assert [a or b for a, b in named if (a or b) not in known] == []
