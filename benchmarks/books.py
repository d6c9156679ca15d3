"""Large books as plain columns, and as what the engine takes: nothing is a Python object per position.

The synthetic book: accounts of a log-normal number of positions, 20 on average, in runs of about 4.5
positions of one class; classes of 40 series; 30% of the classes in product groups of four; some classes are
held far more often than others. Positions stand sorted by account, product group, class and instrument.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pmdsl.engine import Holdings
from pmdsl.portfolio.book import Book, Table

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

ON = date(2026, 3, 2)
SERIES = 40
GROUPED = 0.3
IN_GROUP = 4
MEAN_POSITIONS = 20
# Runs end with their account, so that the mean of those that are left is 4.5.
MEAN_RUN = 5.3
MULTIPLIER = 100.0
# Theoretical values are whole sixty-fourths, so that sums of them are exact in every order.
TICK = 1 / 64
MOVES = np.arange(-15, 16, 2) / 100.0
MINIMUM = 37.5
CREDIT = 0.9


@dataclass(frozen=True, eq=False)
class Market:
    """Instruments with their values. `price` has shape (instruments,), `values` (instruments, points).

    `class_of` gives the class of each instrument, `product_of` the product group of each class; instruments
    stand in the order of product group, class, series.
    """

    price: Floats
    values: Floats
    class_of: Codes
    product_of: Codes

    @property
    def instruments(self) -> int:
        return len(self.price)

    @cached_property
    def outcome(self) -> Floats:
        """What one contract gains at each point, aligned to cache lines. Shape (instruments, points)."""
        return aligned(MULTIPLIER * (self.values - self.price[:, None]))


@dataclass(frozen=True, eq=False)
class Positions:
    """Positions in columns, sorted by account and instrument. Shapes (positions,)."""

    accounts: int
    account: Codes
    instrument: Codes
    quantity: Floats

    @property
    def size(self) -> int:
        return len(self.account)

    def first(self, accounts: int) -> Positions:
        """The positions of the first accounts."""
        upto = int(np.searchsorted(self.account, accounts))
        return Positions(accounts, self.account[:upto], self.instrument[:upto], self.quantity[:upto])


def aligned(values: Floats) -> Floats:
    """A copy that begins at a multiple of 64 bytes."""
    room = np.empty(values.nbytes + 64, dtype=np.uint8)
    begin = -room.ctypes.data % 64
    found = room[begin : begin + values.nbytes].view(np.float64).reshape(values.shape)
    found[...] = values
    return found


def market(instruments: int, points: int = 16, seed: int = 1) -> Market:
    """Instruments in classes of 40 series, valued at so many moves of their class."""
    draw = np.random.default_rng(seed)
    classes = max(1, instruments // SERIES)
    class_of = np.arange(instruments) // SERIES
    class_of = np.minimum(class_of, classes - 1).astype(np.int64)
    grouped = int(classes * GROUPED) // IN_GROUP * IN_GROUP
    number = np.arange(classes)
    product_of = np.where(number < grouped, number // IN_GROUP, number - grouped + grouped // IN_GROUP)
    underlying = draw.uniform(20.0, 500.0, classes)[class_of]
    price = ticks(underlying * draw.uniform(0.005, 0.15, instruments)) + TICK
    delta, gamma = draw.uniform(-1.0, 1.0, instruments), draw.uniform(0.0, 4.0, instruments)
    moves = MOVES if points == len(MOVES) else np.linspace(-0.15, 0.15, points)
    change = delta[:, None] * moves + 0.5 * gamma[:, None] * moves**2
    values = np.maximum(0.0, price[:, None] + ticks(underlying[:, None] * change))
    return Market(price, values, class_of, product_of.astype(np.int64))


def ticks(values: Floats) -> Floats:
    return np.asarray(np.round(values / TICK) * TICK)


def positions(given: Market, accounts: int, mean: float = MEAN_POSITIONS, seed: int = 2) -> Positions:
    """Holdings of so many accounts, `mean` positions each on average, every instrument once an account."""
    draw = np.random.default_rng(seed)
    held = draw.lognormal(np.log(mean) - 0.5 * 0.8**2, 0.8, accounts)
    count = np.maximum(1, np.round(held)).astype(np.int64)
    account = np.repeat(np.arange(accounts, dtype=np.int64), count)
    first = np.zeros(len(account), dtype=bool)
    first[np.cumsum(count) - count] = True
    begins = first | (draw.random(len(account)) < 1 / MEAN_RUN)
    run = np.cumsum(begins) - 1
    runs = int(run[-1]) + 1
    classes = len(given.product_of)
    chosen = (classes * draw.random(runs) ** 2).astype(np.int64)
    shuffled = draw.permutation(classes)[chosen]
    start = np.flatnonzero(begins)
    within = np.arange(len(account)) - start[run]
    # A step that has no factor in common with the 40 series visits each once.
    step = draw.choice(np.array([1, 3, 7, 9, 11, 13]), runs)[run]
    series = (draw.integers(0, SERIES, runs)[run] + step * within) % SERIES
    instrument = np.minimum(shuffled[run] * SERIES + series, given.instruments - 1)
    key = np.unique(account * given.instruments + instrument)
    size = draw.integers(1, 21, len(key)) * draw.choice(np.array([-1, 1]), len(key))
    account, instrument = np.divmod(key, given.instruments)
    return Positions(accounts, account, instrument, size.astype(np.float64))


# ---- as the engine takes it --------------------------------------------------------------------------------


def words(prefix: str, numbers: Codes) -> NDArray[np.object_]:
    """Names whose order is that of the numbers. Shape (numbers.size,)."""
    return np.char.add(prefix, np.char.zfill(numbers.astype(str), 7)).astype(object)


def book(given: Market, on: date = ON) -> Book:
    """The market of `given` as a book without positions: bind `tims_like` to it and run `holdings`."""
    instruments, classes = np.arange(given.instruments), np.arange(len(given.product_of))
    names = words("I", instruments)
    points = [f"s{k + 1:02d}" for k in range(given.values.shape[1])]
    none = np.empty(0, dtype=np.int64)
    return Book(
        on=on,
        moment=None,
        curve=None,
        accounts=Table("accounts", 0, {"id": np.empty(0, dtype=object)}),
        underlyings=Table(
            "underlyings",
            len(classes),
            {
                "id": words("C", classes),
                "kind": np.full(len(classes), "stock", dtype=object),
                "currency": np.full(len(classes), "USD", dtype=object),
                "price": np.full(len(classes), 100.0),
                "product": words("P", given.product_of),
            },
        ),
        instruments=Table(
            "instruments",
            given.instruments,
            {
                "id": names,
                "kind": np.full(given.instruments, "option", dtype=object),
                "currency": np.full(given.instruments, "USD", dtype=object),
                "price": given.price,
                "multiplier": np.full(given.instruments, MULTIPLIER),
            },
        ),
        positions=Table("positions", 0, {"quantity": np.empty(0)}),
        instrument_underlying=given.class_of,
        position_account=none,
        position_instrument=none,
        given_values={
            name: dict(zip(points, row, strict=True))
            for name, row in zip(names, given.values.tolist(), strict=True)
        },
        name="synthetic",
    )


def holdings(held: Positions) -> Holdings:
    """Positions as the engine takes them."""
    ids = words("A", np.arange(held.accounts))
    accounts = Table("accounts", held.accounts, {"id": ids, "equity": np.full(held.accounts, np.nan)})
    table = Table("positions", held.size, {"quantity": held.quantity})
    return Holdings(accounts, table, held.account, held.instrument)


def with_positions(given: Book, held: Positions) -> Book:
    """A book that holds the positions itself."""
    mine = holdings(held)
    return replace(
        given,
        accounts=mine.accounts,
        positions=mine.positions,
        position_account=mine.account,
        position_instrument=mine.instrument,
    )
