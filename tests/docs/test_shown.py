"""The pages of methodologies and the stories of the examples: each command prints what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.console import ROOT, UPDATE, Shown, check, is_run, shown_in, update

PAGES = [
    page
    for page in (
        *sorted((ROOT / "docs" / "methodologies").glob("*.md")),
        *(ROOT / "docs" / f"{name}.md" for name in ("commands", "python", "plans")),
        ROOT / "examples" / "README.md",
        ROOT / "CONTRIBUTING.md",
    )
    if page.is_file()
]


def every(pages: list[Path]) -> list[object]:
    """The commands of some pages, one test each; written anew first where that is asked."""
    found: list[object] = []
    for page in pages:
        if UPDATE:
            update(page)
        shown = [shown for shown in shown_in(page) if is_run(shown)]
        found += [pytest.param(s, id=f"{page.parent.name}-{page.stem}-{s.line}") for s in shown]
    return found


@pytest.mark.parametrize("shown", every(PAGES))
def test_what_is_shown_is_what_is_printed(shown: Shown) -> None:
    check(shown)
