"""How time and memory grow: with positions, accounts, instruments, points, and lines of the rule file.

    python -m benchmarks growth             the powers
    python -m benchmarks --keep growth      and the drawings, growth_time.svg and growth_memory.svg

Each size runs in a process of its own (`benchmarks.grown`), so that its peak of memory is its own. A power is
the slope of the straight line through the logarithms of the upper sizes: 1 is proportional; below are the
fixed costs of small sizes.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.measure import Row, at_most
from benchmarks.peers import told_by
from benchmarks.plots import Panel, drawing

SIZES: Mapping[str, Sequence[int]] = {
    "positions": (10_000, 100_000, 1_000_000, 10_000_000),
    "accounts": (1_000, 10_000, 100_000, 1_000_000),
    "instruments": (2_000, 10_000, 50_000, 200_000),
    "points": (4, 16, 64, 256),
    "lines": (125, 250, 500, 1_000, 2_000, 4_000),
}
TINY = {"accounts": (10, 100)}
NOTES = {
    "positions": "of 1,000 accounts, 50,000 instruments, 16 points",
    "accounts": "of 20 positions, 50,000 instruments, 16 points",
    "instruments": "20,000 accounts of 20 positions, 16 points",
    "points": "10,000 accounts of 20 positions",
    "lines": "of one rule file",
}
# Powers are fitted to so many of the largest sizes, and may exceed 1 by what the caches cost.
FITTED = 3
LINEAR = at_most(1.1)
# A step that takes less than this at the largest size has no slope worth telling.
SHORTEST = 0.02
STEPS = ("bind", "hold", "run", "run, compiled")
OF_LINES = {"compile": "bind", "plan of a day": "hold"}

Grown = Mapping[int, Mapping[str, float]]


def rows(quick: bool = False) -> Iterator[Row]:
    """The power of each step, and of memory, for each thing that grows."""
    for thing, sizes in (TINY if quick else SIZES).items():
        found = measured(thing, tuple(sizes))
        last = found[max(found)]
        for name in last:
            if name != "megabytes" and last[name] < SHORTEST and not quick:
                continue
            yield of_power(thing, name, found)


def of_power(thing: str, name: str, found: Grown) -> Row:
    """One row: the power beside 1, and what the largest size takes."""
    most = max(found)
    value = found[most][name]
    said = f"{value:,.0f} MB" if name == "megabytes" else f"{value:.3g} s"
    what = f"power of {thing} in {'memory' if name == 'megabytes' else f'`{name}`'}"
    return Row("", what, power(found, name), "proportional", 1.0, LINEAR, f"{said} at {most:,}", unit="")


@cache
def measured(thing: str, sizes: tuple[int, ...]) -> Grown:
    """The figures of each size."""
    return {size: told_by(sys.executable, "-m", "benchmarks.grown", thing, str(size)) for size in sizes}


def power(found: Grown, name: str) -> float:
    """The slope of the logarithm of a figure by that of the size."""
    sizes = sorted(found)[-FITTED:]
    values = [max(found[size][name], 1e-9) for size in sizes]
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


# ---- drawn ------------------------------------------------------------------------------------------------


def time_drawing(found: Mapping[str, Grown]) -> str:
    """Seconds of each step."""
    panels = []
    for thing, grown in found.items():
        names = [name for name in next(iter(grown.values())) if name != "megabytes"]
        lines = {name: [(float(size), grown[size][name]) for size in sorted(grown)] for name in names}
        panels.append(
            Panel(thing.capitalize(), NOTES[thing], {OF_LINES.get(n, n): line for n, line in lines.items()})
        )
    note = "Of a rule file the first line is\ncompiling it, the second the plan\nof one day. One processor."
    return drawing("Time", panels, STEPS, counted, seconds, note)


def memory_drawing(found: Mapping[str, Grown]) -> str:
    """Megabytes at the peak."""
    panels = [
        Panel(
            thing.capitalize(),
            NOTES[thing],
            {"peak": [(float(s), grown[s]["megabytes"]) for s in sorted(grown)]},
        )
        for thing, grown in found.items()
    ]
    note = "What binding, holding and running\nadd to the book at their peak;\nof a rule file, compiling it."
    return drawing("Memory", panels, ("peak",), counted, megabytes, note)


def counted(value: float) -> str:
    """A size as a label: 10 k, 1 M."""
    for least, letter in ((1e6, " M"), (1e3, " k")):
        if value >= least:
            return f"{value / least:g}{letter}"
    return f"{value:g}"


def seconds(value: float) -> str:
    exponent = round(math.log10(value))
    if exponent >= 0:
        return f"{10**exponent} s"
    return f"{10 ** (exponent + 3)} ms" if exponent >= -3 else f"{10 ** (exponent + 6)} µs"


def megabytes(value: float) -> str:
    return f"{value / 1000:g} GB" if value >= 1000 else f"{value:g} MB"


def draw(folder: Path) -> None:
    """Measure everything, unless that was done in this process, and draw it."""
    found = {thing: measured(thing, tuple(sizes)) for thing, sizes in SIZES.items()}
    for name, text in (("growth_time", time_drawing(found)), ("growth_memory", memory_drawing(found))):
        (folder / f"{name}.svg").write_text(text, encoding="utf-8")
