"""Trades under every bundled rule set, in drawn markets: whatever way they take, the cents of a whole run."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

import pmdsl
from pmdsl.bound_rules import BoundRules
from pmdsl.compare.claims.draw import Account, Market, book_of, draw_accounts, draw_market
from pmdsl.engine import Engine
from pmdsl.held_account import HeldAccount
from pmdsl.names.library import Library
from pmdsl.portfolio.shape import HELD_AS
from tests.incremental.against import Trade, assert_all_ways_agree, assert_other_quantities_agree

DAY = date(2026, 11, 2)
ACCOUNTS, TRADES = 3, 4
NAMES = [entry.name for entry in Library().entries()]
# What stands in the way of following trades; under the other rule sets they are followed.
NOT_FOLLOWED = {
    "ca.ciro": "groups that depend on what is held",
    "fidelity": "groups that depend on what is held",
    "generic.covariance": "the operation `aggregate`",
    "ibkr": "values of `account` that are read by `class_group`",
    "in.sebi_cash": "the key of `obligation` depends on what is held",
    "tastytrade": "values of `deliverable`",
    "tw.taifex": "groups that depend on what is held",
    "us.reg_t": "groups that depend on what is held",
    "us.reg_t_equity": "groups that depend on what is held",
}


@cache
def drawn(name: str, seed: int, engine: Engine = "numpy") -> tuple[Market, BoundRules]:
    """A market for a rule set on the last day that it covers, or in late 2026."""
    rules = pmdsl.load(name)
    on = min(rules.plan.covers[1] or DAY, DAY)
    market = draw_market(rules.on(on), on, np.random.default_rng(seed), quiet=False)
    return market, rules.compile(book_of(market, [Account({"equity": 100_000.0})]), engine=engine)


def holdable(market: Market) -> list[str]:
    outright = [str(row["id"]) for row in market.underlyings if row["kind"] in HELD_AS]
    return [*outright, *(str(row["id"]) for row in market.instruments)]


def held_under(name: str, seed: int, engine: Engine = "numpy") -> tuple[HeldAccount, list[Trade]]:
    """An account with prices paid, and trades: new instruments, and more or less of those that are held."""
    market, bound = drawn(name, seed, engine)
    draw = np.random.default_rng([seed, 1])
    account = draw_accounts(bound.rules.on(bound.on), market, 1, draw)[0]
    names = [name for name, _ in account.positions]
    quantities = [float(quantity) for _, quantity in account.positions]
    positions = {"instrument": names, "quantity": quantities, "trade_price": [7.25] * len(names)}
    held = bound.hold(positions, {"id": ["0"], "equity": [100_000.0]})
    chosen = draw.choice([*holdable(market), *names * 20], TRADES)
    return held, [(str(name), float(draw.integers(-9, 10))) for name in chosen]


@pytest.mark.parametrize("seed", range(ACCOUNTS))
@pytest.mark.parametrize("name", NAMES)
def test_every_way_gives_the_cents_of_a_whole_run(name: str, seed: int) -> None:
    held, trades = held_under(name, seed)
    assert_all_ways_agree(held, trades, price=6.5)


@pytest.mark.parametrize("name", NAMES)
def test_other_quantities_give_the_cents_of_a_whole_run(name: str) -> None:
    held, _ = held_under(name, 0)
    draw = np.random.default_rng(5)
    assert_other_quantities_agree(held, draw.integers(-9, 10, len(held.instruments)).astype(float))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOT_FOLLOWED])
def test_the_compiled_engine_gives_the_cents_of_a_whole_run(name: str) -> None:
    pytest.importorskip("numba")
    held, trades = held_under(name, 0, "compiled")
    assert_all_ways_agree(held, trades, price=6.5)
    draw = np.random.default_rng(5)
    assert_other_quantities_agree(held, draw.integers(-9, 10, len(held.instruments)).astype(float))


@pytest.mark.parametrize("name", NAMES)
def test_rule_sets_say_why_their_trades_are_not_followed(name: str) -> None:
    _, bound = drawn(name, 0)
    assert bound.desk.market.scope.why_not == NOT_FOLLOWED.get(name, "")
