"""Goals 2 and 3: a whole book's margin, against others that do the same, and against fetching the rows alone.

    python -m benchmarks engine

The rules are `tims_like.margin`, the book is that of `benchmarks.books`: 20 million positions of a million
accounts, 50,000 instruments, 16 points. Everybody starts from positions in memory, sorted, with what does not
depend on the values of the market prepared: a held book, numpy's segments, a database's tables. Everybody
must find the same amounts, to a hundredth of a cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np

import pmdsl
from benchmarks import margins
from benchmarks.books import ON, Floats, Market, Positions, book, holdings, market, positions
from benchmarks.gather import gathers
from benchmarks.measure import Measured, Row, against, at_least, by_wall, interleaved, missing
from pmdsl.engine import Engine, bind

RULES = Path(__file__).with_name("tims_like.margin")
INSTRUMENTS = 50_000
SIZES = (50_000, 1_000_000)
TINY = (500,)
INSTALL = "'pmdsl[bench]'"

Contenders = dict[str, Callable[[], object]]


def rows(quick: bool = False) -> Iterator[Row]:
    """The rows of both sizes; `quick` is one tiny book."""
    given = market(2_000 if quick else INSTRUMENTS)
    for accounts in TINY if quick else SIZES:
        held = positions(given, accounts)
        yield from alone(given, held)
        yield from together(given, held)


def ours(given: Market, held: Positions, engine: Engine) -> Callable[[int], Floats]:
    """The margin of a held book by one of our engines, on so many threads."""
    bound = bind(pmdsl.load(RULES).on(ON), book(given), engine=engine)
    kept = bound.hold(holdings(held))
    return lambda threads: np.asarray(kept.run(threads=threads).amounts("maintenance"))


def engines() -> list[Engine]:
    return ["numpy", "compiled"] if find_spec("numba") is not None else ["numpy"]


def what(held: Positions, threads: int) -> str:
    return f"{said(held.size)} × 16, {threads} thread{'s' if threads > 1 else ''}"


def said(count: int) -> str:
    """A count in the words of the table: 20 M, 1 M, 10 k."""
    if count >= 500_000:
        return f"{count / 1e6:.0f} M"
    return f"{count / 1e3:.0f} k" if count >= 1_000 else f"{count}"


def alone(given: Market, held: Positions) -> Iterator[Row]:
    """One thread: our engines, numpy by hand, and the gathers, by processor time."""
    found = measured(given, held, 1, margins.by_numpy(held, given))
    name = what(held, 1)
    by_hand = found["take + reduceat"]
    yield against("2", f"margin, numpy engine, {name}", found["numpy"], by_hand, at_least(3), "processor")
    if "compiled" not in found:
        yield missing("3", f"margin, compiled, {name}", "row gather", "'pmdsl[fast]'", at_least(0.25))
        return
    yield against("", f"margin, compiled, {name}", found["compiled"], by_hand, None, "processor")
    share = "share of the gather"
    limit = fastest(found)
    yield against(
        "3", f"margin, compiled, {name}", found["compiled"], limit, at_least(0.25), "processor", share
    )


def together(given: Market, held: Positions) -> Iterator[Row]:
    """Two threads, by the wall: the engines, databases, the gathers; and two threads against one."""
    peers = dict[str, Callable[[], Floats]]()
    if find_spec("duckdb") is not None:
        peers["DuckDB"] = margins.by_duckdb(held, given)
    if find_spec("polars") is not None:
        peers["Polars"] = margins.by_polars(held, given)
    found = measured(given, held, 2, margins.by_numpy(held, given, 2), peers)
    label = f"margin, numpy engine, {what(held, 2)}"
    yield by_wall("", label, found["numpy"], found["take + reduceat"], None)
    for peer in ("DuckDB", "Polars"):
        if peer in found:
            yield by_wall("2", label, found["numpy"], found[peer], at_least(5))
        else:
            yield missing("2", label, peer, INSTALL, at_least(5))
    label = f"two threads, numpy engine, {said(held.size)}"
    yield against("2", label, found["numpy"], found["numpy, 1 thread"], at_least(1.5), "wall")
    if "compiled" in found:
        mine, label = found["compiled"], f"margin, compiled, {what(held, 2)}"
        yield by_wall("3", label, mine, fastest(found), at_least(0.25))
        yield by_wall("3", label, mine, found["numpy"], at_least(4))
        label = f"two threads, compiled, {said(held.size)}"
        yield against("3", label, mine, found["compiled, 1 thread"], at_least(1.8), "wall")
    limit = fastest(found)
    label, note = f"two threads, {limit.name}, {said(held.size)}", "what the machine allows"
    yield against("", label, limit, found[f"1 thread, {limit.name}"], None, "wall", note)


def fastest(found: Mapping[str, Measured]) -> Measured:
    """The fastest of the gathers."""
    return min((x for name, x in found.items() if name.startswith("gather")), key=lambda x: x.wall)


def measured(
    given: Market,
    held: Positions,
    threads: int,
    by_hand: Callable[[], Floats],
    peers: Mapping[str, Callable[[], Floats]] | None = None,
) -> dict[str, Measured]:
    """Everybody on one book, after their amounts were found equal."""
    margin: dict[str, Callable[[], Floats]] = {"take + reduceat": by_hand, **(peers or {})}
    for engine in engines():
        run = ours(given, held, engine)
        margin[engine] = lambda run=run: run(threads)
        if threads > 1:
            margin[f"{engine}, 1 thread"] = lambda run=run: run(1)
    expected = by_hand()
    for name, contender in margin.items():
        off = float(np.abs(contender() - expected).max())
        if not off <= 1e-4:
            raise AssertionError(f"{name} is off by {off:g}")
    # Everybody has run once by now.
    alone = {f"1 thread, {name}": call for name, call in gathers(held, given).items()} if threads > 1 else {}
    return interleaved({**margin, **gathers(held, given, threads), **alone}, warm=0)
