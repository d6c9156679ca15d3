"""The newest figures of every benchmark: kept as JSON, and shown as tables on a page of the documentation.

A benchmark may be run alone and kept beside the older figures of the others, each with its day and versions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.growth import draw
from benchmarks.measure import Row, Wanted
from benchmarks.report import as_json, markdown

NEWEST = Path(__file__).with_name("newest.json")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"

Kept = Mapping[str, Mapping[str, Any]]


def keep(found: Mapping[str, Sequence[Row]], on: Mapping[str, str], day: date) -> None:
    """Put figures in the place of the older ones of the same benchmarks, in the file and on the page."""
    kept = dict(json.loads(NEWEST.read_text())) if NEWEST.exists() else {}
    for name, rows in found.items():
        kept[name] = {"day": day.isoformat(), **as_json(rows, on)}
    NEWEST.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(shown_in(PAGE.read_text(), kept))
    if "growth" in found:
        draw(PAGE.parent)


def shown_in(page: str, kept: Kept) -> str:
    """The page with the tables of these figures between its marks."""
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return before + BEGIN + tables(kept) + END + after


def tables(kept: Kept) -> str:
    """A table for each benchmark, and below those that were measured together what they were measured on."""
    parts: list[str] = []
    names = list(kept)
    for number, name in enumerate(names):
        mine = kept[name]
        parts.append(f"\n**{name}**\n\n{markdown(map(row_of, mine['rows']))}\n")
        following = kept[names[number + 1]] if number + 1 < len(names) else None
        if following is None or measured(following) != measured(mine):
            parts.append(f"\n{measured(mine)}\n")
    return "".join([*parts, "\n"])


def measured(one: Mapping[str, Any]) -> str:
    """The day and the versions of figures, as a line."""
    versions = ", ".join(f"{name} {said}" for name, said in one["measured_on"].items() if name != "machine")
    return f"Measured on {one['day']}: {one['measured_on']['machine']}, {versions}."


def row_of(told: Mapping[str, Any]) -> Row:
    """A row as it was before it became JSON."""
    wanted = None if told["wanted"] is None else Wanted(told["wanted"], told["at_most"])
    names = ("goal", "what", "ours", "peer", "theirs", "note", "unit", "others")
    return Row(**{name: told[name] for name in names}, wanted=wanted)
