"""`pmdsl check` decides the claims of a rule set: never a bare ok."""

from __future__ import annotations

from pathlib import Path

from pmdsl.author.checking import check_files
from pmdsl.names.library import Library


def test_a_claim_that_a_book_refutes_is_an_error(tmp_path: Path) -> None:
    entry = Library().find("house.example")
    assert entry is not None
    floored = "max(maintenance + concentration, base.maintenance)"
    assert floored in entry.source.text
    file = tmp_path / "soft.margin"
    file.write_text(entry.source.text.replace(floored, "(maintenance + concentration)"), encoding="utf-8")
    checked = check_files([file])
    assert [finding.code for finding in checked.findings if finding.is_error] == ["PM530"]
    assert checked.summary == "1 file: 1 error, 1 note"
