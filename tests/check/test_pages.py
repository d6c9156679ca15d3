"""The pages of the codes of rule files."""

from __future__ import annotations

import pytest

from pmdsl.diagnostics import CODES, Severity
from tests.check.pages import PAGES, PARENTS, blocks, found, rendered

CODES_HERE = [code for code in CODES if "PM200" <= code < "PM520"]
SHORTENED = {"PM254"}
WITHOUT_MENDING = {"PM503"}  # a note on what was proved


@pytest.mark.parametrize("code", CODES_HERE)
def test_a_page_has_its_parts(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n\n**Cause.** ")
    assert "The message:\n\n```text\n" in text
    assert ("\nMended:" in text) == (code not in WITHOUT_MENDING)
    assert "\n**Why.** " in text


@pytest.mark.parametrize("code", [code for code in CODES_HERE if code not in SHORTENED])
def test_the_examples_of_a_page_say_what_it_says(code: str) -> None:
    shown = dict(blocks(code))
    findings = found(shown["margin bad"])
    assert code in [finding.code for finding in findings]
    assert rendered(findings) == shown["text"]
    mended = found(shown["margin good"]) if code not in WITHOUT_MENDING else ()
    assert [str(finding) for finding in mended if finding.severity is not Severity.NOTE] == []


def test_parents_are_shown_as_they_are() -> None:
    parents = {path.read_text(encoding="utf-8") for path in PARENTS.glob("*.margin")}
    shown = {body for code in CODES_HERE for kind, body in blocks(code) if kind == "margin parent"}
    assert shown
    assert shown <= parents
