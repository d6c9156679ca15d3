"""Goal 4: one more trade in an account, thousands of candidates, and one account's full requirement.

    python -m benchmarks whatif

Times are processor times of one thread, told in sums of sixteen numbers: `np.add(a, b, out=c)`, measured in
the same process in the same rounds. The accounts are those of `benchmarks.books` under `tims_like.margin`; of
a customer portfolio margin the figures stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np

import pmdsl
from benchmarks.books import ON, Positions, book, market, positions, words
from benchmarks.measure import Measured, Row, against, at_most, interleaved, missing, repeated
from pmdsl.bound_rules import BoundRules
from pmdsl.engine import Engine, bind
from pmdsl.held_account import HeldAccount
from pmdsl.portfolio import book_from_tables
from pmdsl.portfolio.holdings import instrument_rows

RULES = Path(__file__).with_name("tims_like.margin")
INSTRUMENTS, POINTS, CANDIDATES, TRADES, TIMES = 4_000, 16, 1_000, 200, 2_000
ACCOUNTS = 20_000
SIZES = (20, 50, 200)
SUM = "np.add of 16 doubles"

# What is asked of an account, and how many sums it may take by either engine.
ASKED = (
    ("one trade", "trade", {"numpy": 10, "compiled": 5}),
    ("the first trade in an instrument", "first", {}),
    ("one of 1,000 trades", "many", {"numpy": 1}),
    ("a full requirement", "full", {"numpy": 60, "compiled": 12}),
    ("an account laid out and run", "run", {}),
)


def rows(quick: bool = False) -> Iterator[Row]:
    """What one trade, one of many, and a whole account cost."""
    rounds = 3 if quick else 9
    for goal, rules, made in (("4", "TIMS-like", tims_like), ("", "us.finra.cpm", portfolio_margin)):
        for engine in engines():
            for held in made(engine):
                what = f"{rules}, {engine}, {len(held.instruments)} positions"
                yield from asked(goal, engine, what, measured(held, rounds))
    if len(engines()) == 1:
        yield missing("4", "the same, compiled", SUM, "'pmdsl[fast]'", at_most(5))


def engines() -> list[Engine]:
    return ["numpy", "compiled"] if find_spec("numba") is not None else ["numpy"]


def asked(goal: str, engine: Engine, what: str, found: Mapping[str, Measured]) -> Iterator[Row]:
    """The rows of one account, in sums where no goal is about them."""
    one = found[SUM]
    for name, key, bounds in ASKED:
        mine = found[key]
        if goal and engine in bounds:
            yield against(goal, f"{name}: {what}", mine, one, at_most(bounds[engine]), "processor")
        else:
            times = mine.processor / one.processor
            yield Row("", f"{name}: {what}", times, "", None, unit=f"× {SUM}", others=mine.others)


def tims_like(engine: Engine) -> Iterator[HeldAccount]:
    """Accounts of the synthetic book of each size."""
    given = market(INSTRUMENTS)
    held = positions(given, ACCOUNTS)
    rules, made = pmdsl.load(RULES), book(given)
    bound = BoundRules(rules, made, bind(rules.on(ON), made, engine=engine), instrument_rows(made))
    names = words("I", np.arange(given.instruments))
    sizes = np.bincount(held.account)
    for size in SIZES:
        large = np.where(sizes >= size, sizes, sizes.max())
        yield account(bound, held, int(np.argmin(large)), size, names)


def account(bound: BoundRules, held: Positions, number: int, size: int, names: object) -> HeldAccount:
    """One account of the synthetic book, of so many positions."""
    mine = np.flatnonzero(held.account == number)[:size]
    instruments = np.asarray(names)[held.instrument[mine]].tolist()
    return bound.hold({"instrument": instruments, "quantity": held.quantity[mine]})


def portfolio_margin(engine: Engine) -> Iterator[HeldAccount]:
    """Accounts of options on forty underlyings under customer portfolio margin."""
    draw = np.random.default_rng(7)
    underlyings = [f"U{k:02d}" for k in range(40)]
    strikes = [80 + 5 * k for k in range(9)]
    options = [(u, right, strike) for u in underlyings for right in ("call", "put") for strike in strikes]
    names = [f"{u}-{right[0].upper()}-{strike}" for u, right, strike in options]
    made = book_from_tables(
        {"instrument": names[:1], "quantity": [1.0]},
        {
            "id": names,
            "kind": ["option"] * len(names),
            "underlying": [u for u, _, _ in options],
            "right": [right for _, right, _ in options],
            "strike": [float(strike) for _, _, strike in options],
            "expiry": ["2026-06-19"] * len(names),
            "exercise": ["european"] * len(names),
            "implied_volatility": [0.3] * len(names),
        },
        {"id": underlyings, "kind": ["stock"] * 40, "price": [100.0] * 40, "currency": ["USD"] * 40},
        on=ON,
        rate=0.04,
    )
    bound = pmdsl.load("us.finra.cpm").compile(made, engine=engine)
    for size in SIZES:
        chosen = draw.choice(names, size, replace=False).tolist()
        quantities = draw.integers(-20, 21, size).astype(float)
        yield bound.hold({"instrument": chosen, "quantity": quantities})


def measured(held: HeldAccount, rounds: int) -> dict[str, Measured]:
    """Medians for one trade, the first in an instrument, one of many, the account anew, and a sum."""
    draw = np.random.default_rng(3)
    known = list(held.rows)
    names = draw.choice(known, TRADES).tolist()
    sizes = draw.integers(1, 20, TRADES).astype(float).tolist()
    many = held.find(draw.choice(known, CANDIDATES).tolist())
    much = draw.integers(1, 20, CANDIDATES).astype(float)
    quantities = held.quantities
    a, b, c = np.ones(POINTS), np.ones(POINTS), np.empty(POINTS)
    templates = held.seat.light.templates if held.seat.light else {}

    def trades() -> None:
        for name, size in zip(names, sizes, strict=True):
            held.what_if(name, size)

    def first() -> None:
        templates.clear()
        trades()

    contenders: dict[str, tuple[Callable[[], object], int]] = {
        SUM: (repeated(lambda: np.add(a, b, out=c), TIMES), TIMES),
        "trade": (repeated(trades, 10), 10 * TRADES),
        "first": (first, TRADES),
        "many": (repeated(lambda: held.what_if_many(many, much), 5), 5 * CANDIDATES),
        "full": (repeated(lambda: held.requirements_at(quantities), 100), 100),
        "run": (repeated(lambda: held.seat.run(), 3), 3),
    }
    found = interleaved({name: call for name, (call, _) in contenders.items()}, rounds, warm=2)
    return {name: found[name].per(count) for name, (_, count) in contenders.items()}
