"""How long commands take to start, as multiples of an empty Python process.

    python -m benchmarks.startup

Ratios travel between machines better than seconds; both are printed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 7
QUOTES = [
    word
    for name in ("spx", "spy")
    for word in ("--quotes", f"examples/quotes_{name}_2023-09-14.csv")
]  # fmt: skip
COMMANDS = {
    "python -c pass": ["-c", "pass"],
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


def seconds(args: Sequence[str]) -> float:
    """The shortest of some runs of a Python process."""
    found: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, *args], cwd=ROOT, capture_output=True, check=True)
        found.append(time.perf_counter() - began)
    return min(found)


def main() -> None:
    """Print a line for each command."""
    empty = seconds(COMMANDS["python -c pass"])
    width = max(map(len, COMMANDS))
    for name, args in COMMANDS.items():
        taken = seconds(args)
        sys.stdout.write(f"{name:<{width}}  {taken * 1000:8.0f} ms  {taken / empty:6.1f} x\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
