"""The published and hand-worked vectors, run by the oracle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.cfd import ASIC, ESMA, FCA, cfd_margin
from tests.oracle.covariance import covariance_margin
from tests.oracle.cpm import MINIMUM_EQUITY, RANGES, cpm_margin, possible_bindings
from tests.oracle.house import house_margin
from tests.oracle.market import to_cents
from tests.oracle.nfa import deposit_margin
from tests.oracle.saxo import saxo_margin
from tests.oracle.stress import BUFFER, MOVES, stress_margin
from tests.oracle.vector_file import every_vector

Vector = dict[str, Any]

VECTORS = every_vector()


def of_rules(*names: str) -> list[Any]:
    """The vectors of some rule sets, one test each."""
    return [pytest.param(vector, id=vector["id"]) for vector in VECTORS if vector["rules"] in names]


def assert_near(found: float, expected: str, vector: Vector) -> None:
    assert abs(to_cents(found) - Decimal(expected)) <= Decimal(vector["tolerance"])


def test_every_vector_is_complete_and_named_once() -> None:
    assert len({vector["id"] for vector in VECTORS}) == len(VECTORS)
    for vector in VECTORS:
        assert set(vector) - {"parameters"} == {
            "id",
            "rules",
            "source",
            "tag",
            "book",
            "expected",
            "tolerance",
        }
        assert vector["tag"] in ("confirmed", "secondary", "inferred", "worked")
        assert set(vector["expected"]) == {account["id"] for account in vector["book"]["accounts"]}


@pytest.mark.parametrize("vector", of_rules("us.finra.cpm"))
def test_customer_portfolio_margin(vector: Vector) -> None:
    parameters = vector.get("parameters", {})
    changed = {name: (down, up) for name, (down, up) in parameters.get("ranges", {}).items()}
    minimum_equity = parameters.get("minimum_equity", MINIMUM_EQUITY)
    results = cpm_margin(vector["book"], ranges={**RANGES, **changed}, minimum_equity=minimum_equity)
    for account, expected in vector["expected"].items():
        result = results[account]
        assert_near(result.maintenance, expected["maintenance"], vector)
        bound = {group.group: group for group in result.groups if possible_bindings(group)}
        assert set(bound) == set(expected.get("binding", {}))
        for name, binding in expected.get("binding", {}).items():
            assert_near(bound[name].amount, binding["amount"], vector)
            assert bound[name].by in binding["by"]
            assert possible_bindings(bound[name]) == set(binding["by"])
        if "eligible" in expected:
            assert result.eligible is expected["eligible"]["minimum_equity"]


@pytest.mark.parametrize("vector", of_rules("house.example"))
def test_house_overlay(vector: Vector) -> None:
    results = house_margin(vector["book"])
    for account, expected in vector["expected"].items():
        result = results[account]
        assert result.house is not None
        assert_near(result.house, expected["house"], vector)
        assert_near(result.maintenance, expected["maintenance"], vector)
        assert list(result.alerts) == expected["alerts"]


@pytest.mark.parametrize("vector", of_rules("generic.stress"))
def test_stress(vector: Vector) -> None:
    parameters = vector.get("parameters", {})
    moves, buffer = parameters.get("moves", MOVES), parameters.get("buffer", BUFFER)
    results = stress_margin(vector["book"], moves=moves, buffer=buffer)
    for account, expected in vector["expected"].items():
        assert_near(results[account].maintenance, expected["maintenance"], vector)


@pytest.mark.parametrize("vector", of_rules("generic.covariance"))
def test_covariance(vector: Vector) -> None:
    results = covariance_margin(vector["book"])
    for account, expected in vector["expected"].items():
        assert_near(results[account].maintenance, expected["maintenance"], vector)


def ratio_of(percent: str) -> float:
    return float(percent.rstrip("%")) / 100


AUTHORITIES = {"eu.esma_cfd": ESMA, "uk.fca_cfd": FCA, "au.asic_cfd": ASIC}


@pytest.mark.parametrize("vector", of_rules(*AUTHORITIES))
def test_retail_cfds(vector: Vector) -> None:
    parameters = vector.get("parameters", {})
    results = cfd_margin(
        vector["book"],
        AUTHORITIES[vector["rules"]],
        thirty_to_one=ratio_of(parameters["thirty_to_one"]) if "thirty_to_one" in parameters else 1 / 30,
        opened=parameters.get("notional_at") == "opened",
    )
    for account, expected in vector["expected"].items():
        result = results[account]
        assert_near(result.initial, expected["initial"], vector)
        if "close_out" in expected:
            assert_near(result.close_out, expected["close_out"], vector)
        if "alerts" in expected:
            assert expected["alerts"] == (["margin_close_out"] if result.closes else [])
        if "eligible" in expected:
            assert expected["eligible"] == {"no_crypto": result.eligible}


HOMES = {"saxo.fx": "USD", "saxo.fx_eur": "EUR"}


@pytest.mark.parametrize("vector", of_rules(*HOMES))
def test_saxo(vector: Vector) -> None:
    results = saxo_margin(vector["book"], home=HOMES[vector["rules"]])
    for account, expected in vector["expected"].items():
        assert_near(results[account].initial, expected["initial"], vector)
        if "alerts" in expected:
            assert expected["alerts"] == (["margin_call"] if results[account].called else [])


@pytest.mark.parametrize("vector", of_rules("us.nfa_fx"))
def test_deposits(vector: Vector) -> None:
    results = deposit_margin(vector["book"])
    for account, expected in vector["expected"].items():
        assert_near(results[account].initial, expected["initial"], vector)
