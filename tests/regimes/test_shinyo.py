"""Margin trading in Japan against a slow and obvious reimplementation, on random books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.shinyo import MIZUHO_ONLINE, STATUTORY, Broker, shinyo_margin
from tests.oracle.shinyo_books import DAYS, shinyo_books
from tests.regimes.test_against_oracles import answer, close

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BROKERS: dict[str, tuple[Broker, tuple[str, ...]]] = {
    "jp.margin": (STATUTORY, DAYS),
    "jp.mizuho_online": (MIZUHO_ONLINE, tuple(day for day in DAYS if day >= "2022-04-04")),
}


@pytest.mark.parametrize("name", BROKERS)
@many
@given(data=st.data())
def test_random_books(name: str, data: st.DataObject) -> None:
    broker, days = BROKERS[name]
    row: dict[str, Any] = data.draw(shinyo_books(days))
    found = answer(name, row)
    for account, wanted in shinyo_margin(row, broker).items():
        at, size = found.row_of[account], abs(wanted.received) + wanted.initial
        assert close(found.amounts("initial")[at], wanted.initial, size)
        assert close(found.amounts("maintenance")[at], wanted.maintenance, size)
        assert close(found.amounts("ratio", "report")[at], wanted.ratio, 1.0)
        for report in ("received", "call"):
            assert close(found.amounts(report, "report")[at], getattr(wanted, report), size)
        if abs(wanted.received - wanted.initial) > 1e-6:
            assert found.eligible(account)["new_positions"] == wanted.new_positions
        assert found.eligible(account)["marginable"] == wanted.marginable
        if abs(wanted.received - wanted.maintenance) > 1e-6:
            assert bool(found.alerts(account)) == wanted.called


@many
@given(row=shinyo_books())
def test_a_broker_never_asks_for_less_than_the_statute(row: dict[str, Any]) -> None:
    row["on"] = "2024-03-01"
    statute, broker = answer("jp.margin", row), answer("jp.mizuho_online", row)
    for account in statute.accounts:
        for name, least in statute.requirements(account).items():
            asked = broker.requirements(account)[name]
            assert least is not None
            assert asked is not None
            assert asked >= least - Decimal(1)


@many
@given(row=shinyo_books())
def test_a_position_in_two_lines_is_one_position(row: dict[str, Any]) -> None:
    """Nothing nets, and nothing is charged for being split."""
    halves = [{**line, "quantity": line["quantity"] / 2} for line in row["positions"]]
    whole, split = answer("jp.margin", row), answer("jp.margin", {**row, "positions": halves * 2})
    for name in ("initial", "maintenance"):
        for one, other in zip(whole.amounts(name), split.amounts(name), strict=True):
            assert close(one, other, abs(one))
