"""The normal distribution against forty digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from pmdsl.pricing.normal import cdf, mills


def exact_cdf(z: float) -> mpmath.mpf:
    with mpmath.workdps(40):
        return mpmath.erfc(-mpmath.mpf(z) / mpmath.sqrt(2)) / 2


def exact_mills(y: float) -> mpmath.mpf:
    with mpmath.workdps(40):
        return mpmath.exp(mpmath.mpf(y) ** 2 / 2) * exact_cdf(-y)


def test_absolute_error_is_rounding() -> None:
    z = np.linspace(-9.0, 9.0, 1801)
    errors = [abs(float(value - exact_cdf(x))) for value, x in zip(cdf(z), z, strict=True)]
    assert max(errors) < 4e-16


@pytest.mark.parametrize(("deepest", "error"), [(-12.0, 1e-14), (-37.0, 1e-13)])
def test_relative_error_in_the_tail(deepest: float, error: float) -> None:
    z = np.linspace(deepest, 0.0, 400)
    errors = [abs(float(value / exact_cdf(x) - 1)) for value, x in zip(cdf(z), z, strict=True)]
    assert max(errors) < error


def test_mills_ratio() -> None:
    y = np.concatenate([np.linspace(0.0, 6.0, 300), np.linspace(6.0, 38.0, 100)])
    errors = np.array([abs(float(value / exact_mills(x) - 1)) for value, x in zip(mills(y), y, strict=True)])
    assert errors.max() < 4e-15
    assert errors[y < 6.0].max() < 7e-16


def test_ends_and_nan() -> None:
    values = cdf(np.array([-np.inf, -50.0, 0.0, 50.0, np.inf, np.nan]))
    assert values[2:5].tolist() == [0.5, 1.0, 1.0]
    assert 0.0 <= values[0] == values[1] < 1e-315
    assert np.isnan(values[5])


def test_the_two_tails_add_up_to_one() -> None:
    z = np.linspace(-8.0, 8.0, 999)
    np.testing.assert_allclose(cdf(z) + cdf(-z), 1.0, atol=3e-16, rtol=0)
