"""What must hold of any price, for options drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.pricing import Reason, Terms, implied_volatility, price

STEPS = 31
TREES = ("crr", "leisen_reimer")


@dataclass(frozen=True)
class Market:
    strike: float
    years: float
    rate: float
    dividend_yield: float
    volatility: float
    dividend: float

    def terms(self, call: object, american: object, dividend: bool = True) -> Terms:
        times, amounts = ([self.years / 2], [self.dividend]) if dividend else ([], [])
        return Terms.of(
            call,
            self.strike,
            self.years,
            american,
            self.rate,
            self.dividend_yield,
            times,
            amounts,  # type: ignore[arg-type]
        )


def rounded(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda x: round(x, 4))


MARKETS = st.builds(
    Market,
    strike=rounded(20.0, 400.0),
    years=st.sampled_from([1 / 365, 0.05, 0.5, 1.0, 5.0]),
    rate=rounded(-0.03, 0.12),
    dividend_yield=rounded(-0.01, 0.10),
    volatility=rounded(0.15, 3.0),
    dividend=st.sampled_from([0.0, 1.0, 8.0]),
)
BOTH = [True, False]
quick = settings(max_examples=60, deadline=None)


def tree_price(tree: str, terms: Terms, spot: object = 100.0, volatility: object = 0.2) -> np.ndarray:
    return price("binomial", {"tree": tree, "steps": STEPS}, terms, spot, volatility)  # type: ignore[arg-type]


@quick
@given(MARKETS)
def test_put_call_parity(market: Market) -> None:
    terms = market.terms(BOTH, False)
    value = market.dividend * np.exp(-(market.rate - market.dividend_yield) * market.years / 2)
    net = max(100.0 - value, 0.0) * np.exp(-market.dividend_yield * market.years)
    gap = net - market.strike * np.exp(-market.rate * market.years)
    call, put = price("black_scholes", {}, terms, 100.0, market.volatility)
    assert call - put == pytest.approx(gap, abs=1e-12 * max(market.strike, 100.0))
    for tree in TREES:
        call, put = tree_price(tree, terms, 100.0, market.volatility)
        assert call - put == pytest.approx(gap, abs=1e-12 * max(market.strike, 100.0))


@quick
@given(MARKETS, st.floats(1.0, 3.0))
def test_a_price_rises_with_volatility(market: Market, factor: float) -> None:
    terms = market.terms(BOTH * 2, [True, True, False, False])
    slack = 1e-12 * max(market.strike, 100.0)
    volatilities = np.array([[market.volatility, market.volatility * factor]] * 4)
    values = tree_price("crr", terms, 100.0, volatilities)
    assert (values[:, 1] >= values[:, 0] - slack).all()
    european = price("black_scholes", {}, market.terms(BOTH, False), 100.0, volatilities[:2])
    assert (european[:, 1] >= european[:, 0] - slack).all()


@quick
@given(MARKETS)
def test_american_is_worth_european_and_exercise(market: Market) -> None:
    exercise = np.maximum([100.0 - market.strike, market.strike - 100.0], 0.0)
    for tree in TREES:
        european = tree_price(tree, market.terms(BOTH, False), 100.0, market.volatility)
        american = tree_price(tree, market.terms(BOTH, True), 100.0, market.volatility)
        assert (american >= european - 1e-12 * max(market.strike, 100.0)).all()
        assert (american >= exercise).all()


@quick
@given(MARKETS)
def test_a_call_rises_and_a_put_falls_with_the_spot(market: Market) -> None:
    spots = np.linspace(0.0, 300.0, 41)
    for american in BOTH:
        values = tree_price("crr", market.terms(BOTH, american), np.stack([spots, spots]), market.volatility)
        slack = 1e-11 * max(market.strike, 300.0)
        assert (np.diff(values[0]) >= -slack).all()
        assert (np.diff(values[1]) <= slack).all()
        if market.dividend == 0.0:
            assert (np.diff(values, n=2, axis=1) >= -slack).all()


@quick
@given(MARKETS, rounded(0.01, 50.0))
def test_prices_scale_with_the_currency(market: Market, unit: float) -> None:
    terms = market.terms(BOTH * 2, [True, True, False, False])
    other = Terms.of(
        terms.call, terms.strike * unit, terms.years, terms.american, terms.rate, terms.dividend_yield,
        terms.dividend_times, terms.dividend_amounts * unit,
    )  # fmt: skip
    for tree in TREES:
        ours, theirs = (
            tree_price(tree, t, s, market.volatility) for t, s in ((terms, 100.0), (other, 100.0 * unit))
        )
        np.testing.assert_allclose(
            theirs, ours * unit, rtol=1e-10, atol=1e-11 * unit * max(market.strike, 100.0)
        )


@quick
@given(MARKETS)
def test_a_call_is_a_put_on_the_other_side(market: Market) -> None:
    """P(S, K, r, q) = C(K, S, q, r), American options too."""
    call = market.terms(True, True, dividend=False)
    put = Terms.of(False, 100.0, market.years, True, market.dividend_yield, market.rate)
    for tree in TREES:
        left = tree_price(tree, call, 100.0, market.volatility)
        right = tree_price(tree, put, market.strike, market.volatility)
        np.testing.assert_allclose(left, right, rtol=0, atol=1e-11 * max(market.strike, 100.0))


@quick
@given(MARKETS)
def test_an_american_volatility_comes_back(market: Market) -> None:
    terms = market.terms(BOTH, True)
    options: dict[str, int | str] = {"steps": STEPS}
    target = price("binomial", options, terms, 100.0, market.volatility)
    solved = implied_volatility("binomial", options, terms, 100.0, target)
    assert solved.reason.tolist() == [Reason.SOLVED] * 2
    again = price("binomial", options, terms, 100.0, solved.volatility)
    np.testing.assert_allclose(again, target, rtol=0, atol=1e-10 * market.strike)
