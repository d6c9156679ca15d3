"""Implied volatility: there and back, the bounds, the reasons, and how often a tree is evaluated."""

from __future__ import annotations

import numpy as np
import pytest

from pmdsl.pricing import MODELS, Reason, Terms, implied_search, implied_volatility, price

KINDS = [
    ("black_scholes", {}, False),
    ("black_76", {}, False),
    ("binomial", {"steps": 40}, False),
    ("binomial", {"steps": 40}, True),
    ("binomial", {"tree": "leisen_reimer", "steps": 41}, False),
    ("binomial", {"tree": "leisen_reimer", "steps": 41}, True),
    ("american", {}, False),
    ("american", {}, True),
    ("american", {"accuracy": "high"}, True),
]


def many(american: bool, n: int = 2000, paying: bool = False) -> tuple[Terms, np.ndarray]:
    random = np.random.default_rng(11)
    terms = Terms.of(
        random.random(n) < 0.5,
        100.0 * np.exp(random.normal(0.0, 0.4, n)),
        random.choice([1 / 365, 7 / 365, 0.1, 0.5, 1.0, 5.0], n),
        american,
        random.choice([-0.02, 0.0, 0.03, 0.1], n),
        random.choice([0.0, 0.02, 0.08], n),
        [0.04, 0.29, 0.54] if paying else [],
        [1.5, 1.5, 1.5] if paying else [],
    )
    return terms, random.choice([0.05, 0.2, 0.6, 1.0, 3.0], n)


@pytest.mark.parametrize(
    ("model", "options", "american", "paying"),
    [(*kind, paying) for kind in KINDS for paying in (False, True) if not (paying and kind[0] == "american")],
)
def test_there_and_back(model: str, options: dict[str, int | str], american: bool, paying: bool) -> None:
    terms, volatility = many(american, paying=paying)
    target = price(model, options, terms, 100.0, volatility)
    known = ~np.isnan(target)
    assert known.mean() > 0.9
    terms, volatility, target = terms.take(known), volatility[known], target[known]
    solved = implied_volatility(model, options, terms, 100.0, target)
    assert set(np.unique(solved.reason)) <= {Reason.SOLVED}
    back = price(model, options, terms, 100.0, solved.volatility)
    assert np.max(np.abs(back - target) / terms.strike) <= 1e-10
    # Where the price tells volatilities apart, the volatility itself comes back.
    vega = (price(model, options, terms, 100.0, volatility * 1.01) - target) / (0.01 * volatility)
    telling = vega > 1e-2 * terms.strike
    assert telling.mean() > 0.3
    np.testing.assert_allclose(solved.volatility[telling], volatility[telling], rtol=0, atol=1e-7)


@pytest.mark.parametrize("spread", [1e-6, 1e-3, 0.1, 1.0, 5.0, 12.0])
def test_the_formula_is_inverted_to_the_last_bits(spread: float) -> None:
    for deviations in (0.0, 0.5, 2.0, 6.0, 12.0):
        strike = 100.0 * float(np.exp(deviations * spread))
        terms = Terms.of([True, False], [strike, 100.0 * 100.0 / strike], 1.0)
        target = price("black_76", {}, terms, 100.0, spread)
        solved = implied_volatility("black_76", {}, terms, 100.0, target)
        if target.min() > 1e-12 and spread <= 10.0 and spread**2 / 8.0 < 12.0:
            np.testing.assert_allclose(solved.volatility, spread, rtol=1e-8)


@pytest.mark.parametrize(("model", "options", "american"), KINDS)
def test_bounds(model: str, options: dict[str, int | str], american: bool) -> None:
    terms = Terms.of([True, False] * 2, [80.0, 120.0, 120.0, 80.0], 1.0, american, 0.05, 0.02)
    spot = np.full(4, 100.0)
    forward = spot if model == "black_76" else spot * np.exp(0.03)
    discount = np.exp(-0.05)
    sign = np.where(terms.call, 1.0, -1.0)
    lower = discount * np.maximum(sign * (forward - terms.strike), 0.0)
    upper = discount * np.where(terms.call, forward, terms.strike)
    if american:
        lower = np.maximum(lower, sign * (spot - terms.strike))
        upper = np.maximum(upper, np.where(terms.call, spot, terms.strike))

    def reasons(target: np.ndarray) -> set[int]:
        return set(implied_volatility(model, options, terms, spot, target).reason.tolist())

    assert reasons(lower - 1e-6) == {Reason.BELOW_BOUND}
    assert reasons(np.full(4, -5.0)) == {Reason.BELOW_BOUND}
    assert reasons(upper) == {Reason.ABOVE_BOUND}
    assert reasons(upper * 1.1) == {Reason.ABOVE_BOUND}
    # Near the bound no volatility up to 1000% a year is enough.
    assert reasons(0.1 * lower + 0.9 * upper) == {Reason.SOLVED}
    assert reasons(1e-9 * lower + (1.0 - 1e-9) * upper) == {Reason.ABOVE_BOUND}


