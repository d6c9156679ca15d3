"""The binomial model against QuantLib's trees and against a tree in plain Python."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from pmdsl.pricing import Terms, delta, price
from pmdsl.pricing.exercise import Schedule
from pmdsl.pricing.lattice import crr, leisen_reimer
from pmdsl.pricing.rollback import fits_levels, roll_levels, roll_rows
from tests.oracle import tree

quantlib_prices = pytest.importorskip("tests.oracle.quantlib_prices", reason="QuantLib is missing")
cases = pytest.importorskip("tests.pricing.cases", reason="QuantLib is missing")

EUROPEAN = list(quantlib_prices.grid())
AMERICAN = list(quantlib_prices.grid(american=True))
CRR = {"tree": "crr", "steps": 40}
LEISEN_REIMER = {"tree": "leisen_reimer", "steps": 41}


@pytest.fixture(scope="module")
def desk() -> object:
    return quantlib_prices.Desk()


def test_leisen_reimer_is_quantlibs(desk: quantlib_prices.Desk) -> None:
    both = EUROPEAN[::5] + AMERICAN[::3]
    errors = cases.errors("binomial", LEISEN_REIMER, both, lambda case: desk.tree(case, "lr", 41))
    assert np.isfinite(errors).mean() > 0.9
    assert np.nanmax(errors) < 1e-10
    # The largest of those are QuantLib's own: its down move cancels where the up move is all but certain.
    assert np.nanmedian(errors) < 1e-14


def test_leisen_reimer_has_an_answer_where_quantlib_has_none(desk: quantlib_prices.Desk) -> None:
    refused = [case for case in EUROPEAN[::5] if desk.tree(case, "lr", 41) is None]
    refused += [case for case in EUROPEAN[::5] if np.isnan(desk.tree(case, "lr", 41) or 0.0)]
    assert refused
    assert cases.errors("binomial", LEISEN_REIMER, refused, desk.analytic).max() < 1e-12


def test_quantlibs_crr_differs_by_its_probability_alone(desk: quantlib_prices.Desk) -> None:
    """QuantLib takes ½ + ½(r − q − σ²/2)√Δt/σ: with it the plain tree is QuantLib's, without it is ours."""
    some = EUROPEAN[::61] + AMERICAN[::31]
    theirs = [desk.tree(case, "crr", 40) for case in some]
    same = [cases.plain_tree("crr", 40, log_probability=True)(case) for case in some]
    pairs = [(a, b) for a, b in zip(theirs, same, strict=True) if a is not None and b is not None]
    assert len(pairs) > 0.9 * len(some)
    assert max(abs(a - b) for a, b in pairs) < 3e-9


def test_crr_is_close_to_quantlibs_where_volatility_is_ordinary(desk: quantlib_prices.Desk) -> None:
    ordinary = [case for case in EUROPEAN[::5] + AMERICAN[::3] if case.volatility * case.years**0.5 < 0.5]
    errors = cases.errors("binomial", CRR, ordinary, lambda case: desk.tree(case, "crr", 40))
    assert np.nanmax(errors) < 5e-3


@pytest.mark.parametrize(
    "options", [CRR, LEISEN_REIMER, {"tree": "crr", "steps": 1}, {"tree": "crr", "steps": 2}]
)
def test_the_plain_tree(options: dict[str, int | str]) -> None:
    some = EUROPEAN[::31] + AMERICAN[::13]
    reference = cases.plain_tree(str(options["tree"]), int(options["steps"]))
    errors = cases.errors("binomial", options, some, reference)
    assert np.isfinite(errors).mean() > 0.85
    assert np.nanmax(errors) < 1e-12


@pytest.mark.parametrize("options", [CRR, LEISEN_REIMER])
def test_the_plain_tree_with_dividends(options: dict[str, int | str]) -> None:
    paying = [
        replace(case, american=american)
        for american in (False, True)
        for case in quantlib_prices.with_dividends()
    ]
    reference = cases.plain_tree(str(options["tree"]), int(options["steps"]))
    errors = cases.errors("binomial", options, paying[::11], reference)
    assert np.isfinite(errors).mean() > 0.85
    assert np.nanmax(errors) < 1e-12


def test_nan_where_there_is_no_probability() -> None:
    some = [case for case in AMERICAN if case.volatility == 0.05]
    refused = [cases.plain_tree("crr", 2)(case) is None for case in some]
    ours = cases.prices("binomial", {"tree": "crr", "steps": 2}, some)
    assert 0 < sum(refused) < len(some)
    assert np.isnan(ours).tolist() == refused
    terms = Terms.of(True, 100.0, 1.0, american=[True, False], rate=0.05)
    assert np.isnan(price("binomial", {"steps": 5}, terms, 100.0, 0.0)).all()
    assert np.isnan(price("binomial", LEISEN_REIMER, terms, 100.0, 0.0)).all()


