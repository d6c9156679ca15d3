"""Wrong programs and the messages that they give, stored beside them; `PMDSL_UPDATE=1` writes them anew."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from pmdsl.diagnostics import CODES, Findings
from pmdsl.diagnostics.render import render_text
from pmdsl.source import Source
from pmdsl.syntax.limits import MAX_BYTES, decode
from pmdsl.syntax.log import MAX_FINDINGS
from pmdsl.syntax.parser import parse
from tests.corpus import assert_stored

BAD = sorted((Path(__file__).parent / "bad").glob("*.margin"))
MADE = {"PM129", "PM161"}  # too long to be kept as files: made in the tests below


def found_in(path: Path) -> Findings:
    findings = Findings()
    source = decode(path.name, path.read_bytes(), findings)
    if source is not None:
        parse(source, findings)
    return findings


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_says_what_is_stored(path: Path) -> None:
    findings = found_in(path)
    assert findings.has_errors
    assert_stored(path, render_text(findings))


@pytest.mark.parametrize(
    "path", [path for path in BAD if path.stem.startswith("PM")], ids=lambda path: path.stem
)
def test_gives_only_its_code(path: Path) -> None:
    assert {finding.code for finding in found_in(path)} == {path.stem[:5]}


def test_no_message_names_a_terminal() -> None:
    for path in BAD:
        for finding in found_in(path):
            told = (
                f"{finding.message} {finding.hint or ''} {' '.join(label.text for label in finding.labels)}"
            )
            assert not re.search(r"\b_*[A-Z]{4,}\w*\b|\$END|ANON", told), told


def test_every_code_has_two_programs() -> None:
    count = Counter(path.stem[:5] for path in BAD)
    codes = {code for code in CODES if code.startswith("PM1")} - MADE
    assert {code: count[code] for code in codes if count[code] < 2} == {}


def test_no_two_programs_are_alike() -> None:
    assert len({path.read_bytes() for path in BAD}) == len(BAD)


def test_a_file_that_is_too_large() -> None:
    findings = Findings()
    assert decode("big.margin", b"#" * (MAX_BYTES + 1), findings) is None
    parse(Source("big.margin", "é" * (MAX_BYTES // 2 + 1)), findings)
    assert [finding.code for finding in findings] == ["PM129", "PM129"]


def test_too_many_findings() -> None:
    for line in ("  step = 1\n", "  step sum = 1e5 %\n"):
        findings = Findings()
        parse(Source("many.margin", f"pmdsl 1\nmethodology m {{\n{line * 200}}}\n"), findings)
        assert len(findings) == MAX_FINDINGS + 1
        assert list(findings)[-1].code == "PM161"
