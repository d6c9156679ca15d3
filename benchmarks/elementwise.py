"""Goal 5: what the rules cost beside the arithmetic, where there is nothing to add up.

Nine formulas over five numbers of an account (`elementwise.margin`), for one account up to a million, against
the same formulas written by hand in numpy, and against OpenFisca, a rules engine of the same kind.

OpenFisca is asked in another process where it has an environment of its own, made by

    python3 -m venv peer && peer/bin/pip install openfisca-core
    PMDSL_BENCH_OPENFISCA=peer/bin/python python -m benchmarks elementwise

It computes in single precision and remembers what it has calculated, so every round builds a simulation anew;
both are stated, the calculation alone and the whole.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import pmdsl
from benchmarks.books import ON, Floats, book, market, words
from benchmarks.measure import (
    ROUNDS,
    Measured,
    Row,
    against,
    at_least,
    at_most,
    interleaved,
    missing,
    repeated,
)
from benchmarks.peers import HERE, interpreter, told_by
from pmdsl.engine import Bound, Holdings, bind
from pmdsl.portfolio.book import Table

RULES = Path(__file__).with_name("elementwise.margin")
COUNTS = (1, 20, 1_000, 1_000_000)
VARIABLE = "PMDSL_BENCH_OPENFISCA"
# So many accounts are calculated in a round, where one call is too short to be timed.
CALLS = 4_000
# At one account all three cost calls and no arithmetic; what is asked there is the cost of a call.
WANTED = {20: at_most(2.5), 1_000_000: at_most(1.15)}

# What single precision may differ by, in amounts of a hundred thousand.
SINGLE = 0.1

Columns = Mapping[str, Floats]


def rows(quick: bool = False) -> Iterator[Row]:
    """Rows for each number of accounts."""
    bound = bind(pmdsl.load(RULES).on(ON), book(market(40)))
    for count in COUNTS[:2] if quick else COUNTS:
        columns = inputs(count)
        mine = accounts(columns)
        yield from beside_numpy(bound, mine, columns)
        yield from beside_openfisca(bound, mine, columns)


def inputs(count: int) -> Columns:
    """Five numbers for each account, such that single precision holds them. Shapes (count,)."""
    draw = np.random.default_rng(count)
    found = {
        "cash": draw.normal(10_000, 30_000, count),
        "longs": draw.uniform(0, 100_000, count),
        "shorts": draw.uniform(0, 100_000, count),
        "limit": draw.uniform(0, 5_000, count),
        "concentration": draw.random(count),
    }
    return {name: column.astype(np.float32).astype(np.float64) for name, column in found.items()}


def accounts(columns: Columns) -> Holdings:
    """Accounts with such numbers and no positions."""
    count = len(columns["cash"])
    none = np.empty(0, dtype=np.int64)
    table = Table("accounts", count, {"id": words("A", np.arange(count)), **columns})
    return Holdings(table, Table("positions", 0, {"quantity": np.empty(0)}), none, none)


def by_hand(x: Columns) -> Floats:
    """The nine formulas as one writes them."""
    worth = x["cash"] + x["longs"] - x["shorts"]
    gross = x["longs"] + x["shorts"]
    on_long = 0.25 * x["longs"]
    on_short = np.maximum(0.3 * x["shorts"], 0.05 * gross)
    add_on = np.where(x["concentration"] > 0.5, 0.1 * x["longs"], 0.0)
    required = on_long + on_short + add_on
    short_of = np.maximum(0.0, required - worth)
    tolerated = np.minimum(short_of, 0.02 * gross)
    return np.maximum(short_of - tolerated, np.minimum(short_of, x["limit"]))


def repeats(count: int) -> int:
    """How often a round calls what is too short to be timed once."""
    return max(1, CALLS // count)


def beside_numpy(bound: Bound, mine: Holdings, columns: Columns) -> Iterator[Row]:
    """A held book run again, against the same formulas by hand."""
    count = mine.accounts.size
    held = bound.hold(mine)
    off = np.abs(held.run().amounts("call") - by_hand(columns)).max()
    if not off <= 1e-6:
        raise AssertionError(f"off by {off:g}")
    times = repeats(count)
    found = interleaved(
        {
            "pmdsl": repeated(lambda: held.run().amounts("call"), times),
            "numpy by hand": repeated(lambda: by_hand(columns), times),
        }
    )
    ours, theirs = (found[name].per(times) for name in ("pmdsl", "numpy by hand"))
    wanted = WANTED.get(count)
    yield against("5" if wanted else "", f"9 formulas, {said(count)}", ours, theirs, wanted, "processor")


def beside_openfisca(bound: Bound, mine: Holdings, columns: Columns) -> Iterator[Row]:
    """The accounts read and calculated, and calculated alone, against OpenFisca."""
    count = mine.accounts.size
    names = f"9 formulas, {said(count)}", f"9 formulas with their inputs, {said(count)}"
    python = interpreter("openfisca_core", VARIABLE)
    if python is None:
        for name in names:
            yield missing("5", name, "OpenFisca", "'pmdsl[openfisca]'", at_least(1))
        return
    told, found = asked(python, columns)
    off = np.abs(found - by_hand(columns)).max()
    if not off <= SINGLE:
        raise AssertionError(f"OpenFisca is off by {off:g}")
    held, times = bound.hold(mine), repeats(count)
    mine_found = interleaved(
        {
            "calculate": repeated(lambda: held.run().amounts("call"), times),
            "whole": repeated(lambda: bound.hold(mine).run().amounts("call"), times),
        }
    )
    peer = f"OpenFisca {told['version']}"
    for name, key in zip(names, ("calculate", "whole"), strict=True):
        theirs = Measured(peer, told[key], told[key], None)
        yield against("5", name, mine_found[key].per(times), theirs, at_least(1), "processor")


def asked(python: str, columns: Columns) -> tuple[Any, Floats]:
    """What OpenFisca tells of the accounts, and what it finds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inputs.npz"
        np.savez(path, **columns)
        told = told_by(python, str(HERE / "openfisca_peer.py"), str(ROUNDS), str(path))
        return told, np.load(path.with_suffix(".npy"))


def said(count: int) -> str:
    return f"{count:,} account{'s' if count > 1 else ''}"
