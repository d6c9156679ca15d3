"""The Taiwan Futures Exchange against every way to combine, on random small books."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.oracle.taifex import STAGES, taifex_margin
from tests.oracle.taifex_books import taifex_books
from tests.regimes.test_against_oracles import answer

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Row = dict[str, Any]


@many
@given(row=taifex_books())
def test_random_books(row: Row) -> None:
    found = answer("tw.taifex", row)
    for account, wanted in taifex_margin(row).items():
        amounts = found.requirements(account)
        for stage in STAGES:
            amount = amounts[stage]
            assert amount is not None, [str(m) for m in found.account(account).messages]
            assert abs(float(amount) - float(wanted[stage])) <= 0.005 + 1e-6


@many
@given(row=taifex_books())
def test_the_order_of_positions_does_not_matter(row: Row) -> None:
    once = answer("tw.taifex", row)
    turned = {**row, "positions": row["positions"][::-1], "instruments": row["instruments"][::-1]}
    other = answer("tw.taifex", turned)
    for account in once.accounts:
        assert once.requirements(account) == other.requirements(account)


@many
@given(row=taifex_books())
def test_combinations_never_cost_more_than_positions_apart(row: Row) -> None:
    found = answer("tw.taifex", row)
    apart = found.amounts("unpaired", "report")
    for at, account in enumerate(found.accounts):
        for number, stage in enumerate(STAGES):
            amount = found.requirements(account)[stage]
            assert amount is not None
            assert float(amount) <= apart[at][number] + 0.01
