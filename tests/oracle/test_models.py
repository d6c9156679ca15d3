"""The oracle's option values against textbooks and against QuantLib."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.models import (
    Terms,
    binomial,
    binomial_delta,
    black_scholes,
    black_scholes_delta,
    implied_volatility,
    intrinsic,
    lowest_volatility,
)

CALL = Terms("call", 40.0, 0.5, 0.10)
PUT = replace(CALL, right="put")
AMERICAN_PUT = Terms("put", 50.0, 5 / 12, 0.10, american=True, steps=5)


def test_the_textbook_european_options() -> None:
    """Hull, Options, Futures and Other Derivatives: 42 against 40, 10%, 20%, half a year: 4.76, 0.81."""
    assert black_scholes(CALL, 42.0, 0.20) == pytest.approx(4.76, abs=0.005)
    assert black_scholes(PUT, 42.0, 0.20) == pytest.approx(0.81, abs=0.005)


def test_the_textbook_american_put() -> None:
    """Hull, same book: spot and strike 50, 10%, 40%, five months, a tree of five steps: 4.49."""
    assert binomial(AMERICAN_PUT, 50.0, 0.40) == pytest.approx(4.49, abs=0.005)


def test_a_tree_of_one_step_by_hand() -> None:
    """Spot 100, up and down by e^0.2; at a rate of 0 the upward chance is 1 / (1 + e^0.2)."""
    terms = Terms("call", 100.0, 1.0, 0.0, american=True, steps=1)
    up = math.exp(0.2)
    assert binomial(terms, 100.0, 0.2) == pytest.approx(100 * (up - 1) / (1 + up))
    assert binomial_delta(terms, 100.0, 0.2) == pytest.approx((up - 1) / (up - 1 / up))


@pytest.mark.parametrize("right", ["call", "put"])
def test_on_the_expiry_date_and_at_a_worthless_underlying(right: str) -> None:
    expired = Terms(right, 40.0, 0.0, 0.10)
    for spot in (0.0, 39.0, 40.0, 41.0):
        assert black_scholes(expired, spot, 0.3) == binomial(expired, spot, 0.3) == intrinsic(expired, spot)
    running = Terms(right, 40.0, 0.5, 0.10)
    discounted = 0.0 if right == "call" else 40.0 * math.exp(-0.05)
    assert black_scholes(running, 0.0, 0.3) == pytest.approx(discounted)
    american = replace(running, american=True, steps=10)
    assert binomial(american, 0.0, 0.3) == (0.0 if right == "call" else 40.0)


def test_the_tree_approaches_the_formula() -> None:
    for right in ("call", "put"):
        terms = Terms(right, 100.0, 0.75, 0.04, 0.02, steps=400)
        assert binomial(terms, 103.0, 0.25) == pytest.approx(black_scholes(terms, 103.0, 0.25), abs=0.02)
        assert binomial_delta(terms, 103.0, 0.25) == pytest.approx(
            black_scholes_delta(terms, 103.0, 0.25), abs=0.005
        )


@settings(deadline=None)
@given(
    st.sampled_from(["call", "put"]),
    st.integers(70, 140),
    st.integers(1, 700),
    st.integers(15, 90),
    st.booleans(),
)
def test_bounds_and_parity(right: str, spot: int, days: int, percent: int, american: bool) -> None:
    """Worth no less than nothing, nor, where American, than exercise; put and call agree on the forward."""
    terms = Terms(right, 100.0, days / 365, 0.04, 0.01, american, 5)
    value = (binomial if american else black_scholes)(terms, float(spot), percent / 100)
    assert value >= (intrinsic(terms, spot) if american else 0.0) - 1e-12
    call = black_scholes(replace(terms, right="call"), spot, percent / 100)
    put = black_scholes(replace(terms, right="put"), spot, percent / 100)
    forward = spot * math.exp(-0.01 * terms.years) - 100.0 * math.exp(-0.04 * terms.years)
    assert call - put == pytest.approx(forward, abs=1e-9)


@settings(deadline=None)
@given(st.integers(90, 110), st.integers(30, 400), st.integers(20, 80), st.booleans())
def test_the_solved_volatility_gives_the_price_back(
    spot: int, days: int, percent: int, american: bool
) -> None:
    terms = Terms("put" if spot > 100 else "call", 100.0, days / 365, 0.03, 0.01, american, 5)

    def value_of(sigma: float) -> float:
        return (binomial if american else black_scholes)(terms, float(spot), sigma)

    price = value_of(percent / 100)
    found = implied_volatility(value_of, price, lowest_volatility(terms))
    assert value_of(found) == pytest.approx(price, abs=1e-9)


@pytest.mark.parametrize("price", [0.0, 2.0, 50.0])
def test_a_price_that_no_volatility_gives_is_an_error(price: float) -> None:
    """Spot 42: the call is worth 42 - 40 e^-0.05 = 3.95 at least and 42 at most."""
    with pytest.raises(ValueError, match="no volatility"):
        implied_volatility(lambda sigma: black_scholes(CALL, 42.0, sigma), price, 1e-4)


def test_a_tree_whose_chance_leaves_the_unit_interval_is_an_error() -> None:
    with pytest.raises(ValueError, match="too small"):
        binomial(Terms("call", 100.0, 1.0, 0.20, steps=4), 100.0, 0.05)


def quantlib_value(terms: Terms, spot: float, volatility: float, days: int) -> float:
    """The same option by QuantLib: its formula where European, its own tree where American."""
    ql = pytest.importorskip("QuantLib")
    on = ql.Date(2, 3, 2026)
    ql.Settings.instance().evaluationDate = on
    count = ql.Actual365Fixed()
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(spot)),
        ql.YieldTermStructureHandle(ql.FlatForward(on, terms.dividend_yield, count)),
        ql.YieldTermStructureHandle(ql.FlatForward(on, terms.rate, count)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(on, ql.NullCalendar(), volatility, count)),
    )
    kind = ql.Option.Call if terms.right == "call" else ql.Option.Put
    last = on + days
    exercise = ql.AmericanExercise(on, last) if terms.american else ql.EuropeanExercise(last)
    option = ql.VanillaOption(ql.PlainVanillaPayoff(kind, terms.strike), exercise)
    tree = ql.BinomialVanillaEngine(process, "crr", terms.steps)
    option.setPricingEngine(tree if terms.american else ql.AnalyticEuropeanEngine(process))
    return float(option.NPV())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("right", ["call", "put"])
@pytest.mark.parametrize("spot", [80.0, 100.0, 125.0])
def test_against_quantlib(right: str, spot: float) -> None:
    """QuantLib's tree takes another chance of a step than the textbook's: a tenth of a cent is between."""
    european = Terms(right, 100.0, 180 / 365, 0.05, 0.02)
    assert black_scholes(european, spot, 0.3) == pytest.approx(
        quantlib_value(european, spot, 0.3, 180), abs=1e-9
    )
    american = replace(european, american=True, steps=200)
    assert binomial(american, spot, 0.3) == pytest.approx(quantlib_value(american, spot, 0.3, 180), abs=1e-3)
