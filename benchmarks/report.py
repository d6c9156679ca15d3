"""Rows of measurements as an aligned table, as Markdown and as JSON, with what they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import Row

HEADS = ("goal", "what", "ours", "peer", "theirs", "ratio", "wanted", "met", "others", "note")
RIGHT = ("ours", "theirs", "ratio", "wanted", "others")
PACKAGES = (
    "pmdsl",
    "numpy",
    "scipy",
    "numba",
    "duckdb",
    "polars",
    "pyarrow",
    "distributed",
    "QuantLib",
    "lark",
    "OpenFisca-Core",
)
STEPS = ((1.0, 1.0, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs"), (0.0, 1e9, "ns"))


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    found = {
        "machine": f"{processor()}, {os.cpu_count()} processors",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def processor() -> str:
    """The processor's name as the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def amount(value: float | None, unit: str) -> str:
    """A figure with three digits in a unit that suits its size."""
    if value is None:
        return "—"
    if unit != "s":
        return f"{value:,.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"
    times, name = next((times, name) for least, times, name in STEPS if abs(value) >= least)
    return f"{value * times:#.3g} {name}".replace(". ", " ")


def cells(row: Row) -> dict[str, str]:
    """One row as texts."""
    met = {None: "", True: "yes", False: "no"}[row.met]
    return {
        "goal": row.goal,
        "what": row.what,
        "ours": amount(row.ours, row.unit),
        "peer": row.peer,
        "theirs": amount(row.theirs, row.unit),
        "ratio": "—" if row.ratio is None else f"{row.ratio:#.3g}".rstrip("."),
        "wanted": "" if row.wanted is None else str(row.wanted),
        "met": met,
        "others": "" if row.others is None else f"{row.others:.2f}",
        "note": row.note,
    }


def table(rows: Iterable[Row]) -> str:
    """An aligned table for a screen."""
    texts = [dict(zip(HEADS, HEADS, strict=True)), *map(cells, rows)]
    widths = {head: max(len(text[head]) for text in texts) for head in HEADS}
    lines = [
        "  ".join(_padded(text[head], widths[head], head in RIGHT) for head in HEADS).rstrip()
        for text in texts
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def markdown(rows: Iterable[Row], heads: Sequence[str] = HEADS) -> str:
    """The same, or some of its columns, as a table in Markdown."""
    rule = ["---:" if head in RIGHT else "---" for head in heads]
    body = [[cells(row)[head].replace("|", "\\|") for head in heads] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in [list(heads), rule, *body])


def as_json(rows: Sequence[Row], on: Mapping[str, str]) -> dict[str, object]:
    """Rows with their ratios and verdicts, and the machine, as plain data."""
    told = [
        {
            "goal": row.goal,
            "what": row.what,
            "ours": row.ours,
            "peer": row.peer,
            "theirs": row.theirs,
            "unit": row.unit,
            "ratio": row.ratio,
            "wanted": None if row.wanted is None else row.wanted.bound,
            "at_most": row.wanted is not None and row.wanted.at_most,
            "met": row.met,
            "others": row.others,
            "note": row.note,
        }
        for row in rows
    ]
    return {"measured_on": dict(on), "rows": told}


def _padded(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)
