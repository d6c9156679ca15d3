"""Canadian client margin against every way to combine, on random small books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.oracle.ciro import ciro_margin
from tests.oracle.ciro_books import ciro_books
from tests.regimes.test_against_oracles import answer

many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Row = dict[str, Any]
CENT = 0.005 + 1e-6


@many
@given(row=ciro_books())
def test_random_books(row: Row) -> None:
    found = answer("ca.ciro", row)
    for account, wanted in ciro_margin(row).items():
        amount = found.requirements(account)["margin"]
        assert amount is not None, [str(m) for m in found.account(account).messages]
        assert abs(float(amount) - float(wanted.margin)) <= CENT
        lent = found.amounts("loan_value", "report")[found.row_of[account]]
        assert abs(lent - float(wanted.loan_value)) <= 2 * CENT
        if wanted.good_standing is None or abs(lent + account_cash(row, account)) > 1e-6:
            assert found.eligible(account)["good_standing"] is wanted.good_standing


def account_cash(row: Row, account: str) -> float:
    return float(next(a for a in row["accounts"] if a["id"] == account)["cash"])


@many
@given(row=ciro_books())
def test_the_order_of_positions_does_not_matter(row: Row) -> None:
    once = answer("ca.ciro", row)
    turned = {**row, "positions": row["positions"][::-1], "instruments": row["instruments"][::-1]}
    other = answer("ca.ciro", turned)
    for account in once.accounts:
        assert once.requirements(account) == other.requirements(account)


@many
@given(row=ciro_books())
def test_strategies_never_cost_more_than_positions_apart(row: Row) -> None:
    found = answer("ca.ciro", row)
    for apart, account in zip(found.amounts("unpaired", "report"), found.accounts, strict=True):
        amount = found.requirements(account)["margin"]
        assert amount is not None
        assert amount <= round(Decimal(str(apart)), 2) + Decimal("0.01")
