"""The pages of the codes of syntax: each message is what is printed, each mended example is fine.

A character that cannot be seen, or not be told apart, is written as `<U+200B>` in an example.
"""

from __future__ import annotations

import re

import pytest

from pmdsl.diagnostics import CODES, Findings
from pmdsl.diagnostics.render import render_text
from pmdsl.syntax.limits import MAX_BYTES, decode
from pmdsl.syntax.log import MAX_FINDINGS
from tests.check.pages import PAGES, blocks, found

CODES_HERE = [code for code in CODES if code.startswith("PM1")]
MADE = {"PM129", "PM161"}  # too long to be shown whole
LATIN_1 = {"PM128"}
WRITTEN_OUT = re.compile(r"<U\+([0-9A-F]{4})>")


def meant(text: str) -> str:
    """An example with the characters that stand written out on its page."""
    return WRITTEN_OUT.sub(lambda match: chr(int(match[1], 16)), text)


def found_in_bytes(text: str, encoding: str) -> Findings:
    """Everything that is found in an example that is saved in an encoding."""
    findings = Findings()
    source = decode("example.margin", text.encode(encoding), findings)
    return findings if source is None else found(source.text)


@pytest.mark.parametrize("code", CODES_HERE)
def test_a_page_has_its_parts(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n\n**Cause.** ")
    assert "\n```text\n" in text
    assert "\nMended:" in text
    assert "\n**Why.** " in text


@pytest.mark.parametrize("code", [code for code in CODES_HERE if code not in MADE])
def test_the_examples_of_a_page_say_what_it_says(code: str) -> None:
    shown = dict(blocks(code))
    encoding = "latin-1" if code in LATIN_1 else "utf-8"
    findings = found_in_bytes(meant(shown["margin bad"]), encoding)
    assert next(iter(findings)).code == code
    assert render_text(findings) == shown["text"]
    assert [str(finding) for finding in found(shown["margin good"])] == []


def test_a_file_that_is_too_large() -> None:
    findings = Findings()
    assert decode("example.margin", b"#" * (MAX_BYTES + 1), findings) is None
    assert render_text(findings) == dict(blocks("PM129"))["text"]


def test_too_many_findings() -> None:
    first, last = "  step step_1 = 1 %\n", "  step step_200 = 200 %\n"
    shown = dict(blocks("PM161"))
    assert f"{first}  # … and so on to\n{last}" in shown["margin"]
    lines = "".join(f"  step step_{number} = {number} %\n" for number in range(1, 201))
    findings = found(shown["margin"].replace(f"{first}  # … and so on to\n{last}", lines))
    of_syntax = [finding for finding in findings if finding.code in CODES_HERE]
    assert [finding.code for finding in of_syntax] == ["PM137"] * MAX_FINDINGS + ["PM161"]
    assert render_text(findings).endswith(f"\n\n{shown['text']}")
