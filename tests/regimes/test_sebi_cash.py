"""The Indian cash market against a slow and obvious reimplementation, on random books, and what must hold."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.oracle.sebi_books import sebi_books
from tests.oracle.sebi_cash import sebi_margin
from tests.regimes.test_against_oracles import answer, close

RULES = "in.sebi_cash"
REQUIRED = ("var", "extreme_loss", "mark_to_market", "daily", "upfront")
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(row=sebi_books())
def test_random_books(row: dict[str, Any]) -> None:
    found = answer(RULES, row)
    for account, wanted in sebi_margin(row).items():
        at, size = found.row_of[account], wanted.daily + wanted.upfront
        for name in REQUIRED:
            assert close(found.amounts(name)[at], getattr(wanted, name), size), name
        for name in ("shortfall", "penalty"):
            on_the_edge = abs(wanted.shortfall - 0.1 * wanted.upfront) < 1e-6
            if name == "shortfall" or not on_the_edge:
                assert close(found.amounts(name, "report")[at], getattr(wanted, name), size), name
        if wanted.shortfall > 1e-6 or not wanted.short:
            assert bool(found.alerts(account)) == wanted.short


@many
@given(row=sebi_books())
def test_clients_never_net(row: dict[str, Any]) -> None:
    """All trades in one account never cost more than the clients that made them."""
    one = {
        **row,
        "accounts": [{"id": "ALL"}],
        "positions": [{**line, "account": "ALL"} for line in row["positions"]],
    }
    apart, together = answer(RULES, row), answer(RULES, one)
    for name in ("var", "extreme_loss", "mark_to_market", "daily"):
        whole = float(together.amounts(name)[0])
        assert whole <= sum(apart.amounts(name)) + 1e-6 * (1 + abs(whole))


@many
@given(row=sebi_books())
def test_a_purchase_costs_what_the_sale_costs(row: dict[str, Any]) -> None:
    turned = {**row, "positions": [{**line, "quantity": -line["quantity"]} for line in row["positions"]]}
    for name in ("var", "extreme_loss", "upfront"):
        for bought, sold in zip(
            answer(RULES, row).amounts(name), answer(RULES, turned).amounts(name), strict=True
        ):
            assert close(bought, sold, abs(bought))
