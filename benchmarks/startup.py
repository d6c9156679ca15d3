"""How long commands take to start, as multiples of an empty Python process.

    python -m benchmarks startup

Figures are of the processor. Ratios travel between machines better than seconds.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.measure import Row, against, at_most, interleaved

ROOT = Path(__file__).resolve().parents[1]
RUNS = 7
QUOTES = [
    word
    for name in ("spx", "spy")
    for word in ("--quotes", f"examples/quotes_{name}_2023-09-14.csv")
]  # fmt: skip
EMPTY = "python -c pass"
COMMANDS = {
    EMPTY: ["-c", "pass"],
    "import pmdsl": ["-c", "import pmdsl"],
    "import numpy": ["-c", "import numpy"],
    "pmdsl --version": ["-m", "pmdsl", "--version"],
    "pmdsl --help": ["-m", "pmdsl", "--help"],
    "pmdsl rules": ["-m", "pmdsl", "rules"],
    "pmdsl check (one file)": ["-m", "pmdsl", "check", "rules/us/finra/cpm.margin"],
    "pmdsl needs us.finra.cpm": ["-m", "pmdsl", "needs", "us.finra.cpm"],
    "pmdsl margin (demo)": ["-m", "pmdsl", "margin", "examples/01_demo.yaml", *QUOTES],
    "pmdsl margin --format json (demo)": [
        "-m",
        "pmdsl",
        "margin",
        "examples/01_demo.yaml",
        *QUOTES,
        "--format",
        "json",
    ],
    "pmdsl explain (demo)": ["-m", "pmdsl", "explain", "examples/01_demo.yaml", *QUOTES],
}

QUICK = (EMPTY, "pmdsl --version")
WANTED = {
    "pmdsl --version": at_most(6),
    "pmdsl --help": at_most(6),
    "pmdsl check (one file)": at_most(6),
    "pmdsl margin (demo)": at_most(15),
}


def contender(args: Sequence[str]) -> Callable[[], object]:
    """A Python process with such arguments, from start to end."""
    return lambda: subprocess.run([sys.executable, *args], cwd=ROOT, capture_output=True, check=True)


def rows(quick: bool = False) -> Iterator[Row]:
    """A row for each command beside the empty process."""
    chosen = {name: COMMANDS[name] for name in (QUICK if quick else COMMANDS)}
    found = interleaved({name: contender(args) for name, args in chosen.items()}, 1 if quick else RUNS)
    for name in chosen:
        mine, empty = found[name], found[EMPTY]
        if name in WANTED:
            yield against("13", name, mine, empty, WANTED[name], "processor")
        elif name != EMPTY:
            times = mine.processor / empty.processor
            yield Row("", name, times, "", None, unit="× empty", others=mine.others)
