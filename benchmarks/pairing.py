"""What pairings cost: `us.reg_t` over accounts of a few options, and over one account of many.

    python -m benchmarks pairing

The yardstick is one plain integer program for each group and pairing, of the first amount alone and without
any reduction, solved by `scipy.optimize.milp` in the same process: ratios to it carry over to other machines,
seconds do not. They are those of the processor. The building of the yardstick is not counted; its totals are
compared with those of the pairings.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

import pmdsl
from benchmarks.measure import Row
from pmdsl.engine import Answer, bind
from pmdsl.engine.demand.matches import inputs_of
from pmdsl.engine.kernels.pairing import question
from pmdsl.portfolio.book import Book
from tests.engine.pairing.naive import program, total

ON = date(2026, 3, 2)
SPOT = 84.0
STRIKES = range(56, 114, 2)
EXPIRIES = ("2026-03-20", "2026-06-19", "2026-12-18")
SAMPLE = 100
# How many accounts, and of how many legs.
KINDS = ((10_000, 1), (10_000, 4), (1_000, 8), (5, 20), (5, 50), (5, 100))
TINY = ((5, 4),)


def series() -> dict[str, list[object]]:
    """The options of one underlying."""
    rows = [(e, k, right) for e in EXPIRIES for k in STRIKES for right in ("call", "put")]
    draw = random.Random(7)
    inside = [max(SPOT - k if right == "call" else k - SPOT, 0.0) for _, k, right in rows]
    return {
        "id": [f"XYZ {e} {right} {k}" for e, k, right in rows],
        "kind": ["option"] * len(rows),
        "underlying": ["XYZ"] * len(rows),
        "right": [right for _, _, right in rows],
        "strike": [float(k) for _, k, _ in rows],
        "expiry": [e for e, _, _ in rows],
        "multiplier": [100.0] * len(rows),
        "price": [round(value + 0.5 + 3 * draw.random(), 2) for value in inside],
    }


def book(accounts: int, legs: int, most: int) -> Book:
    """Accounts of so many legs each, one of them stock, long and short up to `most` contracts."""
    draw = random.Random(legs)
    options = series()
    held: list[tuple[str, str, float]] = []
    for number in range(accounts):
        chosen = draw.sample(options["id"], legs - 1)
        held.append((f"A{number}", "XYZ", 100.0 * draw.randint(-most, most)))
        held += [
            (f"A{number}", str(name), float(draw.choice((-1, 1)) * draw.randint(1, most))) for name in chosen
        ]
    columns = zip(*held, strict=True)
    positions = dict(zip(("account", "instrument", "quantity"), map(list, columns), strict=True))
    underlyings = {"id": ["XYZ"], "kind": ["stock"], "price": [SPOT]}
    return pmdsl.book_from_tables(positions, options, underlyings, on=ON, rate=0.04)


def answered(given: Book) -> tuple[Answer, float]:
    """The answer for all requirements, and seconds of the run without binding."""
    plan = pmdsl.load("us.reg_t").on(ON)
    bound = bind(plan, given)
    start = time.process_time()
    answer = bound.run()
    taken = time.process_time() - start
    assert not np.isnan(answer.amounts("initial")).any()
    return answer, taken


def plain(answer: Answer, accounts: Sequence[str]) -> float:
    """Seconds an account of plain integer programs for all pairings of an account."""
    nodes = [k for k, node in enumerate(answer.plan.nodes) if node.op == "pairing"]
    spent = 0.0
    for account in accounts:
        trace = answer.trace(account)
        for node in nodes:
            inputs = inputs_of(trace.scene, node, ())
            asked = question(inputs, np.zeros(trace.scene.block.size(inputs.level.within), dtype=bool))
            solve = program(asked)
            start = time.process_time()
            least = solve()
            spent += time.process_time() - start
            found = total(asked, np.asarray(trace.value(node)))
            assert abs(found - least) <= 1e-7 * max(1.0, abs(least)), (account, found, least)
    return spent / len(accounts)


def rows(quick: bool = False) -> Iterator[Row]:
    """A row for each kind of account; the figures are those of one account."""
    answered(book(1, 4, 2))
    for count, legs in TINY if quick else KINDS:
        answer, seconds = answered(book(count, legs, 10))
        some = random.Random(1).sample(answer.accounts, min(count, SAMPLE))
        matches = answer.run.index.size("cover")
        what = f"us.reg_t, {count:,} accounts of {legs} legs"
        theirs = plain(answer, some)
        yield Row("", what, seconds / count, "integer programs", theirs, None, f"{matches:,} matches")
