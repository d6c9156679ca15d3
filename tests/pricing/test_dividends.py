"""Discrete dividends: which ones count, and what they do to early exercise."""

from __future__ import annotations

import numpy as np
import pytest

from pmdsl.pricing import Terms, delta, price
from tests.oracle import tree

MODELS = [
    ("black_scholes", {}),
    ("binomial", {"steps": 25}),
    ("binomial", {"tree": "leisen_reimer", "steps": 25}),
]


def option(times: list[float], amounts: list[float], american: bool = False) -> Terms:
    return Terms.of([True, False], 100.0, 0.5, american, 0.05, 0.01, times, amounts)


@pytest.mark.parametrize(("model", "options"), MODELS)
def test_only_dates_in_the_life_of_the_option_count(model: str, options: dict[str, int | str]) -> None:
    none = price(model, options, option([], []), 100.0, 0.2)
    outside = option([0.0, -0.1, 0.5001, np.nan], [9.0, 9.0, 9.0, 0.0])
    np.testing.assert_array_equal(price(model, options, outside, 100.0, 0.2), none)
    value = 2.0 * np.exp(-0.04 * 0.5)
    on_expiry = price(model, options, option([0.5], [2.0]), 100.0, 0.2)
    np.testing.assert_allclose(
        on_expiry, price(model, options, option([], []), 100.0 - value, 0.2), rtol=1e-14
    )


@pytest.mark.parametrize(("model", "options"), MODELS)
def test_an_amount_without_a_date_gives_nan(model: str, options: dict[str, int | str]) -> None:
    assert np.isnan(price(model, options, option([np.nan], [2.0]), 100.0, 0.2)).all()
    assert np.isnan(price(model, options, option([0.1], [np.nan]), 100.0, 0.2)).all()


@pytest.mark.parametrize(("model", "options"), MODELS)
def test_odd_amounts_never_raise(model: str, options: dict[str, int | str]) -> None:
    for times, amounts in (
        ([0.1, 0.2], [np.inf, 1.0]),
        ([1e-9, 0.2], [2.0, -2.0]),
        ([0.1, 0.1], [2.0, -2.0]),
    ):
        for american in (False, True):
            values = price(model, options, option(times, amounts, american), 100.0, 0.2)
            known = np.isfinite(amounts).all() and (model == "binomial" or not american)
            assert np.isfinite(values).tolist() == [known, known]


def test_black_76_reads_no_dividends() -> None:
    with_them = price("black_76", {}, option([0.2], [5.0]), 100.0, 0.2)
    np.testing.assert_array_equal(with_them, price("black_76", {}, option([], []), 100.0, 0.2))


@pytest.mark.parametrize(("model", "options"), MODELS)
def test_a_spot_below_its_dividends(model: str, options: dict[str, int | str]) -> None:
    values = price(model, options, option([0.2], [5.0]), 3.0, 0.2)
    np.testing.assert_allclose(values, [0.0, 100.0 * np.exp(-0.025)], rtol=1e-12, atol=1e-10)
    if model == "black_scholes":
        assert delta(model, options, option([0.2], [5.0]), 3.0, 0.2).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("spot", [3.0, 5.0, 20.0])
def test_dividends_are_scaled_down_to_the_spot(spot: float) -> None:
    """A call far in the money is exercised before the dividend: the root is worth the spot and no more."""
    terms = Terms.of([True, False], 1.0, 0.5, True, 0.05, 0.0, [0.2, 0.4], [4.0, 4.0])
    values = price("binomial", {"steps": 40}, terms, spot, 0.2)
    for call, value in zip((True, False), values, strict=True):
        plain = tree.Option(call, 1.0, 0.5, True, 0.05, 0.0, spot, 0.2, ((0.2, 4.0), (0.4, 4.0)))
        assert value == pytest.approx(tree.price(plain, "crr", 40), abs=1e-10)
    assert values[0] >= spot - 1.0


def test_a_call_is_exercised_before_a_large_dividend() -> None:
    terms = Terms.of(True, 80.0, 0.5, [False, True], 0.02, 0.0, [0.25], [10.0])
    european, american = price("binomial", {"steps": 100}, terms, 100.0, 0.2)
    assert american > european + 5.0
    # Exercise at the last node before the ex-date is worth about the spot less the discounted strike.
    assert american == pytest.approx(100.0 - 80.0 * np.exp(-0.02 * 0.245), abs=0.2)


def test_a_node_on_the_ex_date_is_ex_dividend() -> None:
    """Four steps of an eighth: 0.25 is node 2, so node 1 is the last one with the dividend."""
    common = {"call": True, "strike": 50.0, "years": 0.5, "american": True, "rate": 0.0}
    at_node = Terms.of(**common, dividend_times=[0.25], dividend_amounts=[20.0])
    before = Terms.of(**common, dividend_times=[0.25 - 1e-3], dividend_amounts=[20.0])
    after = Terms.of(**common, dividend_times=[0.25 + 1e-3], dividend_amounts=[20.0])
    values = [price("binomial", {"steps": 4}, terms, 60.0, 0.8)[0] for terms in (before, at_node, after)]
    assert values[0] == pytest.approx(values[1], abs=1e-12)
    assert values[2] > values[1] + 1e-3
