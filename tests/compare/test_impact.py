"""The same books under two rule sets: what each account is asked, what bound it, and what it comes to."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

import pmdsl
from pmdsl.compare.impact import Impact, impact
from pmdsl.diagnostics import PmdslError
from pmdsl.render.shown import as_text
from tests.api.world import ROOT, SMALL, TINY, rules

EXAMPLES = ROOT / "examples"
EUROS = TINY.replace("currency USD", "currency EUR").replace("abs(worth)", "abs(convert worth to EUR)")
ON_TOP = TINY.replace("methodology tiny", "methodology more").replace("2025-01-01 = 20%", "2025-01-01 = 30%")
UNPRICED = SMALL.replace("{id: XYZ, kind: stock, price: 50,", "{id: XYZ, kind: stock,")


def made(left: str, right: str, **books: str) -> Impact:
    return impact(pmdsl.load(left), pmdsl.load(right), books)


def test_every_account_of_every_book() -> None:
    found = made(TINY, ON_TOP, one=SMALL, two=SMALL.replace("quantity: 100}", "quantity: 200}"))
    assert [(line.portfolio, line.change.account) for line in found.lines] == [
        ("one", "A1"), ("one", "A2"), ("two", "A1"), ("two", "A2")
    ]  # fmt: skip
    line = found.lines[1]
    assert (line.change.before, line.change.after) == (Decimal("1000.00"), Decimal("1500.00"))
    assert line.change.share == Decimal("0.5")
    assert not found.findings


def test_what_bound_on_each_side() -> None:
    found = impact(rules(), rules("house.example"), {"small": SMALL})
    line = next(line for line in found.lines if line.change.account == "A1")
    assert [part.by for part in line.bound_before] == ["d5"]
    assert [part.group for part in line.bound_after] == ["indexes"]
    assert (found.before, found.after) == ("maintenance", "house")


def test_the_summary() -> None:
    books = {name: EXAMPLES / f"{name}.yaml" for name in ("02_collar", "03_short_fly")}
    summary = impact(rules(), rules("house.example"), books).summary
    assert (summary.up, summary.down, summary.equal, summary.failed) == (5, 0, 0, 0)
    assert summary.largest_rise is not None
    assert summary.largest_rise.change.account == "shares"
    assert summary.largest_fall is None
    assert summary.total is not None
    back = impact(rules("house.example"), rules(), books).summary
    assert (back.up, back.down) == (0, 5)
    assert back.largest_fall is not None
    assert back.largest_fall.change.change == -summary.largest_rise.change.change  # type: ignore[operator]
    same = impact(rules(), rules(), books).summary
    assert (same.up, same.down, same.equal) == (0, 0, 5)
    assert same.total is not None
    assert same.total.change == 0


def test_an_account_that_cannot_be_answered_is_counted_and_left_out_of_the_total() -> None:
    found = made(TINY, ON_TOP, book=UNPRICED)
    assert [line.change.change is None for line in found.lines] == [False, True]
    assert found.summary.failed == 1
    assert found.summary.total is not None
    assert found.summary.total.before == found.lines[0].change.before
    shown = as_text(found.__rich__())
    assert re.search(r"^A2 +error +error +– +–$", shown, re.MULTILINE)
    assert "1 up, 0 down, 0 equal, 1 without an answer" in shown


def test_a_book_that_cannot_be_read_leaves_the_others() -> None:
    found = made(TINY, ON_TOP, wrong="on: 2026-03-02\npositions: [{instrument: ABC}]\n", good=SMALL)
    assert {line.portfolio for line in found.lines} == {"good"}
    assert {finding.code for finding in found.findings} == {"PM608", "PM614"}
    none = made(TINY, ON_TOP, wrong="on: tomorrow\n")
    assert none.lines == ()
    assert none.summary.total is None


def test_currencies_are_not_subtracted() -> None:
    book = SMALL.replace("on: 2026-03-02", "on: 2026-03-02\nfx: {EURUSD: 1.25}")
    with pytest.raises(PmdslError) as caught:
        made(TINY, EUROS.replace("methodology tiny", "methodology euros"), book=book)
    assert [finding.code for finding in caught.value.findings] == ["PM911"]


@pytest.mark.parametrize("width", [80, 100, 140])
def test_nothing_is_cut(width: int) -> None:
    books = {name: EXAMPLES / f"{name}.yaml" for name in ("02_collar", "03_short_fly", "04_leveraged_funds")}
    for named in (books, {"02_collar": books["02_collar"]}):
        shown = as_text(impact(rules(), rules("house.example"), named).__rich__(), width)
        assert max(map(len, shown.splitlines())) <= width
        assert "…" not in shown
        assert "22,000.00" in shown
        assert "largest rise  +7,000.00  +46.7%  shares" in shown


def test_as_json() -> None:
    record = made(TINY, ON_TOP, book=UNPRICED).to_json()
    assert json.dumps(record)
    assert list(record) == ["format_version", "left", "right", "currency", "results", "summary"]
    assert record["left"]["requirement"] == "maintenance"
    first, second = record["results"]
    assert first["portfolio"] == "book"
    assert first["percent"] == "50.00"
    assert second["change"] is None
    assert [message["code"] for message in second["messages"]]
    assert record["summary"]["largest_rise"]["account"] == "A1"
    assert record["summary"]["largest_fall"] is None
    assert record["summary"]["total"]["accounts"] == 1
