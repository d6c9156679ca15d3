"""Every code for books has a page; its example is refused with the message shown, its mended form is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pmdsl.diagnostics import CODES, Finding, PmdslError
from pmdsl.portfolio import book_from_tables, read_portfolio
from tests.portfolio.helpers import MARKET, codes, listed, rendered
from tests.portfolio.pages import PAGES, blocks, findings_of

OWN = sorted(code for code in CODES if code.startswith("PM6"))
BATCHES = {code for code in OWN if code.startswith("PM64")}  # in tests/batch
BY_HAND = {"PM622", "PM623", *BATCHES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the books of the pages: one table stands in it."""
    (tmp_path / "term.csv").write_text("underlying,rate\nSPY,0.05\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("code", OWN)
def test_the_page_has_its_parts(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n\n**Cause.** ")
    assert "\n**Why.** " in text
    assert "The message:\n\n```text\n" in text
    assert "\nMended" in text


@pytest.mark.parametrize("code", [code for code in OWN if code not in BY_HAND])
def test_the_example_gives_the_message_shown(code: str, folder: Path) -> None:
    examples = blocks(code)
    found = findings_of(code, examples, "bad", folder)
    assert {finding.code for finding in found} == {code}
    assert "\n".join(rendered(found)) + "\n" == examples["text"]


@pytest.mark.parametrize("code", [code for code in OWN if code not in BY_HAND])
def test_the_mended_example_is_read(code: str, folder: Path) -> None:
    examples = blocks(code)
    assert not findings_of(code, examples, "good", folder)


def test_a_table_that_does_not_fit() -> None:
    columns = {"instrument": ["SPY"], "quantity": [date(2024, 1, 19)]}
    assert table_error(columns) == blocks("PM622")["text"]


def test_a_format_that_needs_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert table_error(tmp_path / "positions.parquet") == blocks("PM623")["text"]


def table_error(positions: object) -> str:
    with pytest.raises(PmdslError) as raised:
        book_from_tables(positions, underlyings={"id": ["SPY"], "kind": ["etf"]}, on=date(2024, 1, 19))
    return "\n".join(rendered(raised.value.findings)) + "\n"


def test_no_page_is_left_over() -> None:
    assert sorted(path.stem for path in PAGES.glob("PM6*.md")) == OWN


def test_findings_come_with_a_place_and_a_sentence() -> None:
    """What a person needs to mend a file: where it is, what was found, what was expected."""
    text = MARKET + "rate: high\n" + listed("instrument: SPI, quantity: x", "instrument: SPX, quantity: 1")
    with pytest.raises(PmdslError) as raised:
        read_portfolio(text)
    found: tuple[Finding, ...] = raised.value.findings
    assert [str(finding.span) for finding in found] == [
        "<text>:6:7",
        "<text>:8:18",
        "<text>:8:33",
        "<text>:9:18",
    ]
    assert all(finding.message and finding.span for finding in found)
    assert codes(text) == ["PM610", "PM614", "PM610", "PM615"]
