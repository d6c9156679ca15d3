"""Retail CFDs and foreign exchange against slow and obvious reimplementations, on random books."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.cfd import ASIC, ESMA, FCA, Authority, cfd_margin
from tests.oracle.nfa import deposit_margin
from tests.oracle.retail_books import cfd_books, forex_books, tiered_books
from tests.oracle.saxo import saxo_margin
from tests.regimes.test_against_oracles import answer, close

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CFDS: dict[str, tuple[Authority, tuple[str, ...]]] = {
    "eu.esma_cfd": (ESMA, ("2018-08-01", "2026-03-02")),
    "uk.fca_cfd": (FCA, ("2019-09-01", "2021-01-05", "2021-01-06")),
    "au.asic_cfd": (ASIC, ("2021-03-29", "2026-03-02")),
}


@pytest.mark.parametrize("name", CFDS)
@many
@given(data=st.data())
def test_cfds(name: str, data: st.DataObject) -> None:
    authority, dates = CFDS[name]
    books = cfd_books(home=authority.currency, dates=dates, restricted=bool(authority.options_from))
    row: dict[str, Any] = data.draw(books)
    found = answer(name, row)
    for account, wanted in cfd_margin(row, authority).items():
        at = found.row_of[account]
        assert close(found.amounts("initial")[at], wanted.initial, wanted.initial)
        assert close(found.amounts("close_out")[at], wanted.close_out, wanted.close_out)
        assert [alert.name for alert in found.alerts(account)] == ["margin_close_out"] * bool(wanted.closes)
        assert found.eligible(account).get("no_crypto") == wanted.eligible


@pytest.mark.parametrize(("name", "home"), [("saxo.fx", "USD"), ("saxo.fx_eur", "EUR")])
@many
@given(row=tiered_books())
def test_tiers(name: str, home: str, row: dict[str, Any]) -> None:
    found = answer(name, row)
    for account, wanted in saxo_margin(row, home=home).items():
        at = found.row_of[account]
        assert close(found.amounts("initial")[at], wanted.initial, 1e6)
        assert [alert.name for alert in found.alerts(account)] == ["margin_call"] * bool(wanted.called)


@many
@given(row=forex_books())
def test_deposits(row: dict[str, Any]) -> None:
    found = answer("us.nfa_fx", row)
    for account, wanted in deposit_margin(row).items():
        at = found.row_of[account]
        assert close(found.amounts("initial")[at], wanted.initial, wanted.initial)
        assert [alert.name for alert in found.alerts(account)] == ["liquidation"] * bool(wanted.short)
