"""Cases of the QuantLib grid as columns, and how far our prices are from others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pmdsl.pricing import Terms, price
from tests.oracle import tree
from tests.oracle.quantlib_prices import SPOT, Case

Reference = Callable[[Case], float | None]


def terms_of(cases: Sequence[Case]) -> Terms:
    """The terms of cases that all have the same dividends."""
    dividends = cases[0].dividends
    assert all(case.dividends == dividends for case in cases)
    return Terms.of(
        [case.call for case in cases],
        [case.strike for case in cases],
        [case.years for case in cases],
        [case.american for case in cases],
        [case.rate for case in cases],
        [case.dividend_yield for case in cases],
        [days / 365.0 for days, _ in dividends],
        [amount for _, amount in dividends],
    )


def volatilities(cases: Sequence[Case]) -> NDArray[np.float64]:
    return np.array([case.volatility for case in cases])


def prices(model: str, options: Mapping[str, int | str], cases: Sequence[Case]) -> NDArray[np.float64]:
    return price(model, options, terms_of(cases), SPOT, volatilities(cases))


def errors(
    model: str, options: Mapping[str, int | str], cases: Sequence[Case], reference: Reference
) -> NDArray[np.float64]:
    """Differences over the strike or the spot, whichever is larger; NaN where the reference has no answer."""
    theirs = np.array([np.nan if (value := reference(case)) is None else value for case in cases])
    scale = np.maximum([case.strike for case in cases], SPOT)
    found = np.abs(prices(model, options, cases) - theirs) / scale
    return np.asarray(found)


def plain_tree(name: str, steps: int, log_probability: bool = False) -> Reference:
    """The plain Python tree; None where it has no probability or divides by none."""

    def reference(case: Case) -> float | None:
        try:
            return tree.price(option_of(case), name, steps, log_probability)
        except (ValueError, ZeroDivisionError):
            return None

    return reference


def option_of(case: Case) -> tree.Option:
    return tree.Option(
        case.call,
        case.strike,
        case.years,
        case.american,
        case.rate,
        case.dividend_yield,
        SPOT,
        case.volatility,
        tuple((days / 365.0, amount) for days, amount in case.dividends),
    )
