"""Each fix that a finding offers: applied alone, it makes that finding go away and adds none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmdsl.diagnostics import Finding, Findings
from pmdsl.source import Source
from pmdsl.syntax.limits import decode
from pmdsl.syntax.parser import parse

BAD = sorted((Path(__file__).parent / "bad").glob("*.margin"))


def findings_in(text: str) -> list[Finding]:
    findings = Findings()
    parse(Source("text.margin", text), findings)
    return list(findings)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_fix_mends_what_it_is_offered_for(path: Path) -> None:
    source = decode(path.name, path.read_bytes(), Findings())
    if source is None:
        return
    found = findings_in(source.text)
    for finding in found:
        if finding.fix is None or finding.span is None:
            continue
        span = finding.fix.span
        mended = source.text[: span.start] + finding.fix.replacement + source.text[span.end :]
        left = findings_in(mended)
        assert (finding.code, finding.span.start) not in [
            (one.code, one.span.start) for one in left if one.span is not None
        ]
        assert len(left) <= len(found)


def test_most_mistakes_of_spelling_have_a_fix() -> None:
    codes = ("PM102", "PM107", "PM108", "PM121", "PM124", "PM130", "PM136", "PM137", "PM142", "PM151")
    for path in BAD:
        if path.stem.startswith(codes):
            source = decode(path.name, path.read_bytes(), Findings())
            assert source is not None
            assert all(finding.fix for finding in findings_in(source.text)), path.stem
