"""The page of figures shows what is kept, and begins with what it comes to."""

from __future__ import annotations

import json
from typing import Any

from benchmarks import kept


def test_the_page_shows_the_newest_figures() -> None:
    newest = json.loads(kept.NEWEST.read_text(encoding="utf-8"))
    page = kept.PAGE.read_text(encoding="utf-8")
    assert kept.shown_in(page, newest) == page


def test_goals_are_counted_and_those_not_met_are_named() -> None:
    def row(what: str, ours: float | None, bound: float | None) -> dict[str, Any]:
        told = {"goal": "2", "what": what, "ours": ours, "peer": "numpy", "theirs": 6.0, "note": ""}
        return {**told, "unit": "s", "others": None, "wanted": bound, "at_most": False}

    rows = [row("fast", 1.0, 3.0), row("slow", 4.0, 3.0), row("absent", None, 3.0), row("free", 1.0, None)]
    text = kept.look({"engine": {"rows": rows}, "pairing": {"rows": [row("free", 1.0, None)]}})
    assert "| engine | 1 of 2 | slow, 1.50, ≥ 3 |" in text
    assert "pairing" not in text
