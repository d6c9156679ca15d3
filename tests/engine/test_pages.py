"""The pages of the engine's codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmdsl.diagnostics import CODES
from tests.engine.pages import PAGES, blocks, found, rendered

CODES_HERE = [code for code in CODES if code.startswith("PM7")]
WITHOUT_A_RUN = {"PM707", "PM730", "PM731", "PM732", "PM733", "PM734", "PM735"}


@pytest.mark.parametrize("code", CODES_HERE)
def test_a_page_has_its_parts(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n\n**Cause.** ")
    assert "\n**Why.** " in text
    assert "The message:\n\n```text\n" in text
    assert "\nMended" in text


@pytest.mark.parametrize("code", [code for code in CODES_HERE if code not in WITHOUT_A_RUN])
def test_the_examples_of_a_page_say_what_it_says(code: str, tmp_path: Path) -> None:
    examples = blocks(code)
    messages = found(examples, "bad", tmp_path)
    assert messages[0].code == code
    assert "\n".join(rendered(message, tmp_path) for message in messages) + "\n" == examples["text"]
    assert [str(message) for message in found(examples, "good", tmp_path)] == []
