"""Every operator and convention: hand-worked tests of small methodologies, wrong programs and their messages.

`PMDSL_UPDATE=1 pytest tests/operators` writes the stored messages anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.diagnostics.render import render_text
from pmdsl.names.library import Library
from pmdsl.source import Source
from pmdsl.testing import run_tests

FOLDER = Path(__file__).parent
WRONG = sorted(FOLDER.glob("wrong/*.margin"))
RIGHT = sorted(path for path in FOLDER.rglob("*.margin") if path.parent.name != "wrong")
# What every small program lacks, and what says nothing about it.
USUAL = {"PM239", "PM240", "PM243", "PM244", "PM248", "PM249", "PM250", "PM410", "PM412"}


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@pytest.mark.parametrize("path", RIGHT, ids=name_of)
def test_right(path: Path) -> None:
    report = run_tests([path])
    failed = [finding for case in report.cases for finding in case.findings]
    shown = render_text([*report.findings, *failed])
    assert not failed, shown
    assert not any(finding.is_error for finding in report.findings), shown
    assert report.cases or "methodology" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", WRONG, ids=name_of)
def test_wrong(path: Path) -> None:
    """A wrong program is told what is wrong with it, in these words; `warns_` programs are only warned."""
    source = Source(path.name, path.read_text(encoding="utf-8"))
    findings = Findings()
    compile_source(source, Library(), findings)
    told = [finding for finding in findings if finding.code not in USUAL]
    message = render_text(told)
    stored = path.with_suffix(".txt")
    if os.environ.get("PMDSL_UPDATE"):
        stored.write_text(message, encoding="utf-8")
    assert told
    assert any(finding.is_error for finding in told) != path.name.startswith("warns_")
    assert message == stored.read_text(encoding="utf-8")


def test_every_wrong_program_is_short() -> None:
    """A wrong program shows one mistake."""
    for path in WRONG:
        message = path.with_suffix(".txt").read_text(encoding="utf-8")
        found = re.findall(r"^(?:error|warning)\[", message, re.MULTILINE)
        assert len(found) == 1, path.name
