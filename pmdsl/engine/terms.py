"""Instruments as the pricing models want them: columns in the order of the engine's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pmdsl.engine.index import Index
from pmdsl.engine.inputs import Wanted
from pmdsl.engine.words import Codes, Number, Truth
from pmdsl.engine.world import World
from pmdsl.portfolio.book import Curve

if TYPE_CHECKING:
    from pmdsl.pricing import Terms

DAYS_A_YEAR = 365.0
DIVIDENDS_READ = "dividend_yield"


@dataclass(frozen=True, eq=False)
class Contracts:
    """One entry an instrument, NaN where it is not given. Times in years from the valuation date, rates a
    year.

    `dividend_times` and `dividend_amounts` have shape (instruments, most dividends).
    """

    call: Truth
    american: Truth
    strike: Number
    years: Number
    price: Number
    implied: Number
    spot: Number
    underlying_volatility: Number
    dividend_yield: Number
    dividend_times: Number
    dividend_amounts: Number
    has_values: Truth
    known: Truth
    curve: Curve | None


def contracts(world: World, index: Index) -> Contracts:
    """The instruments of a book; worked out once."""
    if world.contracts is None:
        world.contracts = _contracts(world, index)
    found: Contracts = world.contracts
    return found


def _contracts(world: World, index: Index) -> Contracts:
    rows = index.levels["instrument"]
    assert rows.source is not None

    def own(column: str, base: str = "number") -> Any:
        return world.reader.column(Wanted("instrument", column, base)).values[rows.source]

    parent = index.parent("instrument", "underlying")
    right, exercise = own("right", "text"), own("exercise", "text")
    code = world.interner.code
    times, amounts = _dividends(world, index, parent)
    on = world.book.on.toordinal()
    labels = [index.label("instrument", row) for row in range(rows.size)]
    return Contracts(
        call=right == code("call"),
        american=exercise == code("american"),
        strike=own("strike"),
        years=(own("expiry", "date") - on) / DAYS_A_YEAR,
        price=own("price"),
        implied=own("implied_volatility"),
        spot=_of_underlying(world, index, "price", parent),
        underlying_volatility=_of_underlying(world, index, "volatility", parent),
        dividend_yield=np.nan_to_num(_of_underlying(world, index, "dividend_yield", parent)),
        dividend_times=times,
        dividend_amounts=amounts,
        has_values=np.array([label in world.book.given_values for label in labels], dtype=bool),
        known=(right >= 0) & (exercise >= 0),
        curve=world.book.curve,
    )


def _of_underlying(world: World, index: Index, column: str, parent: Codes) -> Number:
    source = index.levels["underlying"].source
    assert source is not None
    values = world.reader.column(Wanted("underlying", column, "number")).values[source]
    padded = np.append(values, np.nan)
    found: Number = padded[np.maximum(parent, -1)]
    return found


def _dividends(world: World, index: Index, parent: Codes) -> tuple[Number, Number]:
    """Ex-dates after the valuation date, in years, and amounts, padded with NaN and 0."""
    on = world.book.on.toordinal()
    lists = [
        [item for item in world.book.dividends.get(index.label("underlying", row), ()) if item[0] > on]
        for row in range(index.size("underlying"))
    ]
    most = max((len(items) for items in lists), default=0)
    times = np.full((len(lists) + 1, most), np.nan)
    amounts = np.zeros((len(lists) + 1, most))
    for row, items in enumerate(lists):
        times[row, : len(items)] = [(day - on) / DAYS_A_YEAR for day, _ in items]
        amounts[row, : len(items)] = [amount for _, amount in items]
    at = np.maximum(parent, -1)
    return times[at], amounts[at]


def terms_of(known: Contracts, rows: Codes, days_on: Number, rate_plus: Number) -> Terms:
    """The terms of some instruments, perhaps `days_on` days later and at a rate higher by `rate_plus`."""
    from pmdsl.pricing import Terms

    later = days_on / DAYS_A_YEAR
    years = known.years[rows] - later
    rate = np.full(len(rows), np.nan) if known.curve is None else known.curve.at(np.maximum(years, 0.0))
    rate = np.where(years == 0, np.nan_to_num(rate), rate) + rate_plus
    times = known.dividend_times[rows] - np.reshape(later, (-1, 1))
    amounts = np.where(times <= 0, 0.0, known.dividend_amounts[rows])
    return Terms(
        call=known.call[rows],
        strike=np.where(known.known[rows], known.strike[rows], np.nan),
        years=years,
        american=known.american[rows],
        rate=rate,
        dividend_yield=known.dividend_yield[rows],
        dividend_times=np.where(times <= 0, np.nan, times),
        dividend_amounts=amounts,
    )
