"""The search for a book against a claim: random accounts by the thousand, the simplest
offender made small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from pmdsl.compare.claims.breaks import Broken, broken
from pmdsl.compare.claims.draw import (
    Account,
    Market,
    book_of,
    draw_accounts,
    draw_market,
    portfolio_text,
    within,
)
from pmdsl.compare.claims.shrink import shrunk
from pmdsl.compare.claims.verdict import Witness
from pmdsl.diagnostics import PmdslError
from pmdsl.plan.nodes import Plan
from pmdsl.portfolio import read_portfolio
from pmdsl.portfolio.book import Book

Test = Callable[[Book], Broken]


@dataclass(frozen=True)
class Effort:
    """How hard to search: markets a stretch of dates, accounts a market; equal seeds find equal books."""

    markets: int = 4
    accounts: int = 1_500
    seed: int = 20_260_302


def search(plan: Plan, on: date, test: Test, effort: Effort, changed: str = "") -> Witness | None:
    """A small book that breaks a claim on a date; None where none was found."""
    for number in range(effort.markets):
        rng = np.random.default_rng([effort.seed, on.toordinal(), number])
        market = draw_market(plan, on, rng, quiet=number % 2 == 0)
        if not has_histories(plan, market):
            return None
        accounts = draw_accounts(plan, market, effort.accounts, rng)
        found = offender(market, accounts, test)
        if found is not None:
            small = shrunk(found, partial(excess, market, test))
            witness = confirmed(plainer(market, small, test), small, test, changed)
            if witness is not None:
                return witness
    return None


def has_histories(plan: Plan, market: Market) -> bool:
    """Whether every history that the plan runs over was drawn: one that is given at run time is not."""
    used = {axis for node in plan.nodes for axis in node.axes}
    histories = [plan.axes[axis] for axis in used if plan.axes[axis].kind == "history"]
    return all(market.tables.get(str(axis.source["path"][0])) for axis in histories)


def offender(market: Market, accounts: Sequence[Account], test: Test) -> Account | None:
    """The account of fewest positions that breaks the claim, the one that breaks it most among equals."""
    by = excess(market, test, accounts)
    candidates = np.flatnonzero(by > 0).tolist()
    if not candidates:
        return None
    return accounts[min(candidates, key=lambda k: (accounts[k].size, -by[k]))]


def excess(market: Market, test: Test, accounts: Sequence[Account]) -> Any:
    """By how much each account breaks the claim. Shape (accounts,)."""
    try:
        return test(book_of(market, accounts)).by
    except PmdslError:
        return np.full(len(accounts), -np.inf)


def plainer(market: Market, account: Account, test: Test) -> Market:
    """The market of one account without the attributes of its underlyings that the claim breaks without."""
    market = within(market, account)
    for k, row in enumerate(market.underlyings):
        for name in [name for name in row if name not in NEEDED]:
            rest = {key: value for key, value in market.underlyings[k].items() if key != name}
            tried = replace(market, underlyings=(*market.underlyings[:k], rest, *market.underlyings[k + 1 :]))
            if excess(tried, test, [account])[0] > 0:
                market = tried
    return market


NEEDED = ("id", "kind", "price")


def confirmed(market: Market, account: Account, test: Test, changed: str) -> Witness | None:
    """The witness, read back from its own text; None where it does not break the claim there."""
    text = portfolio_text(market, account)
    try:
        found = test(read_portfolio(text))
    except PmdslError:
        return None
    if not found.by[0] > 0:
        return None
    return Witness(text, market.on, "A1", first(found.values), changed)


def first(values: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(array[0]) for name, array in values.items()}


def plain_test(plan: Plan, node: int) -> Test:
    """The test of a condition."""
    return lambda book: broken(plan, node, book)
