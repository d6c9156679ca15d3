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
from benchmarks.report import as_json, cells, markdown

NEWEST = Path(__file__).with_name("newest.json")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
FIGURES = "figures"
LOOK = "look"
# What the page begins with, of the rows that there are: the benchmark, the row, its peer.
PICKED = (
    ("engine", "margin, numpy engine, 20 M × 16, 1 thread", "take + reduceat"),
    ("engine", "margin, numpy engine, 20 M × 16, 2 threads", "DuckDB"),
    ("engine", "margin, numpy engine, 20 M × 16, 2 threads", "Polars"),
    ("engine", "margin, compiled, 20 M × 16, 1 thread", "take + reduceat"),
    ("engine", "margin, compiled, 20 M × 16, 1 thread", "gather by numba"),
    ("whatif", "one trade: TIMS-like, compiled, 50 positions", "np.add of 16 doubles"),
    ("whatif", "one of 1,000 trades: TIMS-like, numpy, 50 positions", "np.add of 16 doubles"),
    ("pairing", "us.reg_t, 1,000 accounts of 8 legs", "integer programs"),
    ("pairing", "us.reg_t, 5 accounts of 100 legs", "integer programs"),
    ("startup", "pmdsl margin (demo)", "python -c pass"),
)

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
    """The page with the tables of these figures, and what they come to, between its marks."""
    return between(between(page, FIGURES, tables(kept)), LOOK, look(kept))


def between(page: str, name: str, text: str) -> str:
    """The page with a text between the marks of a name."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    before, rest = page.split(begin, 1)
    _, after = rest.split(end, 1)
    return before + begin + text + end + after


def look(kept: Kept) -> str:
    """The rows that say most, and of each benchmark how many goals are met, and which are not."""
    rows = {name: list(map(row_of, one["rows"])) for name, one in kept.items()}
    chosen = [
        row
        for name, what, peer in PICKED
        for row in rows.get(name, ())
        if (row.what, row.peer) == (what, peer)
    ]
    lines = ["", markdown(chosen, ("what", "ours", "peer", "theirs", "ratio", "wanted")), ""]
    lines += ["| benchmark | goals met | not met: ratio, and what was wanted |", "| --- | ---: | --- |"]
    for name, mine in rows.items():
        judged = [row for row in mine if row.met is not None]
        told = map(cells, (row for row in judged if not row.met))
        missed = "; ".join(f"{row['what']}, {row['ratio']}, {row['wanted']}" for row in told)
        if judged:
            lines.append(f"| {name} | {sum(bool(row.met) for row in judged)} of {len(judged)} | {missed} |")
    return "\n".join([*lines, "", ""])


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