@pytest.mark.parametrize("options", [CRR, LEISEN_REIMER, {"tree": "crr", "steps": 1}])
def test_delta_is_the_slope_at_the_first_step(options: dict[str, int | str]) -> None:
    near = [case for case in EUROPEAN + AMERICAN if 80 <= case.strike <= 125 and 0.1 < case.volatility < 2]
    some = near[::29]
    ours = delta("binomial", options, cases.terms_of(some), 100.0, cases.volatilities(some))
    name, steps = str(options["tree"]), int(options["steps"])
    theirs = [
        tree.delta(cases.option_of(case), name, steps)
        for case in some
        if not np.isnan(ours[some.index(case)])
    ]
    assert len(theirs) > 0.9 * len(some)
    np.testing.assert_allclose(ours[~np.isnan(ours)], theirs, rtol=0, atol=1e-7)


@pytest.mark.parametrize("american", [False, True])
@pytest.mark.parametrize("options", [CRR, LEISEN_REIMER])
def test_a_worthless_share(options: dict[str, int | str], american: bool) -> None:
    terms = Terms.of(
        [True, False], 80.0, 2.0, american, rate=0.05, dividend_times=[0.5], dividend_amounts=[3.0]
    )
    put = 80.0 if american else 80.0 * np.exp(-0.1)
    np.testing.assert_allclose(price("binomial", options, terms, 0.0, 0.3), [0.0, put], rtol=1e-13)
    below_zero = Terms.of([True, False], 80.0, 2.0, american, rate=-0.05)
    expected = [0.0, 80.0 * np.exp(0.1)]
    np.testing.assert_allclose(price("binomial", options, below_zero, 0.0, 0.3), expected, rtol=1e-12)
    np.testing.assert_allclose(delta("binomial", options, below_zero, 0.0, 0.3), [0.0, -1.0], atol=1e-6)


def test_the_trees_converge_to_continuous_exercise(desk: quantlib_prices.Desk) -> None:
    some = [
        quantlib_prices.Case(False, strike, days, True, 0.05, dividend_yield, 0.25)
        for strike in (80.0, 100.0, 125.0)
        for days in (30, 365)
        for dividend_yield in (0.0, 0.02)
    ]
    fine = cases.errors("binomial", {"tree": "leisen_reimer", "steps": 501}, some, desk.continuous_american)
    assert fine.max() < 3e-5
    coarse = cases.errors("binomial", {"tree": "crr", "steps": 500}, some, desk.continuous_american)
    assert coarse.max() < 1e-4


@pytest.mark.parametrize("build", [crr, leisen_reimer])
@pytest.mark.parametrize("paying", [False, True])
def test_the_two_rollbacks_agree(build: object, paying: bool) -> None:
    random = np.random.default_rng(5)
    n, steps = 300, 151
    call = random.random(n) < 0.5
    years = random.choice([0.02, 0.5, 3.0], n)
    rate, dividend_yield = random.choice([-0.02, 0.0, 0.05], n), random.choice([-0.01, 0.0, 0.04], n)
    sign = np.where(call, 1.0, -1.0)
    step = years / steps
    assert callable(build)
    discount = np.exp(-np.where(call, dividend_yield, rate) * step)
    moneyness, spread = random.normal(0.0, 0.4, n), random.choice([0.1, 0.3, 1.0], n) * np.sqrt(years)
    lattice = build(steps, moneyness, sign * (rate - dividend_yield) * step, spread, discount)
    keep = lattice.valid & fits_levels(lattice)
    assert keep.mean() > 0.5
    left = (
        np.cumsum(random.random((steps + 1, n)) < 0.02, axis=0)[::-1] * 0.03 if paying else np.zeros((1, n))
    )
    schedule = Schedule(call, rate * step, dividend_yield * step, left).take(keep)
    for to in (0, 1):
        with np.errstate(all="ignore"):
            fast, plain = (roll(lattice.take(keep), schedule, to) for roll in (roll_levels, roll_rows))
        np.testing.assert_allclose(fast, plain, rtol=0, atol=2e-13)


def test_extreme_volatility_and_steps() -> None:
    terms = Terms.of([True, False, True, False], 100.0, 5.0, american=[True, True, False, False], rate=0.03)
    for options in ({"tree": "crr", "steps": 1500}, {"tree": "leisen_reimer", "steps": 1501}):
        values = price("binomial", options, terms, 100.0, 10.0)
        np.testing.assert_allclose(values[[0, 2, 3]], [100.0, 100.0, 100.0 * np.exp(-0.15)], rtol=1e-9)
        assert 99.0 < values[1] < 100.0


def test_working_memory_stays_bounded() -> None:
    n = 400
    terms = Terms.of(False, np.linspace(50, 150, n), 1.0, True, 0.05, 0.0, [0.3, 0.6], [1.0, 1.0])
    tracemalloc.start()
    price("binomial", {"steps": 2000}, terms, 100.0, 0.2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64e6


def test_a_price_does_not_depend_on_its_neighbours() -> None:
    some = AMERICAN[::17]
    together = cases.prices("binomial", CRR, some)
    alone = np.concatenate([cases.prices("binomial", CRR, [case]) for case in some])
    np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-12)
