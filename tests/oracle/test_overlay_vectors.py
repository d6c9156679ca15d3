"""The vectors of the overlays of brokers, run by the oracle."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest

from tests.oracle.fidelity import HouseHolding, Security, fidelity_margin
from tests.oracle.ibkr import ibkr_margin
from tests.oracle.lightspeed import lightspeed_margin
from tests.oracle.reg_t import Name
from tests.oracle.schwab import schwab_margin
from tests.oracle.tastytrade import tastytrade_margin
from tests.oracle.test_vectors import Vector, assert_near, of_rules


@pytest.mark.parametrize("vector", of_rules("tastytrade"))
def test_tastytrade(vector: Vector) -> None:
    results = tastytrade_margin(vector["book"])
    for account, expected in vector["expected"].items():
        assert_near(results[account].maintenance, expected["maintenance"], vector)
        for name, wanted in expected.get("eligible", {}).items():
            assert results[account].eligible[name] is wanted
        assert list(results[account].alerts) == expected.get("alerts", list(results[account].alerts))


@pytest.mark.parametrize("vector", of_rules("ibkr"))
def test_ibkr(vector: Vector) -> None:
    results = ibkr_margin(vector["book"])
    for account, expected in vector["expected"].items():
        assert_near(results[account].maintenance, expected["maintenance"], vector)
        additional = Decimal(repr(round(results[account].additional, 8)))
        reported = additional.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
        assert reported == Decimal(expected["reports"]["extreme_risk_additional_charge"])


@pytest.mark.parametrize("vector", of_rules("lightspeed"))
def test_lightspeed(vector: Vector) -> None:
    results = lightspeed_margin(vector["book"])
    for account, expected in vector["expected"].items():
        assert_near(results[account].maintenance, expected["maintenance"], vector)
        for name, wanted in expected["eligible"].items():
            assert results[account].eligible[name] is wanted


@pytest.mark.parametrize("vector", of_rules("schwab"))
def test_schwab(vector: Vector) -> None:
    results = schwab_margin(vector["book"])
    for account, expected in vector["expected"].items():
        result = results[account]
        assert_near(result.maintenance, expected["maintenance"], vector)
        for side, name in enumerate(("point_of_no_return_down", "point_of_no_return_up")):
            for group, wanted in expected.get("reports", {}).get(name, {}).items():
                assert abs(result.returns[group][side] - float(wanted)) < 1e-9
        said = {"portfolio_stress": result.passes_stress, "opening_equity": result.opens}
        for name, wanted in expected.get("eligible", {}).items():
            assert said[name] is wanted


@pytest.mark.parametrize("vector", of_rules("fidelity"))
def test_fidelity(vector: Vector) -> None:
    names = {row["id"]: row for row in vector["book"]["underlyings"]}
    for account, expected in vector["expected"].items():
        held = []
        for row in vector["book"]["positions"]:
            if row["account"] == account:
                name = names[row["instrument"]]
                price = Fraction(str(name["price"]))
                holding = HouseHolding(Name(price), 1 if row["quantity"] > 0 else -1, price, price)
                traded = Fraction(name["average_volume"]), Fraction(name["shares_outstanding"])
                security = Security(name["id"], Name(price), *traded, name["industry"])
                held.append((security, holding, abs(row["quantity"])))
        result = fidelity_margin(held, date.fromisoformat(str(vector["book"]["on"])))
        assert_near(float(result.maintenance), expected["maintenance"], vector)
