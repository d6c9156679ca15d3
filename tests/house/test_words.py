"""Every finding has a page, and the project speaks of what it is and not of how it came about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmdsl.diagnostics import CODES
from tests.house.source import ROOT

PAGES = ROOT / "docs" / "errors"
READ = ("pmdsl", "rules", "grammar", "docs", "examples", "benchmarks", "tests")
ENDINGS = (".py", ".md", ".margin", ".yaml", ".toml", ".lark", ".txt", ".svg")
TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "pyproject.toml")

# Words that would speak of how the text came about, and paths that are nobody else's.
FOREIGN = re.compile(r"\b(?:AI|LLM|chatbot|agents?|sub-?agents?|fact sheets?|TODO|FIXME|XXX)\b|/work/|/root/")
SELF = Path(__file__).resolve()


def texts() -> Iterator[Path]:
    """The files that people read."""
    for name in TOP:
        if (ROOT / name).is_file():
            yield ROOT / name
    for folder in READ:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ENDINGS and path.is_file() and path.resolve() != SELF:
                yield path


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(code: str) -> None:
    assert (PAGES / f"{code}.md").is_file()


def test_every_page_has_a_code() -> None:
    pages = {path.stem for path in PAGES.glob("PM*.md")}
    assert pages <= set(CODES)


def test_the_project_speaks_of_itself_alone() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert not found
