"""The vectors of position-based rule sets, run by their oracles."""

from __future__ import annotations

import pytest

from tests.oracle.ciro import ciro_margin
from tests.oracle.outright import outright_margin, rates_of_file
from tests.oracle.sebi_cash import sebi_margin
from tests.oracle.shinyo import MIZUHO_ONLINE, STATUTORY, shinyo_margin
from tests.oracle.taifex import taifex_margin
from tests.oracle.test_vectors import Vector, assert_near, of_rules

BROKERS = {"jp.margin": STATUTORY, "jp.mizuho_online": MIZUHO_ONLINE}


@pytest.mark.parametrize("vector", of_rules("us.exchange_futures"))
def test_outright_rates(vector: Vector) -> None:
    results = outright_margin(vector["book"], rates=rates_of_file())
    for account, expected in vector["expected"].items():
        result = results[account]
        for name in expected.keys() - {"alerts"}:
            assert_near(getattr(result, name), expected[name], vector)
        if "alerts" in expected:
            assert expected["alerts"] == (["margin_call"] if result.called else [])


@pytest.mark.parametrize("vector", of_rules(*BROKERS))
def test_margin_trading_in_japan(vector: Vector) -> None:
    results = shinyo_margin(vector["book"], BROKERS[vector["rules"]])
    for account, expected in vector["expected"].items():
        result = results[account]
        amounts = {name: expected[name] for name in ("initial", "maintenance") if name in expected}
        for name, amount in {**amounts, **expected.get("reports", {})}.items():
            assert_near(getattr(result, name), amount, vector)
        for name, wanted in expected.get("eligible", {}).items():
            assert getattr(result, name) is wanted
        if "alerts" in expected:
            assert expected["alerts"] == (["margin_call"] if result.called else [])


@pytest.mark.parametrize("vector", of_rules("in.sebi_cash"))
def test_indian_cash_market(vector: Vector) -> None:
    results = sebi_margin(vector["book"])
    for account, expected in vector["expected"].items():
        result = results[account]
        amounts = {name: expected[name] for name in expected.keys() - {"alerts", "reports"}}
        for name, amount in {**amounts, **expected.get("reports", {})}.items():
            assert_near(getattr(result, name), amount, vector)
        if "alerts" in expected:
            assert expected["alerts"] == (["margin_shortfall"] if result.short else [])


@pytest.mark.parametrize("vector", of_rules("tw.taifex"))
def test_taiwan_futures_exchange(vector: Vector) -> None:
    results = taifex_margin(vector["book"])
    for account, expected in vector["expected"].items():
        for stage, amount in expected.items():
            assert_near(float(results[account][stage]), amount, vector)


@pytest.mark.parametrize("vector", of_rules("ca.ciro"))
def test_canadian_clients(vector: Vector) -> None:
    results = ciro_margin(vector["book"])
    for account, expected in vector["expected"].items():
        result = results[account]
        assert_near(float(result.margin), expected["margin"], vector)
        for name, amount in expected.get("reports", {}).items():
            assert_near(float(getattr(result, name)), amount, vector)
        for name, wanted in expected.get("eligible", {}).items():
            assert getattr(result, name) is wanted
