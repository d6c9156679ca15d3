"""A real rule set over whole books: `us.finra.cpm` over accounts of 20 positions, all in one call.

    python -m benchmarks accounts

Each size runs in a process of its own, so that its peak of memory is its own. The yardstick is one bare
gather of a row of ten doubles a position with numpy, in the same process: ratios to it carry over to other
machines, seconds do not.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

import pmdsl
from benchmarks import chains
from benchmarks.measure import Row, against, interleaved
from benchmarks.peers import told_by
from pmdsl.engine import bind

POSITIONS = 20
INSTRUMENTS = 2_000
POINTS = 10
SIZES = (1_000, 10_000, 100_000)
TINY = (100,)
GATHER = "gather by numpy"


def market() -> tuple[dict[str, list[object]], dict[str, list[object]]]:
    """A hundred underlyings, half of them in index groups, each with shares and nineteen European options."""
    names = [f"U{i:03d}" for i in range(INSTRUMENTS // POSITIONS)]
    underlyings: dict[str, list[object]] = {
        "id": list(names),
        "kind": ["etf" if i % 2 else "stock" for i in range(len(names))],
        "price": [50.0 + i for i in range(len(names))],
        "breadth": ["broad" if i % 2 else "narrow" for i in range(len(names))],
        "capitalization": ["high" if i % 4 == 1 else "other" for i in range(len(names))],
        "dividend_yield": [0.01] * len(names),
    }
    rows = [(name, k, 50.0 + i) for i, name in enumerate(names) for k in range(1, POSITIONS)]
    instruments: dict[str, list[object]] = {
        "id": [f"{name}-{k}" for name, k, _ in rows],
        "kind": ["option"] * len(rows),
        "underlying": [name for name, _, _ in rows],
        "right": ["call" if k % 2 else "put" for _, k, _ in rows],
        "strike": [round(price * (0.7 + 0.03 * k), 2) for _, k, price in rows],
        "expiry": ["2026-06-19" if k % 3 else "2026-12-18" for _, k, _ in rows],
        "exercise": ["european"] * len(rows),
        "implied_volatility": [0.2 + 0.01 * k for _, k, _ in rows],
        "multiplier": [100.0] * len(rows),
    }
    return underlyings, instruments


def run(accounts: int) -> dict[str, float]:
    """Seconds and megabytes of one size: each step once, and medians of the run of a held book."""
    underlyings, instruments = market()
    names = [*underlyings["id"], *instruments["id"]]
    draw = np.random.default_rng(7)
    total = accounts * POSITIONS
    chosen = draw.integers(0, len(names), total)
    positions = {
        "account": np.repeat(np.char.add("A", np.arange(accounts).astype(str)), POSITIONS).tolist(),
        "instrument": np.array(names)[chosen].tolist(),
        "quantity": draw.integers(-20, 21, total).astype(float).tolist(),
    }
    start = time.perf_counter()
    book = pmdsl.book_from_tables(positions, instruments, underlyings, on=date(2026, 3, 2), rate=0.04)
    read = time.perf_counter() - start
    plan = pmdsl.load("us.finra.cpm").on(date(2026, 3, 2))
    start = time.perf_counter()
    bound = bind(plan, book)
    priced = time.perf_counter() - start
    start = time.perf_counter()
    held = bound.hold()
    laid_out = time.perf_counter() - start
    assert not np.isnan(held.run().amounts("maintenance")).any()
    found = interleaved({"pmdsl": held.run, GATHER: gather(chosen)})
    return {
        "accounts": accounts,
        "read": read,
        "bind": priced,
        "hold": laid_out,
        "margin": found["pmdsl"].processor,
        "gather": found[GATHER].processor,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def gather(chosen: np.ndarray) -> Callable[[], object]:
    """A bare gather of ten doubles for every position, in blocks."""
    table = np.random.default_rng(1).random((int(chosen.max()) + 1, POINTS))
    out = np.empty((4_096, POINTS))

    def run() -> None:
        for low in range(0, len(chosen), len(out)):
            part = chosen[low : low + len(out)]
            np.take(table, part, axis=0, out=out[: len(part)], mode="clip")

    return run


def rows(quick: bool = False) -> Iterator[Row]:
    """The run of each size beside the gather, and what reading and binding took."""
    for size in TINY if quick else SIZES:
        found = told_by(sys.executable, "-m", "benchmarks.accounts", str(size))
        took = ", ".join(f"{name} {found[name]:.2f} s" for name in ("read", "bind", "hold"))
        note = f"{took}, peak {found['megabytes']:.0f} MB"
        what = f"us.finra.cpm, {size:,} accounts × {POSITIONS}"
        yield Row("", what, found["margin"], GATHER, found["gather"], None, note)
    yield on_chains(TINY[0], 20) if quick else on_chains(SIZES[-1])


def on_chains(accounts: int, most: int | None = None) -> Row:
    """The same rules over the quoted options of SPX, XSP and SPY of one day, or the first of each."""
    what = f"us.finra.cpm on real chains, {accounts:,} accounts × {POSITIONS}"
    if not chains.at_hand():
        return Row("", what, None, GATHER, None, None, "not measured: the chains are not at hand")
    market = chains.chains(most)
    held = chains.held(market, accounts, POSITIONS)
    begun = time.perf_counter()
    bound = bind(pmdsl.load("us.finra.cpm").on(market.on), market)
    priced = time.perf_counter() - begun
    kept = bound.hold(held)
    assert not np.isnan(kept.run().amounts("maintenance")).any()
    found = interleaved({"pmdsl": kept.run, GATHER: gather(held.instrument)})
    note = f"{market.instruments.size:,} options, bound {priced:.2f} s"
    return against("", what, found["pmdsl"], found[GATHER], None, "processor", note)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
