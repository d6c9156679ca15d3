"""The reference page for books says what the reader does."""

from __future__ import annotations

import re

import pytest

from pmdsl.portfolio.shape import ACCOUNT, INSTRUMENT, POSITION, SECTIONS, UNDERLYING, Row
from tests.portfolio.helpers import ROOT, good

PAGE = (ROOT / "docs" / "books.md").read_text(encoding="utf-8")


def test_its_book_is_read() -> None:
    text = PAGE.split("```yaml\n")[1].split("```")[0]
    book = good(text)
    assert book.positions.size == 3
    assert book.instruments.number("multiplier").tolist() == [100.0, 1.0, 100.0]


def test_it_lists_every_section() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(SECTIONS)


@pytest.mark.parametrize("row", [ACCOUNT, UNDERLYING, INSTRUMENT, POSITION], ids=lambda row: row.name)
def test_it_lists_every_key(row: Row) -> None:
    line = re.search(rf"^\| {row.name} \| (.*) \|$", PAGE, re.MULTILINE)
    assert line is not None
    assert re.findall(r"`(\w+)[`:]", line[1]) == list(row.fields)
    assert re.findall(r"\*\*`(\w+)`\*\*", line[1]) == [
        key for key, field in row.fields.items() if field.required
    ]
