"""Random books as plain dicts in the shape of the portfolio file, small and easy to shrink.

What they meet: indexes, listed and not, funds that follow them plainly, doubled or inverse, single names,
options of both exercises, futures, odd lots, empty positions, duplicates that net, longs and shorts,
several accounts with the same instruments. Numbers are whole cents, whole days and whole percents, so that
a small book is a readable one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.oracle.assembly import POINTS, Row, book_of

# One day in each part of the house overlay: before and in each buffer, before and after the wider range.
DATES = ("2026-03-02", "2025-03-03", "2025-05-01", "2025-07-15")
LEVERAGES = (1, 2, 3, -1, -2, -3)
# Far enough for a fall of 15% to leave nothing.
EXTREME_LEVERAGES = (*LEVERAGES, 10, -10)
# Where an option's value comes from: its own volatility, its price, the volatility of its underlying,
# values that
# come with the book (any numbers: no model stands behind them), or its intrinsic value on its last day.
SOURCES = ("volatility", "price", "underlying", "given", "expired")
EXERCISES = ("european", "american")
TREE_STEPS = 5


def cents(low: float, high: float) -> SearchStrategy[float]:
    """An amount in whole cents."""
    return st.integers(round(low * 100), round(high * 100)).map(lambda n: n / 100)


def percents(low: int, high: int) -> SearchStrategy[float]:
    """A ratio in whole percents."""
    return st.integers(low, high).map(lambda n: n / 100)


def underlying_parts(leverages: Sequence[int], capitalizations: Sequence[str]) -> SearchStrategy[Row]:
    """An underlying, with everything that any kind of it may need."""
    return st.fixed_dictionaries(
        {
            "kind": st.sampled_from(("stock", "etf", "index")),
            "price": cents(5, 500),
            "volatility": st.sampled_from((0.2, 0.15, 0.35, 0.8)),
            "daily_volatility": st.sampled_from((0.01, 0.002, 0.035)),
            "dividend_yield": st.sampled_from((0.0, 0.01, 0.04)),
            "breadth": st.sampled_from(("narrow", "broad")),
            "capitalization": st.sampled_from(capitalizations),
            "leverage": st.sampled_from(leverages),
            "follows": st.integers(0, 7),
            "says": st.booleans(),
        }
    )


def option_parts(sources: Sequence[str], exercises: Sequence[str]) -> SearchStrategy[Row]:
    """An option within 40% of the money and two years of its end."""
    plain: dict[str, SearchStrategy[Any]] = {
        "underlying": st.integers(0, 7),
        "distance": st.integers(-40, 40),
        "days": st.integers(1, 720),
        "right": st.sampled_from(("call", "put")),
        "exercise": st.sampled_from(exercises),
        "multiplier": st.sampled_from((100, 10, 1)),
        "sigma": percents(20, 80),
        "priced": st.booleans(),
        "price": cents(0, 5),
    }
    values = st.lists(st.integers(0, 100).map(lambda n: n / 4), min_size=len(POINTS), max_size=len(POINTS))
    kinds: list[SearchStrategy[Row]] = []
    modelled = [source for source in sources if source != "given"]
    if modelled:
        kinds.append(st.fixed_dictionaries(plain | {"source": st.sampled_from(modelled)}))
    if "given" in sources:
        kinds.append(st.fixed_dictionaries(plain | {"source": st.just("given"), "values": values}))
    return st.one_of(kinds)


def future_parts() -> SearchStrategy[Row]:
    """A future within 2% of its underlying."""
    return st.fixed_dictionaries(
        {
            "underlying": st.integers(0, 7),
            "multiplier": st.sampled_from((50, 5, 1)),
            "basis": st.integers(-2, 2),
        }
    )


def position_parts() -> SearchStrategy[Row]:
    """A holding of an underlying outright or of an instrument, now and then closed out by its opposite."""
    return st.fixed_dictionaries(
        {
            "account": st.integers(0, 3),
            "pool": st.sampled_from((0, 1)),
            "place": st.integers(0, 7),
            "quantity": st.integers(-250, 250),
            "closed": st.sampled_from((False, False, False, True)),
        }
    )


def account_parts(all_equity: bool) -> SearchStrategy[Row]:
    """An account, with its equity or without."""
    with_equity = st.fixed_dictionaries({"equity": cents(0, 250_000)})
    return with_equity if all_equity else st.one_of(st.just({}), with_equity)


def books(
    *,
    max_accounts: int = 4,
    max_underlyings: int = 8,
    max_options: int = 4,
    max_futures: int = 2,
    max_positions: int = 10,
    sources: Sequence[str] = SOURCES,
    exercises: Sequence[str] = EXERCISES,
    leverages: Sequence[int] = EXTREME_LEVERAGES,
    symmetric: bool = False,
    steps: int = TREE_STEPS,
    dates: Sequence[str] = DATES,
    all_equity: bool = False,
) -> SearchStrategy[Row]:
    """A whole book. `sources`: where an option's value comes from (none: no options); `steps`: of the tree
    that sets the prices of American options; `symmetric`: no index that moves further down than up;
    `all_equity`: every account has an equity, as the house overlay asks.
    """
    underlying = underlying_parts(leverages, ("other",) if symmetric else ("other", "high"))
    option = option_parts(sources, exercises) if sources else st.nothing()
    return st.builds(
        book_of,
        on=st.sampled_from(dates),
        rate=percents(0, 6),
        account_parts=st.lists(account_parts(all_equity), min_size=1, max_size=max_accounts),
        underlying_parts=st.lists(underlying, min_size=1, max_size=max_underlyings),
        option_parts=st.lists(option, max_size=max_options if sources else 0),
        future_parts=st.lists(future_parts(), max_size=max_futures),
        position_parts=st.lists(position_parts(), max_size=max_positions),
        steps=st.just(steps),
    )


def linear_books(*, symmetric: bool = False) -> SearchStrategy[Row]:
    """Shares and futures only, and no leverage so high that a price would reach zero."""
    return books(sources=(), leverages=LEVERAGES, symmetric=symmetric)


@st.composite
def covariance_books(draw: DrawFn, *, steps: int = TREE_STEPS) -> Row:
    """A book with a correlation for every pair, all from one common factor, so that the matrix is one."""
    book: Row = draw(books(sources=("volatility", "price", "underlying"), steps=steps))
    loadings = {row["id"]: draw(percents(-95, 95)) for row in book["underlyings"]}
    names = list(loadings)
    pairs = [
        [first, second, round(loadings[first] * loadings[second], 4)]
        for i, first in enumerate(names)
        for second in names[i + 1 :]
    ]
    return book | {"matrices": {"correlation": pairs}}
