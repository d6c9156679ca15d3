"""Every way of answering a trade beside the whole run of the account with the trade in it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from pmdsl.bound_rules import BoundRules
from pmdsl.engine.rounding import money
from pmdsl.held_account import HeldAccount

Trade = tuple[str, float]
Requirements = dict[str, Decimal | None]


def held_of(market: BoundRules, positions: Sequence[Trade]) -> HeldAccount:
    """An account of some positions."""
    names, quantities = [name for name, _ in positions], [quantity for _, quantity in positions]
    return market.hold({"instrument": names, "quantity": quantities})


def whole(held: HeldAccount, *trades: Trade, price: float | None = None) -> Requirements:
    """The requirements of the account with trades, by a run of everything."""
    answer = held.seat.run(held.legs([(name, quantity, price) for name, quantity in trades]))
    return answer.requirements(answer.accounts[0])


def assert_all_ways_agree(held: HeldAccount, trades: Sequence[Trade], price: float | None = None) -> None:
    """One trade by steps, many at once, and an account laid out anew say what the whole run says."""
    assert dict(held.requirements) == whole(held)
    names, quantities = [name for name, _ in trades], [quantity for _, quantity in trades]
    many = held.what_if_many(names, quantities, None if price is None else [price] * len(trades))
    for number, trade in enumerate(trades):
        expected = whole(held, trade, price=price)
        found = held.what_if(*trade, price)
        assert dict(found.after) == expected, (trade, found.by)
        assert dict(held.apply(*trade, price).requirements) == expected
        for name, amount in expected.items():
            assert same_cents(many.after[name][number], amount, held), (trade, name)


def same_cents(raw: Any, amount: Decimal | None, held: HeldAccount) -> bool:
    """Whether an unrounded amount is the rounded one; within a millionth of a tie either is."""
    if amount is None:
        return bool(np.isnan(raw))
    currency = held.market.rules.currency
    close = abs(Decimal(float(raw)) - amount) < Decimal("1e-6")
    return close or amount in {money(float(raw) + near, currency) for near in (-1e-6, 0.0, 1e-6)}


def assert_other_quantities_agree(held: HeldAccount, quantities: Sequence[float]) -> None:
    """The replay of an account with other quantities is the account that holds them."""
    answer = held.seat.with_quantities(np.asarray(quantities, dtype=np.float64))
    assert dict(held.requirements_at(quantities)) == answer.requirements(answer.accounts[0])
