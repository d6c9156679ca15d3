"""Every code that a finding may carry. The first digit says where it comes from; each has a page in `docs/errors/`.

1 syntax · 2 names and inheritance · 3 levels, axes and units · 4 tables and dates · 5 claims and plans
6 books and markets · 7 evaluation · 8 tests · 9 commands and the surroundings
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A kind of finding: its severity and the title that stands on its page."""

    severity: str
    title: str


CODES: dict[str, Code] = {
    # 1 syntax
    # 2 names and inheritance
    # 3 levels, axes and units
    # 4 tables and dates
    # 5 claims and plans
    # 6 books and markets
    # 7 evaluation
    # 8 tests
    # 9 commands and the surroundings
}
