"""Every code of tests and claims has a page, and every page shows what is really said."""

from __future__ import annotations

import pytest

from pmdsl.diagnostics import CODES
from tests.testing.pages import PAGES, blocks, said

OURS = [code for code in CODES if code.startswith(("PM8", "PM53"))]


@pytest.mark.parametrize("code", OURS)
def test_a_page_shows_its_message(code: str) -> None:
    examples = blocks(code)
    assert said(code, examples, "bad") == examples["text"].rstrip()


@pytest.mark.parametrize("code", [code for code in OURS if code != "PM532"])
def test_the_mended_example_is_fine(code: str) -> None:
    assert said(code, blocks(code), "good") == ""


@pytest.mark.parametrize("code", OURS)
def test_a_page_has_its_title_and_its_reason(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n")
    assert "**Cause.**" in text
    assert "**Why.**" in text
