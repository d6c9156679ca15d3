"""The random books of retail CFDs meet every shape that they are meant to meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, settings

from tests.oracle.cfd import FCA, LEVERAGE, cfd_margin, class_of
from tests.oracle.lines import lines_of
from tests.oracle.nfa import NOTICES, deposit_margin
from tests.oracle.retail_books import cfd_books, forex_books, tiered_books
from tests.oracle.saxo import saxo_margin

Book = dict[str, Any]

search = settings(
    max_examples=3000,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def holds(condition: Callable[[Any], bool]) -> Callable[[Book], bool]:
    return lambda book: any(condition(line) and line.quantity for line in lines_of(book, FCA.currency))


def of_class(name: str) -> Callable[[Book], bool]:
    return lambda book: any(class_of(book, line, FCA) == name for line in lines_of(book, FCA.currency))


def would_net(book: Book) -> bool:
    """A long and a short line of one instrument in one account."""
    signs = {(p["account"], p["instrument"], p["quantity"] > 0) for p in book["positions"] if p["quantity"]}
    return any((account, instrument, not sign) in signs for account, instrument, sign in signs)


SHAPES: dict[str, Callable[[Book], bool]] = {
    "a pair held outright": holds(lambda line: line.kind == "cash"),
    "a CFD on a future on something": holds(
        lambda line: line.underlying["kind"] == "future" and "tracks" in line.underlying
    ),
    "a CFD on a fund on something": holds(
        lambda line: line.underlying["kind"] == "etf" and "tracks" in line.underlying
    ),
    "a CFD in a currency of its own": holds(
        lambda line: (
            line.instrument.get("currency", line.underlying["currency"]) != line.underlying["currency"]
        )
    ),
    "an option that works like a CFD": holds(lambda line: line.kind == "option"),
    "lines that would net": would_net,
    "positions that are closed": lambda book: any(r.closes for r in cfd_margin(book, FCA).values()),
    "positions that are not closed": lambda book: any(
        r.closes is False for r in cfd_margin(book, FCA).values()
    ),
    "an account that may hold what it holds": lambda book: any(
        r.eligible and r.initial for r in cfd_margin(book, FCA).values()
    ),
    "an account that may not": lambda book: any(r.eligible is False for r in cfd_margin(book, FCA).values()),
    **{f"the class {name}": of_class(name) for name in (*LEVERAGE, "government_bond")},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_books_of_every_shape_are_drawn(shape: str) -> None:
    assert find(cfd_books(home="GBP", dates=("2026-03-02",), restricted=True), SHAPES[shape], settings=search)


def margin_of_a_pair(pair: tuple[str, str], low: float, high: float) -> Callable[[Book], bool]:
    """A margin that only an exposure in one bracket has."""
    return lambda book: any(low < r.by_pair.get(pair, 0.0) <= high for r in saxo_margin(book).values())


EURUSD, USDCAD = ("EUR", "USD"), ("USD", "CAD")
TIERED: dict[str, Callable[[Book], bool]] = {
    "the first bracket": margin_of_a_pair(EURUSD, 0.0, 30_000.0),
    "the second": margin_of_a_pair(EURUSD, 30_000.0, 470_000.0),
    "the third": margin_of_a_pair(EURUSD, 470_000.0, 1_220_000.0),
    "the last": margin_of_a_pair(EURUSD, 1_220_000.0, 1e12),
    "the last of the other pair": margin_of_a_pair(USDCAD, 220_000.0, 1e12),
    "two pairs": lambda book: any(
        min(r.by_pair.get(EURUSD, 0.0), r.by_pair.get(USDCAD, 0.0)) > 0.0 for r in saxo_margin(book).values()
    ),
    "forwards that net spot": lambda book: any(
        r.by_pair.get(EURUSD) == 0.0 and r.account in {p["account"] for p in book["positions"]}
        for r in saxo_margin(book).values()
    ),
    "a call": lambda book: any(r.called for r in saxo_margin(book).values()),
}


@pytest.mark.parametrize("shape", TIERED)
def test_tiered_books_of_every_shape_are_drawn(shape: str) -> None:
    assert find(tiered_books(), TIERED[shape], settings=search)


def option(long: bool, priced: bool) -> Callable[[Book], bool]:
    """An option bought or sold, at a premium of its own or not."""
    return lambda book: any(
        line.kind == "option"
        and line.quantity * (1 if long else -1) > 0
        and (line.trade_price is None) != priced
        for line in lines_of(book, "USD")
    )


FOREX: dict[str, Callable[[Book], bool]] = {
    "a forward": lambda book: any(line.kind == "forward" for line in lines_of(book, "USD")),
    "an option bought at a premium": option(long=True, priced=True),
    "an option sold at a premium": option(long=False, priced=True),
    "an option sold at the current price": option(long=False, priced=False),
    "a pair without the dollar": lambda book: any(
        "USD" not in (line.underlying["base"], line.currency) for line in lines_of(book, "USD")
    ),
    "a pair of two raised currencies": lambda book: any(
        line.underlying["base"] in NOTICES and line.currency in NOTICES for line in lines_of(book, "USD")
    ),
    "deposits that are short": lambda book: any(r.short for r in deposit_margin(book).values()),
}


@pytest.mark.parametrize("shape", FOREX)
def test_forex_books_of_every_shape_are_drawn(shape: str) -> None:
    assert find(forex_books(), FOREX[shape], settings=search)
