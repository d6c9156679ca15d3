"""All benchmarks in one table.

    python -m benchmarks [--quick] [--json FILE] [--keep] [NAME…]

Without names every benchmark runs, about half an hour on two processors; `--quick` takes tiny sizes, to see
that all of them run. Rows are printed as they are found, and the whole table at the end. `--keep` makes them
the newest figures in docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.kept import keep
from benchmarks.measure import Row
from benchmarks.report import as_json, cells, machine, table

NAMES = (
    "engine",
    "elementwise",
    "startup",
    "compile",
    "pairing",
    "accounts",
    "whatif",
    "batch",
    "scaling",
    "growth",
    "pricing_speed",
    "pricing_accuracy",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was named, and print and write what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: to see that everything runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write rows and versions as JSON")
    parser.add_argument("--keep", action="store_true", help="show them in docs/performance.md from now on")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark `{unknown[0]}`: they are {', '.join(NAMES)}")
    found = {name: measured(name, given.quick) for name in given.names or NAMES}
    rows, on = [row for mine in found.values() for row in mine], machine()
    print(table(rows))
    print("\n" + ", ".join(f"{name} {said}" for name, said in on.items()))
    if given.json:
        given.json.write_text(json.dumps(as_json(rows, on), indent=1, ensure_ascii=False) + "\n")
    if given.keep:
        keep(found, on, date.today())


def measured(name: str, quick: bool) -> list[Row]:
    """The rows of a benchmark, each told as soon as it is found. No goal is about tiny sizes."""
    found = []
    for one in importlib.import_module(f"benchmarks.{name}").rows(quick):
        row = replace(one, wanted=None) if quick else one
        found.append(row)
        print(" | ".join(text for text in cells(row).values() if text), file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    main()