@pytest.mark.parametrize(("model", "options", "american"), KINDS)
def test_a_price_on_its_lower_bound(model: str, options: dict[str, int | str], american: bool) -> None:
    terms = Terms.of([True, False], [50.0, 200.0], 0.1, american, 0.03)
    forward = 100.0 if model == "black_76" else 100.0 * np.exp(0.003)
    bound = np.exp(-0.003) * np.array([forward - 50.0, 200.0 - forward])
    if american:
        bound = np.maximum(bound, [50.0, 100.0])
    solved = implied_volatility(model, options, terms, 100.0, bound)
    assert solved.reason.tolist() == [Reason.SOLVED] * 2
    assert (solved.volatility > 0.0).all()
    again = price(model, options, terms, 100.0, solved.volatility)
    assert (np.abs(again - bound) <= 1e-10 * terms.strike).all()


def test_a_price_that_every_volatility_gives() -> None:
    """A dividend of 8 makes exercise today certain, at any volatility up to 1000%."""
    terms = Terms.of(True, 20.0, 1 / 365, True, 0.0, 0.0, [0.5 / 365], [8.0])
    solved = implied_volatility("binomial", {"steps": 31}, terms, 100.0, 80.0)
    assert (solved.reason.tolist(), solved.volatility.tolist()) == ([Reason.SOLVED], [10.0])


@pytest.mark.parametrize(("model", "options", "american"), KINDS)
def test_other_reasons(model: str, options: dict[str, int | str], american: bool) -> None:
    nan = np.nan
    strike = np.array([100.0, 100.0, nan, 0.0, 100.0, 100.0])
    years = np.array([0.0, -0.5, 1.0, 1.0, 1.0, 1.0])
    spot = np.array([100.0, 100.0, 100.0, 100.0, -1.0, 100.0])
    target = np.array([5.0, 5.0, 5.0, 5.0, 5.0, nan])
    solved = implied_volatility(model, options, Terms.of(True, strike, years, american), spot, target)
    assert solved.reason.tolist() == [Reason.EXPIRED] * 2 + [Reason.BAD_INPUT] * 4
    assert solved.reason.dtype == np.int8
    assert np.isnan(solved.volatility).all()


def test_what_cannot_be_solved_at_all() -> None:
    american = Terms.of(True, 100.0, 1.0, True)
    for model in ("linear", "black_scholes", "black_76"):
        assert implied_volatility(model, {}, american, 100.0, 5.0).reason.tolist() == [Reason.BAD_INPUT]
    lost = Terms.of(True, 100.0, 1.0, False, 0.0, 0.0, [np.nan], [1.0])
    assert implied_volatility("black_scholes", {}, lost, 100.0, 5.0).reason.tolist() == [Reason.BAD_INPUT]
    assert {info.name for info in MODELS.values() if info.american} == {"binomial", "american"}
    paying = Terms.of([True, True], 100.0, 1.0, True, 0.0, 0.0, [0.5, 1.5], [[1.0, 1.0], [0.0, 1.0]])
    assert implied_volatility("american", {}, paying, 100.0, 5.0).reason.tolist() == [
        Reason.BAD_INPUT,
        Reason.SOLVED,
    ]


def test_a_worthless_share_has_no_volatility() -> None:
    terms = Terms.of([True, False], 100.0, 1.0, True)
    solved = implied_volatility("binomial", {"steps": 20}, terms, 0.0, [0.5, 100.5])
    assert solved.reason.tolist() == [Reason.ABOVE_BOUND] * 2


def test_a_tree_is_evaluated_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated = 0

    def counting(model: str, options: object, terms: Terms, *rest: object) -> np.ndarray:
        nonlocal evaluated
        evaluated += len(terms)
        return price(model, options, terms, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(implied_search, "price", counting)
    n = 400
    random = np.random.default_rng(3)
    terms = Terms.of(
        random.random(n) < 0.5, random.uniform(85, 115, n), random.uniform(0.02, 1.5, n), True, 0.05, 0.015
    )
    target = price("binomial", {"steps": 60}, terms, 100.0, random.uniform(0.15, 0.5, n))
    solved = implied_volatility("binomial", {"steps": 60}, terms, 100.0, target + 1e-4)
    assert (solved.reason == Reason.SOLVED).all()
    assert evaluated < 5.5 * n
