"""One size of one thing that can grow, measured in a process of its own; printed as JSON.

    python -m benchmarks.grown positions 1000000

Seconds are medians of processor time. `megabytes` are what binding, holding and running add at their peak to
what the book itself takes.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import pmdsl
from benchmarks.books import ON, Market, Positions, book, holdings, market, positions
from benchmarks.engine import RULES
from benchmarks.measure import no_collector
from benchmarks.rule_files import rule_file

ROUNDS = 3
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")

Figures = dict[str, float]


def of_positions(size: int) -> Figures:
    """A thousand accounts that hold more and more."""
    given = market(50_000)
    return margin(given, positions(given, 1_000, size / 1_000))


def of_accounts(size: int) -> Figures:
    """More and more accounts of twenty positions; tiny ones have a tiny market."""
    given = market(min(50_000, 50 * size))
    return margin(given, positions(given, size))


def of_instruments(size: int) -> Figures:
    """Twenty thousand accounts on a longer and longer list of instruments."""
    given = market(size)
    return margin(given, positions(given, 20_000))


def of_points(size: int) -> Figures:
    """Ten thousand accounts at more and more points."""
    given = market(10_000, size)
    return margin(given, positions(given, 10_000), with_points(size))


def of_lines(size: int) -> Figures:
    """A longer and longer rule file: from its text to a plan, and to that of a day."""
    from pmdsl.plan.simplify import simplify

    text, kept = rule_file(size), dict[str, pmdsl.Rules]()

    def compiled() -> None:
        kept["rules"] = pmdsl.load(text)

    return grown({"compile": compiled, "plan of a day": lambda: simplify(kept["rules"].plan, ON)})


THINGS = {
    "positions": of_positions,
    "accounts": of_accounts,
    "instruments": of_instruments,
    "points": of_points,
    "lines": of_lines,
}


def with_points(count: int) -> str:
    """The rules with so many points."""
    lines = RULES.read_text().split("\n")
    first = next(k for k, line in enumerate(lines) if line.lstrip().startswith("| s01"))
    after = next(k for k in range(first, len(lines)) if not lines[k].lstrip().startswith("|"))
    rows = [f"    | s{k + 1:02d} | {k + 1}% |" for k in range(count)]
    return "\n".join([*lines[:first], *rows, *lines[after:]])


def margin(given: Market, held: Positions, rules: str | None = None) -> Figures:
    """Seconds to bind, to hold, and to run by each engine."""
    from pmdsl.engine import bind

    plan, mine, own = pmdsl.load(rules or RULES).on(ON), book(given), holdings(held)
    kept: dict[str, Any] = {}

    def bound(engine: str) -> Any:
        kept["bound"] = bind(plan, mine, engine=engine)  # type: ignore[arg-type]
        return kept["bound"]

    def hold() -> None:
        kept["held"] = kept["bound"].hold(own)

    steps: dict[str, Callable[[], object]] = {
        "bind": lambda: bound("numpy"),
        "hold": hold,
        "run": lambda: kept["held"].run(),
    }
    found = grown(steps)
    if find_spec("numba") is not None:
        kept["held"] = bound("compiled").hold(own)
        kept["held"].run()
        found["run, compiled"] = timed(lambda: kept["held"].run())
    return found


def grown(steps: dict[str, Callable[[], object]]) -> Figures:
    """Seconds of each step, and the peak of memory that they add together."""
    gc.collect()
    before = resident("VmRSS")
    RESET.write_text("5")
    found = {name: timed(step) for name, step in steps.items()}
    return found | {"megabytes": max(0.0, resident("VmHWM") - before)}


def timed(step: Callable[[], object]) -> float:
    """The median of some runs in processor seconds."""
    spent = []
    with no_collector():
        for _ in range(ROUNDS):
            begun = process_time()
            step()
            spent.append(process_time() - begun)
    return median(spent)


def resident(name: str) -> float:
    """Megabytes of a line of the process's status: `VmRSS` now, `VmHWM` at the peak since it was reset."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(THINGS[sys.argv[1]](int(sys.argv[2]))))
