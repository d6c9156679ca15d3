"""How the oracle reads a book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.cpm import cpm_margin, product_group_of
from tests.oracle.market import (
    BookError,
    account_ids,
    contract_of,
    net_positions,
    rate_for,
    to_cents,
    years_to,
)
from tests.oracle.valuation import value_after, value_now, volatility_of

OPTION = {
    "id": "C",
    "kind": "option",
    "underlying": "XYZ",
    "right": "call",
    "strike": 50,
    "expiry": "2026-06-19",
    "exercise": "european",
}


def book(**changes: Any) -> dict[str, Any]:
    """One stock, one option on it, one account."""
    plain: dict[str, Any] = {
        "on": "2026-03-02",
        "rate": 0.04,
        "accounts": [{"id": "A1"}],
        "underlyings": [{"id": "XYZ", "kind": "stock", "price": 50.0, "volatility": 0.3}],
        "instruments": [OPTION],
        "positions": [],
    }
    return plain | changes


def position(instrument: str, quantity: float, **more: Any) -> dict[str, Any]:
    return {"account": "A1", "instrument": instrument, "quantity": quantity, **more}


def test_positions_of_one_instrument_net_and_accounts_stay_apart() -> None:
    rows = [position("XYZ", 100), position("XYZ", -30), {"account": "A2", "instrument": "XYZ", "quantity": 5}]
    held = net_positions(book(accounts=[{"id": "A1"}, {"id": "A2"}], positions=rows))
    assert [(p.account, p.quantity) for p in held] == [("A1", 70.0), ("A2", 5.0)]


def test_one_account_may_go_without_saying() -> None:
    alone = book(accounts=[], positions=[{"instrument": "XYZ", "quantity": 1}])
    assert len(account_ids(alone)) == len(net_positions(alone)) == 1
    with pytest.raises(BookError, match="which account"):
        net_positions(book(accounts=[{"id": "A1"}, {"id": "A2"}], positions=alone["positions"]))


def test_every_listed_account_gets_a_row() -> None:
    assert cpm_margin(book())["A1"].maintenance == 0.0


def test_default_multipliers() -> None:
    held = book(instruments=[OPTION, {"id": "F", "kind": "future", "underlying": "XYZ"}])
    assert [contract_of(held, name).multiplier for name in ("C", "F", "XYZ")] == [100.0, 1.0, 1.0]


@pytest.mark.parametrize("symbol", ["XYZ   260619P00047500", "XYZ260619P00047500"])
def test_option_symbols(symbol: str) -> None:
    row = {"id": "XYZ", "kind": "stock", "price": 50.0, "option_exercise": "american"}
    contract = contract_of(book(underlyings=[row]), symbol)
    assert (contract.id, contract.right, contract.strike) == ("XYZ   260619P00047500", "put", 47.5)
    assert (contract.expiry, contract.exercise, contract.multiplier) == (date(2026, 6, 19), "american", 100.0)
    with pytest.raises(BookError, match="exercised"):
        contract_of(book(), symbol)


def test_a_root_may_differ_from_its_underlying() -> None:
    row = {"id": "SPX", "kind": "index", "price": 5000.0, "roots": ["SPXW"], "option_exercise": "european"}
    assert contract_of(book(underlyings=[row]), "SPXW  260619C05000000").underlying == "SPX"


def test_the_order_in_which_a_volatility_is_found() -> None:
    def sigma(**more: Any) -> float:
        held = book(instruments=[OPTION | more])
        return volatility_of(held, contract_of(held, "C"), 5)

    assert sigma(implied_volatility=0.2, price=9.0) == 0.2
    assert sigma() == 0.3
    held = book()
    price = value_now(held, contract_of(held, "C"), 5)
    assert sigma(price=price * 1.2) > sigma(price=price) == pytest.approx(0.3)
    bare = book(underlyings=[{"id": "XYZ", "kind": "stock", "price": 50.0}])
    with pytest.raises(BookError, match="neither a price nor a volatility"):
        volatility_of(bare, contract_of(bare, "C"), 5)


def test_given_values_need_a_base_and_every_scenario() -> None:
    held = book(instruments=[OPTION | {"price": 3.0}], values={"C": {"d5": 1.0}})
    contract = contract_of(held, "C")
    assert value_now(held, contract) == 3.0
    assert value_after(held, contract, {"d5": -0.15}) == {"d5": 1.0}
    with pytest.raises(BookError, match="no value for scenario u5"):
        value_after(held, contract, {"d5": -0.15, "u5": 0.15})
    no_base = book(values={"C": {"d5": 1.0}})
    with pytest.raises(BookError, match="needs a price"):
        value_now(no_base, contract_of(no_base, "C"))


def test_a_price_on_a_position_overrides_its_instrument() -> None:
    held = book(positions=[position("C", 1, price=4.0), position("C", 1, price=4.0)])
    assert net_positions(held)[0].contract.price == 4.0
    with pytest.raises(BookError, match="two prices"):
        net_positions(book(positions=[position("C", 1, price=4.0), position("C", 1, price=5.0)]))


def test_rates_between_and_beyond_the_tenors() -> None:
    curve = book(rate=[{"tenor": 1.0, "rate": 0.05}, {"tenor": 0.5, "rate": 0.03}])
    assert [rate_for(curve, t) for t in (0.1, 0.5, 0.75, 2.0)] == pytest.approx([0.03, 0.03, 0.04, 0.05])


def test_days_count_by_the_calendar_and_the_past_is_an_error() -> None:
    assert years_to(book(on="2026-03-02T16:00:00-05:00"), date(2027, 3, 2)) == 1.0
    with pytest.raises(BookError, match="expired"):
        years_to(book(), date(2026, 3, 1))


def test_an_index_describes_its_funds_and_funds_of_no_listed_index_must_agree() -> None:
    index = {"id": "SPX", "kind": "index", "price": 1.0, "breadth": "broad", "capitalization": "high"}
    fund = {"id": "F", "kind": "etf", "price": 1.0, "tracks": "SPX"}
    assert product_group_of(book(underlyings=[index, fund]), "SPX") == "high_cap_index"
    assert product_group_of(book(underlyings=[fund]), "SPX") == "alone"
    other = fund | {"id": "G", "breadth": "broad"}
    with pytest.raises(BookError, match="do not agree"):
        product_group_of(book(underlyings=[fund, other]), "SPX")


@pytest.mark.parametrize(
    ("amount", "cents"), [(0.005, "0.01"), (2.675, "2.68"), (1.0049999, "1.00"), (7.0, "7.00")]
)
def test_half_a_cent_goes_up(amount: float, cents: str) -> None:
    assert to_cents(amount) == Decimal(cents)
