"""Bundled rule sets against slow and obvious reimplementations, on random books."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmdsl.engine import Answer, evaluate
from pmdsl.portfolio import read_portfolio
from tests.oracle import books
from tests.oracle.covariance import covariance_margin
from tests.oracle.cpm import cpm_margin, possible_bindings
from tests.oracle.house import house_margin
from tests.oracle.stress import stress_margin
from tests.regimes.bundled import plan

STEPS = books.TREE_STEPS
CLOSE = 1e-9
REVALUED = (
    "volatility",
    "price",
    "underlying",
)  # given values know the ten points of the base rule set alone
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answer(name: str, row: dict[str, Any]) -> Answer:
    return evaluate(plan(name, date.fromisoformat(str(row["on"])), STEPS), read_portfolio(row))


def close(value: float, expected: float, scale: float) -> bool:
    return abs(value - expected) <= CLOSE * max(1.0, abs(expected), scale)


def scale_of(row: dict[str, Any]) -> float:
    """The gross size of a book, against which rounding is measured."""
    prices = {u["id"]: float(u["price"]) for u in row["underlyings"]}
    return 100 * max(prices.values(), default=1.0) * sum(abs(p["quantity"]) for p in row.get("positions", ()))


@many
@given(row=books.books(steps=STEPS))
def test_customer_portfolio_margin(row: dict[str, Any]) -> None:
    found, expected = answer("us.finra.cpm", row), cpm_margin(row, steps=STEPS)
    amounts = found.amounts("maintenance")
    for account, wanted in expected.items():
        assert close(amounts[found.row_of[account]], wanted.maintenance, scale_of(row)), (
            found.bound.findings.items
        )
        assert found.eligible(account)["minimum_equity"] == wanted.eligible
        groups = {group.group: group for group in wanted.groups}
        for part in found.binding(account)["maintenance"]:
            allowed = possible_bindings(groups[part.group])
            assert part.by in allowed or not allowed


@many
@given(
    row=books.books(
        sources=REVALUED,
        steps=STEPS,
        dates=("2024-01-19", "2025-05-06", "2025-07-01", "2026-03-02"),
        all_equity=True,
    )
)
def test_house_overlay(row: dict[str, Any]) -> None:
    found, expected = answer("house.example", row), house_margin(row, steps=STEPS)
    for account, wanted in expected.items():
        at = found.row_of[account]
        assert wanted.house is not None
        assert close(found.amounts("house")[at], wanted.house, scale_of(row))
        assert close(found.amounts("maintenance")[at], wanted.maintenance, scale_of(row))


@many
@given(row=books.books(sources=REVALUED, steps=STEPS))
def test_stress(row: dict[str, Any]) -> None:
    found, expected = answer("generic.stress", row), stress_margin(row, steps=STEPS)
    for account, wanted in expected.items():
        assert close(found.amounts("maintenance")[found.row_of[account]], wanted.maintenance, scale_of(row))


@many
@given(row=books.covariance_books(steps=STEPS))
def test_covariance(row: dict[str, Any]) -> None:
    found, expected = answer("generic.covariance", row), covariance_margin(row, steps=STEPS)
    for account, wanted in expected.items():
        assert close(found.amounts("maintenance")[found.row_of[account]], wanted.maintenance, scale_of(row))


@pytest.mark.parametrize("name", ["us.finra.cpm", "house.example", "generic.stress"])
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_book_scales(name: str, data: st.DataObject) -> None:
    """Ten times the book is ten times the margin: what is charged belongs to contracts, not to accounts."""
    row = data.draw(books.books(sources=REVALUED, steps=STEPS, dates=("2026-03-02",), all_equity=True))
    for account in row["accounts"]:
        account["equity"] = 1e15
    tenfold = {**row, "positions": [{**p, "quantity": 10 * p["quantity"]} for p in row["positions"]]}
    once, ten = answer(name, row), answer(name, tenfold)
    for number, output in once.outputs("requirement"):
        for account in once.accounts:
            small, large = once.values[number][once.row_of[account]], ten.values[number][ten.row_of[account]]
            assert close(large, 10 * small, 10 * scale_of(row)), output.name
