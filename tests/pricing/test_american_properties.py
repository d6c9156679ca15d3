"""What must hold of any American option with continuous exercise, for options drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.pricing import Reason, Terms, delta, implied_volatility, price

BOTH = [True, False]
quick = settings(max_examples=60, deadline=None)


@dataclass(frozen=True)
class Market:
    strike: float
    years: float
    rate: float
    dividend_yield: float
    volatility: float
    accuracy: str

    def terms(self, call: object = BOTH, american: object = True) -> Terms:
        return Terms.of(call, self.strike, self.years, american, self.rate, self.dividend_yield)  # type: ignore[arg-type]

    @property
    def options(self) -> dict[str, int | str]:
        return {"accuracy": self.accuracy}

    @property
    def error(self) -> float:
        """What the accuracy leaves open, in units of the price."""
        return (5e-6 if self.accuracy == "standard" else 1e-6) * max(self.strike, 100.0)


MARKETS = st.builds(
    Market,
    strike=st.floats(20.0, 400.0),
    years=st.sampled_from([1 / 365, 0.05, 0.5, 1.0, 5.0]),
    rate=st.sampled_from([-0.03, -0.001, 0.0, 1e-6, 0.01, 0.12]) | st.floats(-0.03, 0.12),
    dividend_yield=st.sampled_from([-0.05, -0.001, 0.0, 1e-6, 0.01, 0.1]) | st.floats(-0.05, 0.10),
    volatility=st.sampled_from([0.0, 1e-4, 0.01]) | st.floats(0.02, 3.0),
    accuracy=st.sampled_from(["standard", "high"]),
)


@quick
@given(MARKETS)
def test_american_is_worth_european_and_exercise(market: Market) -> None:
    spots = np.array([[1e-3, 30.0, 90.0, 100.0, 110.0, 600.0]] * 2)
    american = price("american", market.options, market.terms(), spots, market.volatility)
    european = price("black_scholes", {}, market.terms(american=False), spots, market.volatility)
    exercise = np.maximum(np.array([[1.0], [-1.0]]) * (spots - market.strike), 0.0)
    assert (american >= european - 1e-13 * market.strike).all()
    assert (american >= exercise).all()
    # Rates below zero: waiting costs nothing, and what is paid later is worth more.
    most = np.array([spots[0], np.full(6, market.strike)])
    growth = np.exp(np.maximum([-market.dividend_yield, -market.rate], 0.0) * market.years)
    assert (american <= most * growth[:, None] + market.error).all()


@quick
@given(MARKETS)
def test_a_call_rises_and_a_put_falls_with_the_spot(market: Market) -> None:
    spots = np.linspace(0.0, 300.0, 61)
    values = price("american", market.options, market.terms(), np.stack([spots, spots]), market.volatility)
    error = max(market.error, market.error * 3.0)
    assert (np.diff(values[0]) >= -error).all()
    assert (np.diff(values[1]) <= error).all()
    assert (np.abs(np.diff(values, axis=1)) <= 5.0 * np.exp(0.05 * market.years) + error).all()
    assert (np.diff(values, n=2, axis=1) >= -2.0 * error).all()


@quick
@given(MARKETS, st.floats(1.0, 3.0))
def test_a_price_rises_with_volatility_and_falls_with_the_strike(market: Market, factor: float) -> None:
    volatilities = np.array([[market.volatility, market.volatility * factor + 1e-3]] * 2)
    values = price("american", market.options, market.terms(), 100.0, volatilities)
    assert (values[:, 1] >= values[:, 0] - market.error).all()
    dearer = Terms.of(BOTH, market.strike * factor, market.years, True, market.rate, market.dividend_yield)
    call, put = price("american", market.options, dearer, 100.0, volatilities)
    assert (call <= values[0] + market.error * factor).all()
    assert (put >= values[1] - market.error * factor).all()


@quick
@given(MARKETS)
def test_a_longer_option_is_worth_more(market: Market) -> None:
    longer = Terms.of(BOTH, market.strike, market.years * 1.5, True, market.rate, market.dividend_yield)
    short, long = (
        price("american", market.options, terms, 100.0, market.volatility)
        for terms in (market.terms(), longer)
    )
    assert (long >= short - market.error).all()


@quick
@given(MARKETS, st.floats(0.01, 50.0))
def test_prices_scale_with_the_currency(market: Market, unit: float) -> None:
    other = Terms.of(BOTH, market.strike * unit, market.years, True, market.rate, market.dividend_yield)
    ours = price("american", market.options, market.terms(), 100.0, market.volatility)
    theirs = price("american", market.options, other, 100.0 * unit, market.volatility)
    np.testing.assert_allclose(theirs, ours * unit, rtol=0, atol=1e-9 * unit * max(market.strike, 100.0))


@quick
@given(MARKETS)
def test_a_call_is_a_put_on_the_other_side(market: Market) -> None:
    """P(S, K, r, q) = C(K, S, q, r)."""
    put = Terms.of(False, 100.0, market.years, True, market.dividend_yield, market.rate)
    left = price("american", market.options, market.terms(True), 100.0, market.volatility)
    right = price("american", market.options, put, market.strike, market.volatility)
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-9 * max(market.strike, 100.0))


@quick
@given(MARKETS)
def test_delta_lies_between_its_bounds(market: Market) -> None:
    spots = np.array([[30.0, 90.0, 100.0, 110.0, 300.0]] * 2)
    call, put = delta("american", market.options, market.terms(), spots, market.volatility)
    most = np.exp(max(-market.dividend_yield, 0.0) * market.years) + 1e-4
    assert (call >= -1e-4).all()
    assert (call <= most).all()
    assert (put <= 1e-4).all()
    assert (put >= -most).all()


@quick
@given(MARKETS)
def test_a_volatility_comes_back(market: Market) -> None:
    target = price("american", market.options, market.terms(), 100.0, market.volatility)
    solved = implied_volatility("american", market.options, market.terms(), 100.0, target)
    if market.volatility >= 0.02:
        assert solved.reason.tolist() == [Reason.SOLVED] * 2
    found = solved.reason == Reason.SOLVED
    again = price("american", market.options, market.terms(), 100.0, solved.volatility)[found]
    assert again == pytest.approx(target[found], abs=1e-6 * market.strike)
