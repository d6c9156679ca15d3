"""The normal distribution against forty digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from pmdsl.pricing.normal import cdf, density, mills, quantile


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


def exact_quantile(p: float, near: float) -> mpmath.mpf:
    """Newton's steps from a value that is near; the upper half by the lower one, which loses no digits."""
    with mpmath.workdps(40):
        upper = p > 0.5
        wanted, z = (1 - mpmath.mpf(p), mpmath.mpf(-near)) if upper else (mpmath.mpf(p), mpmath.mpf(near))
        for _ in range(5):
            z -= (exact_cdf(z) - wanted) * mpmath.sqrt(2 * mpmath.pi) * mpmath.exp(z**2 / 2)
        return -z if upper else z


def test_quantile() -> None:
    p = np.concatenate(
        [np.linspace(0.001, 0.999, 333), 10.0 ** -np.arange(4, 300, 7), 1 - 2.0 ** -np.arange(9, 53)]
    )
    wanted = np.array([exact_quantile(x, value) for x, value in zip(p, quantile(p), strict=True)])
    errors = np.abs((quantile(p) - wanted).astype(float))
    assert (errors <= 7e-16 * np.maximum(1.0, np.abs(wanted.astype(float)))).all()


def test_quantile_of_the_ends_and_beyond() -> None:
    values = quantile(np.array([0.0, 1.0, 0.5, -0.1, 1.1, np.nan]))
    assert values[:3].tolist() == [-np.inf, np.inf, 0.0]
    assert np.isnan(values[3:]).all()


def test_density() -> None:
    z = np.linspace(-9.0, 9.0, 901)
    errors = [
        abs(float(value - mpmath.npdf(mpmath.mpf(float(x))))) for value, x in zip(density(z), z, strict=True)
    ]
    assert max(errors) < 2e-16
    assert np.isnan(density(np.array([np.nan]))).all()
