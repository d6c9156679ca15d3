"""All benchmarks in one table.

    python -m benchmarks [--quick] [--json FILE] [--markdown FILE] [NAME…]

Without names every benchmark runs, about half an hour on two processors; `--quick` takes tiny sizes, to see
that all of them run. Rows are printed as they are found, and the whole table at the end.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measure import Row
from benchmarks.report import as_json, cells, machine, markdown, table

NAMES = (
    "engine",
    "elementwise",
    "startup",
    "pairing",
    "accounts",
    "growth",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was named, and print and write what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: to see that everything runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write rows and versions as JSON")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table as Markdown")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark `{unknown[0]}`: they are {', '.join(NAMES)}")
    found: list[Row] = []
    for row in measured(given.names or NAMES, given.quick):
        found.append(row)
        print(" | ".join(text for text in cells(row).values() if text), file=sys.stderr, flush=True)
    on = machine()
    print(table(found))
    print("\n" + ", ".join(f"{name} {said}" for name, said in on.items()))
    if given.json:
        given.json.write_text(json.dumps(as_json(found, on), indent=1, ensure_ascii=False) + "\n")
    if given.markdown:
        given.markdown.write_text(markdown(found) + "\n")


def measured(names: Sequence[str], quick: bool) -> Iterator[Row]:
    """The rows of some benchmarks in their order."""
    for name in names:
        yield from importlib.import_module(f"benchmarks.{name}").rows(quick)


if __name__ == "__main__":
    main()
