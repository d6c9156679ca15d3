"""American options with continuous exercise: against QuantLib, in closed forms, and at the edges."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from itertools import product

import numpy as np
import pytest

from pmdsl.pricing import Terms, american, delta, price

quantlib_prices = pytest.importorskip("tests.oracle.quantlib_prices", reason="QuantLib is missing")
cases = pytest.importorskip("tests.pricing.cases", reason="QuantLib is missing")

HIGH: dict[str, int | str] = {"accuracy": "high"}
BOTH = [True, False]


def wide() -> list[object]:
    """Calls and puts from far out of the money to deep in it; every combination of the signs of the rates."""
    return [
        quantlib_prices.Case(call, strike, days, True, rate, dividend_yield, volatility)
        for call, strike, days, rate, dividend_yield, volatility in product(
            (True, False),
            (50.0, 90.0, 100.0, 101.0, 115.0, 220.0),
            (1, 30, 365, 1825),
            (-0.02, 0.0, 0.0005, 0.05, 0.10),
            (-0.03, 0.0, 0.02, 0.05, 0.12),
            (0.01, 0.05, 0.2, 0.6, 2.0),
        )
        if not two_sided(call, rate, dividend_yield)
    ]


def two_sided(call: bool, rate: float, dividend_yield: float) -> bool:
    """Whether exercise pays between two prices: QuantLib has no answer then."""
    first, second = (dividend_yield, rate) if call else (rate, dividend_yield)
    return second < first < 0.0


@pytest.fixture(scope="module")
def desk() -> object:
    return quantlib_prices.Desk()


@pytest.fixture(scope="module")
def known(desk: quantlib_prices.Desk) -> tuple[list[object], np.ndarray]:
    some = wide()[::13]
    return some, np.array([desk.continuous_american(case) for case in some])


@pytest.mark.parametrize(("accuracy", "error"), [("standard", 1e-5), ("high", 1e-6)])
def test_quantlib(known: tuple[list[object], np.ndarray], accuracy: str, error: float) -> None:
    """The error is a part of the strike."""
    some, theirs = known
    assert len(some) > 300
    for engine in ("numpy", "compiled") if find_spec("numba") else ("numpy",):
        terms, volatilities = cases.terms_of(some), cases.volatilities(some)
        asked = terms, quantlib_prices.SPOT, volatilities
        ours = price("american", {"accuracy": accuracy}, *asked, engine=engine)
        assert np.abs((ours - theirs) / [case.strike for case in some]).max() < error


@pytest.mark.parametrize("accuracy", ["standard", "high"])
def test_a_put_without_end(accuracy: str) -> None:
    """With three centuries to go a put is worth (K − b)(S/b)^{−γ}, γ = 2r/σ², b = Kγ/(1 + γ).

    That is far beyond the lives that the model is made for: the error is 2e-5 of the strike.
    """
    gamma = 2.0 * 0.05 / 0.2**2
    lowest = 100.0 * gamma / (1.0 + gamma)
    spots = np.array([lowest + 1e-6, 75.0, 100.0, 180.0])
    value = price("american", {"accuracy": accuracy}, Terms.of(False, 100.0, 300.0, True, 0.05), [spots], 0.2)
    assert np.abs(value - (100.0 - lowest) * (spots / lowest) ** -gamma).max() < 3e-3


def test_what_is_never_exercised_early_is_european() -> None:
    """Calls without a yield, puts without a rate, and both where they would gain by waiting."""
    call = [True, True, False, False, False]
    rate, dividend_yield = [0.05, 0.0, 0.0, -0.02, -0.02], [0.0, -0.03, 0.02, 0.0, -0.01]
    spots = np.array([50.0, 90.0, 100.0, 130.0, 300.0])[None] * np.ones((5, 1))
    for question in (price, delta):
        ours = question("american", {}, Terms.of(call, 100.0, 2.0, True, rate, dividend_yield), spots, 0.3)
        european = Terms.of(call, 100.0, 2.0, False, rate, dividend_yield)
        plain = question("black_scholes", {}, european, spots, 0.3)
        np.testing.assert_allclose(ours, plain, rtol=0, atol=1e-13)
        np.testing.assert_array_equal(question("american", {}, european, spots, 0.3), plain)


def test_exercise_between_two_prices_is_left_to_a_tree() -> None:
    """q < r < 0 for a put, r < q < 0 for a call; the tree of 4001 steps is right to 2e-6."""
    random = np.random.default_rng(4)
    n = 24
    years, volatility = random.choice([0.1, 1.0, 5.0], n), random.choice([0.02, 0.1, 0.3, 0.8], n)
    first = random.choice([-0.005, -0.02], n)
    second = first - random.choice([0.005, 0.03], n)
    call = random.random(n) < 0.5
    strike = 100.0 * np.exp(random.normal(0.0, 0.7, n) * volatility * np.sqrt(years))
    terms = Terms.of(call, strike, years, True, np.where(call, second, first), np.where(call, first, second))
    exact = price("binomial", {"tree": "leisen_reimer", "steps": 4001}, terms, 100.0, volatility)
    ours = price("american", {}, terms, 100.0, volatility)
    assert np.abs(ours - exact).max() < 1e-5 * 100.0
    slopes = delta("binomial", {"tree": "leisen_reimer", "steps": 4001}, terms, 100.0, volatility)
    assert np.abs(delta("american", {}, terms, 100.0, volatility) - slopes).max() < 2e-3
    waiting = Terms.of(call, strike, years, False, terms.rate, terms.dividend_yield)
    european = price("black_scholes", {}, waiting, 100.0, volatility)
    assert (ours - european).max() > 0.1


@pytest.mark.parametrize("accuracy", ["standard", "high"])
def test_a_price_meets_exercise_without_a_step(accuracy: str) -> None:
    terms = Terms.of(BOTH, 100.0, 0.5, True, 0.05, 0.07)
    options = {"accuracy": accuracy}
    for row, (low, high) in enumerate(((100.0, 200.0), (30.0, 100.0))):
        one = terms.take(slice(row, row + 1))
        for _ in range(60):
            middle = 0.5 * (low + high)
            held = price("american", options, one, middle, 0.25)[0] > abs(middle - 100.0)
            inside = held == bool(one.call[0])
            low, high = (middle, high) if inside else (low, middle)
        around = np.array([[low * (1.0 - 1e-9), low * (1.0 + 1e-9)]])
        values = price("american", options, one, around, 0.25)
        assert np.abs(values - np.abs(around - 100.0)).max() < 1e-10
        beyond = low * (1.05 if one.call[0] else 0.95)
        assert price("american", options, one, beyond, 0.25)[0] == abs(beyond - 100.0)
        assert delta("american", options, one, beyond, 0.25)[0] == (1.0 if one.call[0] else -1.0)


def test_delta_is_the_slope_of_the_price() -> None:
    random = np.random.default_rng(2)
    n = 400
    terms = Terms.of(
        random.random(n) < 0.5,
        100.0 * np.exp(random.normal(0.0, 0.2, n)),
        random.uniform(0.05, 3.0, n),
        True,
        random.choice([-0.02, 0.0, 0.03, 0.1], n),
        random.choice([0.0, 0.02, 0.08], n),
    )
    volatility = random.uniform(0.1, 0.9, n)
    up, down = (price("american", HIGH, terms, 100.0 + step, volatility) for step in (0.05, -0.05))
    for accuracy, error in (("standard", 3e-4), ("high", 3e-5)):
        slopes = delta("american", {"accuracy": accuracy}, terms, 100.0, volatility)
        assert np.abs(slopes - (up - down) / 0.1).max() < error


def test_next_to_no_volatility() -> None:
    """Exercise comes at the best date of a path that is known, and the value moves little with σ."""
    rate, dividend_yield = np.array([0.05, 0.05, 0.02, 0.0]), np.array([0.0, 0.08, 0.06, -0.04])
    terms = Terms.of(False, 100.0, 5.0, True, rate, dividend_yield)
    spots = np.array([30.0, 33.0, 60.0, 90.0, 99.0, 130.0])[None] * np.ones((4, 1))
    dates = np.linspace(0.0, 5.0, 200_001)[:, None, None]
    paid = 100.0 * np.exp(-rate[:, None] * dates) - spots * np.exp(-dividend_yield[:, None] * dates)
    best = np.maximum(paid.max(axis=0), 0.0)
    np.testing.assert_allclose(price("american", {}, terms, spots, 0.0), best, rtol=0, atol=1e-6)
    for volatility in (1e-9, 1e-5, 1e-4):
        np.testing.assert_allclose(price("american", {}, terms, spots, volatility), best, rtol=0, atol=2e-4)
    higher, lower = (price("american", {}, terms, spots + step, 0.0) for step in (1e-4, -1e-4))
    slopes = delta("american", {}, terms, spots, 0.0)
    np.testing.assert_allclose(slopes, (higher - lower) / 2e-4, rtol=0, atol=1e-5)


def test_dividends_are_refused_and_not_left_out() -> None:
    """Those that were paid, or are paid after the expiry, and amounts of nothing, do no harm."""
    times = [[0.3], [-0.1], [0.0], [0.7], [0.3], [np.nan], [0.3]]
    amounts = [[1.0], [1.0], [1.0], [1.0], [0.0], [1.0], [np.nan]]
    for exercise in BOTH:
        terms = Terms.of([False] * 7, 100.0, 0.5, exercise, 0.05, 0.0, times, amounts)
        for question in (price, delta):
            values = question("american", {}, terms, 100.0, 0.2)
            assert np.isnan(values).tolist() == [True, False, False, False, False, True, True]
    plain = price("american", {}, Terms.of(False, 100.0, 0.5, True, 0.05), 100.0, 0.2)
    assert price("american", {}, terms.take(slice(1, 2)), 100.0, 0.2) < plain


def test_poison_spoils_its_own_cell_alone() -> None:
    nan = np.nan
    terms = Terms.of(
        False,
        strike=[100.0, nan, 100.0, 100.0, 100.0, -1.0, 100.0, 0.0],
        years=[1.0, 1.0, nan, 1.0, 1.0, 1.0, -1.0, 1.0],
        american=True,
        rate=[0.05, 0.05, 0.05, nan, 0.05, 0.05, 0.05, 0.05],
        dividend_yield=[0.0, 0.0, 0.0, 0.0, nan, 0.0, 0.0, 0.0],
    )
    spot = np.array([[90.0, nan, -1.0, 0.0]]) * np.ones((8, 1))
    volatility = np.full((8, 4), 0.2)
    volatility[0, 3] = nan
    for options in ({}, HIGH):
        values = price("american", options, terms, spot, volatility)
        assert np.isnan(values[0]).tolist() == [False, True, True, True]
        assert np.isnan(values[1:7]).all()
        assert values[7].tolist()[0] == 0.0
        alone = price("american", options, terms.take(slice(0, 1)), 90.0, 0.2)
        assert values[0, 0] == pytest.approx(alone[0], abs=1e-12)
    assert np.isnan(delta("american", {}, terms, spot, volatility)[1:7]).all()


def test_a_worthless_share() -> None:
    terms = Terms.of(BOTH, 80.0, 2.0, True, [0.05, 0.05], [0.02, 0.02])
    np.testing.assert_allclose(price("american", {}, terms, 0.0, 0.3), [0.0, 80.0], rtol=0, atol=1e-12)
    below = Terms.of(BOTH, 80.0, 2.0, True, -0.05, 0.0)
    np.testing.assert_allclose(price("american", {}, below, 0.0, 0.3), [0.0, 80.0 * np.exp(0.1)], rtol=1e-12)


def test_volatilities_of_a_thousand_per_cent_and_more() -> None:
    terms = Terms.of(BOTH, 100.0, [5.0, 5.0], True, 0.05, 0.02)
    values = price("american", {}, terms, 100.0, [[3.0, 10.0, 100.0]] * 2)
    assert (np.diff(values, axis=1) > -1e-3).all()
    assert (values > 90.0).all()
    assert (values <= 100.0).all()


def test_one_boundary_serves_every_price(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = 0

    def counting(life: object, scheme: object) -> np.ndarray:
        nonlocal solved
        solved += len(life)  # type: ignore[arg-type]
        return boundary(life, scheme)

    boundary = american.NUMPY.boundary
    monkeypatch.setattr(american, "NUMPY", replace(american.NUMPY, boundary=counting))
    n = 50
    terms = Terms.of(False, np.linspace(80.0, 120.0, n), np.linspace(0.1, 2.0, n), True, 0.05)
    spots = np.linspace(85.0, 115.0, 16)
    price("american", {}, terms, spots[None] * np.ones((n, 1)), 0.2)
    assert solved == n
    solved = 0
    grid = price(
        "american", {}, terms, spots[None, :, None] * np.ones((n, 1, 1)), np.array([[[0.2, 0.3, 0.4]]])
    )
    assert (solved, grid.shape) == (3 * n, (n, 16, 3))
    solved = 0
    price("american", {}, Terms.of(False, np.linspace(80.0, 120.0, n), 1.0, True, 0.05), 100.0, 0.2)
    assert solved == 1
    np.testing.assert_allclose(
        grid[:, :, 1], price("american", {}, terms, spots * np.ones((n, 1)), 0.3), atol=1e-12
    )


def test_a_price_does_not_depend_on_its_neighbours() -> None:
    some = wide()[::101]
    together = cases.prices("american", {}, some)
    alone = np.concatenate([cases.prices("american", {}, [case]) for case in some])
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-11)
