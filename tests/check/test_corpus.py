"""Wrong programs are told what their name says, in the words stored beside; good ones are told nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pmdsl.diagnostics import CODES, Severity
from tests.corpus import assert_stored, found_in, printed, programs

HERE = Path(__file__).parent
PARENTS = HERE / "parents"
MADE = {"PM254"}  # too long to be kept as a file: made in `test_chains.py`


@pytest.mark.parametrize("path", programs(HERE / "bad"), ids=lambda path: path.stem)
def test_wrong_program(path: Path) -> None:
    findings = found_in(path.read_text(encoding="utf-8"), path.name, PARENTS)
    assert path.name[:5] in [finding.code for finding in findings]
    assert_stored(path, printed(findings))


@pytest.mark.parametrize("path", programs(HERE / "good"), ids=lambda path: path.stem)
def test_good_program(path: Path) -> None:
    findings = found_in(path.read_text(encoding="utf-8"), path.name, PARENTS)
    assert [str(finding) for finding in findings if finding.severity is not Severity.NOTE] == []


def test_every_code_has_two_wrong_programs() -> None:
    told = Counter(path.name[:5] for path in programs(HERE / "bad"))
    codes = [code for code in CODES if "PM200" <= code < "PM520" and code not in MADE]
    assert {code: told[code] for code in codes if told[code] < 2} == {}


def test_no_two_programs_are_alike() -> None:
    texts = [path.read_text(encoding="utf-8") for path in programs(HERE / "bad")]
    assert len(set(texts)) == len(texts)
