"""The European formulas against QuantLib and, in the far tails, against fifty digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from pmdsl.pricing import Terms, delta, price

quantlib_prices = pytest.importorskip("tests.oracle.quantlib_prices", reason="QuantLib is missing")
cases = pytest.importorskip("tests.pricing.cases", reason="QuantLib is missing")

GRID = list(quantlib_prices.grid())


@pytest.fixture(scope="module")
def desk() -> object:
    return quantlib_prices.Desk()


def test_black_scholes(desk: quantlib_prices.Desk) -> None:
    assert cases.errors("black_scholes", {}, GRID, desk.analytic).max() < 1e-14


def test_black_scholes_with_dividends(desk: quantlib_prices.Desk) -> None:
    paying = list(quantlib_prices.with_dividends())
    assert cases.errors("black_scholes", {}, paying, desk.analytic).max() < 1e-14


def test_black_76() -> None:
    assert cases.errors("black_76", {}, GRID, quantlib_prices.black_76).max() < 1e-14


def test_delta(desk: quantlib_prices.Desk) -> None:
    some = GRID[::3]
    ours = delta("black_scholes", {}, cases.terms_of(some), 100.0, cases.volatilities(some))
    theirs = [desk.delta(case) for case in some]
    assert np.abs(ours - theirs).max() < 1e-13


def exact_call(forward: float, strike: float, spread: float) -> float:
    with mpmath.workdps(60):
        f, k, s = mpmath.mpf(forward), mpmath.mpf(strike), mpmath.mpf(spread)
        d1 = mpmath.log(f / k) / s + s / 2
        return float(f * mpmath.ncdf(d1) - k * mpmath.ncdf(d1 - s))


@pytest.mark.parametrize("spread", [0.01, 0.05, 0.2, 1.0, 3.0])
@pytest.mark.parametrize("deviations", [1.0, 5.0, 10.0, 20.0])
def test_cheap_options_keep_their_relative_accuracy(spread: float, deviations: float) -> None:
    strike = 100.0 * float(np.exp(spread * deviations))
    value = price("black_76", {}, Terms.of(True, strike, 1.0), 100.0, spread)[0]
    assert value == pytest.approx(exact_call(100.0, strike, spread), rel=3e-12, abs=0)


@pytest.mark.parametrize("model", ["black_scholes", "black_76"])
def test_edges(model: str) -> None:
    terms = Terms.of([True, False], 80.0, 2.0, rate=0.05)
    discount = np.exp(-0.1)
    growth = 1.0 if model == "black_76" else np.exp(0.1)
    for spot in (0.0, 60.0, 80.0, 100.0):
        bound = discount * np.maximum([spot * growth - 80.0, 80.0 - spot * growth], 0.0)
        np.testing.assert_allclose(price(model, {}, terms, spot, 0.0), bound, rtol=0, atol=2e-14)
    np.testing.assert_allclose(price(model, {}, terms, 0.0, 0.3), [0.0, 80.0 * discount], rtol=1e-15)
    tiny = price(model, {}, terms, 100.0, 1e-9)
    np.testing.assert_allclose(tiny, price(model, {}, terms, 100.0, 0.0), rtol=0, atol=2e-14)


@pytest.mark.parametrize("model", ["black_scholes", "black_76", "binomial", "american"])
def test_on_the_expiry_date(model: str) -> None:
    terms = Terms.of([True, False], 80.0, 0.0, rate=0.05, dividend_yield=0.02)
    options = {"steps": 3} if model == "binomial" else {}
    assert price(model, options, terms, [[100.0, 80.0, 60.0]] * 2, 0.2).tolist() == [[20, 0, 0], [0, 0, 20]]
    assert delta(model, options, terms, [[100.0, 80.0, 60.0]] * 2, 0.2).tolist() == [[1, 0, 0], [0, 0, -1]]


def test_a_strike_of_zero_is_the_share() -> None:
    terms = Terms.of([True, False], 0.0, 1.0, rate=0.05, dividend_yield=0.02)
    expected = [100.0 * np.exp(-0.02), 0.0]
    np.testing.assert_allclose(price("black_scholes", {}, terms, 100.0, 0.2), expected, rtol=1e-15)
    np.testing.assert_allclose(price("binomial", {"steps": 20}, terms, 100.0, 0.2), expected, atol=1e-9)


@pytest.mark.parametrize("model", ["black_scholes", "black_76", "binomial", "american"])
@pytest.mark.parametrize("question", [price, delta])
def test_bad_data_gives_nan(model: str, question: object) -> None:
    nan = np.nan
    columns = {
        "strike": [nan, -1, 100, 100, 100, 100, 100, 100],
        "years": [1, 1, nan, -0.1, 1, 1, 1, 1],
        "rate": [0.05, 0.05, 0.05, 0.05, nan, 0.05, 0.05, 0.05],
    }
    spot = [100, 100, 100, 100, 100, nan, -1, 100]
    volatility = [0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, -0.2]
    options = {"steps": 3} if model == "binomial" else {}
    assert callable(question)
    values = question(model, options, Terms.of(True, **columns), spot, volatility)
    assert np.isnan(values).all()
    assert np.isnan(question(model, options, Terms.of(True, 100.0, [0.0, 1.0]), 100.0, nan)).all()


@pytest.mark.parametrize("model", ["black_scholes", "black_76"])
def test_american_options_are_not_valued_by_a_formula(model: str) -> None:
    terms = Terms.of(True, 100.0, 1.0, american=[True, False])
    assert np.isnan(price(model, {}, terms, 100.0, 0.2)).tolist() == [True, False]
    assert np.isnan(delta(model, {}, terms, 100.0, 0.2)).tolist() == [True, False]


def test_linear() -> None:
    terms = Terms.of(True, np.nan, np.nan, american=[True, False])
    spot = [[1.0, np.nan], [-3.0, 0.0]]
    np.testing.assert_array_equal(price("linear", {}, terms, spot, np.nan), spot)
    np.testing.assert_array_equal(delta("linear", {}, terms, spot, np.nan), [[1.0, np.nan], [1.0, 1.0]])
