"""The exercise boundary and the numbers it is made of."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from pmdsl.pricing.boundary import Scheme, solve
from pmdsl.pricing.boundary_start import first_depth
from pmdsl.pricing.life import Life
from pmdsl.pricing.normal import COARSE, FINE, half_less_tail, mills
from pmdsl.pricing.quadrature import each_life, roots_of_time, rule, whole_life

SCHEME = Scheme(10, 16, 28, 1e-8)


def life(rate: object, dividend_yield: object, spread: object) -> Life:
    columns = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(x, float)) for x in (rate, dividend_yield, spread))
    )
    return Life(*(column.copy() for column in columns))


@pytest.mark.parametrize(("points", "bend"), [(9, 0.0), (16, 0.0), (16, 0.8), (40, 0.8)])
def test_integrals(points: int, bend: float) -> None:
    """∫₀¹ f d(y²) for 1, y, y² and √(1 − y²)."""
    found = rule(points, bend)
    for values, exact in (
        (np.ones(points), 1.0),
        (found.lag, 2.0 / 3.0),
        (found.lag**2, 0.5),
        (found.rest, 2.0 / 3.0),
    ):
        assert found.weight @ values == pytest.approx(exact, abs=1e-9)
    np.testing.assert_allclose(found.lag**2 + found.rest**2, 1.0, rtol=1e-15)
    assert (np.diff(found.lag) > 0.0).all()


def test_interpolation_is_exact_for_polynomials() -> None:
    nodes, points = 8, 12
    x = roots_of_time(nodes)
    assert x[-1] == 1.0
    assert (np.diff(x) > 0.0).all()
    values = x**3 - 2.0 * x**7
    at = rule(points, 0.8).rest
    np.testing.assert_allclose(whole_life(nodes, points, 0.8) @ values, at**3 - 2.0 * at**7, atol=1e-13)
    for node, matrix in enumerate(each_life(nodes, points)):
        at = x[node] * rule(points).rest
        np.testing.assert_allclose(matrix @ values, at**3 - 2.0 * at**7, atol=1e-13)


@pytest.mark.parametrize(("fit", "furthest", "error"), [(FINE, 38.0, 1e-15), (COARSE, 9.0, 2.1e-9)])
def test_fits(fit: object, furthest: float, error: float) -> None:
    y = np.linspace(0.0, furthest, 301)
    with mpmath.workdps(40):
        exact = [
            mpmath.exp(mpmath.mpf(x) ** 2 / 2) * mpmath.erfc(mpmath.mpf(x) / mpmath.sqrt(2)) / 2 for x in y
        ]
        gaps = [abs(float(a / b - 1)) for a, b in zip(mills(y, fit), exact, strict=True)]  # type: ignore[arg-type]
    assert max(gaps) < error
    assert mills(np.zeros(1), fit)[0] == 0.5  # type: ignore[arg-type]


def test_half_less_tail() -> None:
    d = np.array([-np.inf, -40.0, -1.0, 0.0, 1.0, 40.0, np.inf, np.nan])
    half, density = half_less_tail(d)
    tail = float(mpmath.ncdf(-1))
    np.testing.assert_allclose(half[:-1], [-0.5, -0.5, tail - 0.5, 0.0, 0.5 - tail, 0.5, 0.5], atol=1e-15)
    np.testing.assert_allclose(density[2:5], [np.exp(-0.5), 1.0, np.exp(-0.5)], rtol=1e-15)
    assert np.isnan([half[-1], density[-1]]).all()


def test_the_boundary_falls_with_time_from_its_highest_price() -> None:
    lives = life([0.05, 0.05, 0.05, 0.0, 0.05], [0.0, 0.05, 0.10, -0.03, -0.03], 0.3)
    depth = solve(lives, SCHEME)
    assert (np.diff(depth, axis=0) < 0.0).all()
    assert (depth < 0.0).all()
    assert (-depth < lives.deepest).all()
    np.testing.assert_allclose(np.exp(lives.highest), [1.0, 1.0, 0.5, 1.0, 1.0], rtol=1e-15)


def test_a_boundary_depends_on_three_numbers() -> None:
    """The boundary at part of a life is the boundary of that part."""
    depth = solve(life(0.05, 0.02, 0.3), SCHEME)
    x = roots_of_time(SCHEME.nodes)
    for node in (3, 6):
        square = x[node] ** 2
        part = solve(life(0.05 * square, 0.02 * square, 0.3 * x[node]), SCHEME)
        assert part[-1, 0] == pytest.approx(depth[node, 0], rel=1e-4)


def test_the_perpetual_boundary() -> None:
    """X/b at infinite time: γ/(1 + γ) for a put without yield, γ = 2r/σ²."""
    gamma = 2.0 * 0.05 / 0.2**2
    lives = life(0.05 * 400.0, 0.0, 0.2 * 20.0)
    assert lives.deepest[0] == pytest.approx(-np.log(gamma / (1.0 + gamma)), rel=1e-14)
    assert -solve(lives, Scheme(14, 60, 28, 1e-8))[-1, 0] == pytest.approx(lives.deepest[0], rel=2e-3)


def test_the_first_guess_is_near() -> None:
    random = np.random.default_rng(1)
    n = 500
    rate = random.choice([0.001, 0.01, 0.05, 0.2], n)
    lives = life(rate, random.choice([0.0, 0.01, 0.05, 0.2], n), random.choice([0.05, 0.2, 0.6, 1.5], n))
    x = roots_of_time(8)
    found, depth = first_depth(lives, x), solve(lives, Scheme(8, 16, 28, 1e-8))
    assert np.median(np.abs(found / depth - 1.0)) < 0.03
    assert np.abs(found / depth - 1.0).max() < 0.35


def test_every_search_ends() -> None:
    """Rates to 50% over ten years, volatilities from 0.1% to 1000%: nothing is left without a boundary."""
    random = np.random.default_rng(6)
    n = 6000

    def spread_out(low: float, high: float) -> np.ndarray:
        return np.exp(random.uniform(np.log(low), np.log(high), n))

    years = spread_out(1 / 365, 10.0)
    rate, other = (spread_out(1e-8, 0.5) * random.choice([1.0, 1.0, 0.0], n) * years for _ in range(2))
    other *= random.choice([1.0, -1.0], n)
    rate = np.where((rate == 0.0) & (other >= 0.0), 0.01 * years, rate)
    lives = life(rate, other, spread_out(1e-3, 10.0) * np.sqrt(years))
    lives = lives.take(lives.steepness < 16.0)
    assert lives.pays_early.all()
    for scheme in (Scheme(9, 9, 16, 1e-5, COARSE), Scheme(12, 16, 28, 1e-6)):
        assert np.isfinite(solve(lives, scheme)).all()


def test_kinds() -> None:
    lives = life([0.05, 0.0, 0.0, -0.01, -0.01, np.nan], [0.1, -0.01, 0.01, -0.02, 0.02, 0.0], 0.2)
    assert lives.pays_early.tolist() == [True, True, False, True, False, False]
    assert lives.two_sided.tolist() == [False, False, False, True, False, False]
    first, which = life([0.1, 0.2, 0.1, 0.1], [0.0, 0.0, 0.0, 0.0], [0.3, 0.3, 0.3, 0.4]).distinct()
    assert sorted(first.tolist()) == [0, 1, 3]
    assert which[0] == which[2]
    assert len(set(which.tolist())) == 3
