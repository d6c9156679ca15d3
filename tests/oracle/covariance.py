"""A multiple of the standard deviation of one day's profit, from exposures, volatilities and correlations.

Source: "Portfolio Margining Approaches for Futures Traders", A Quick Python Illustration: exposure x daily
volatility, a correlation matrix, three standard deviations. Aggregation as the language reference words it:
the root of sum d^2 + 2 sum over pairs of R d d; the diagonal is 1 and never looked up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.oracle.market import Book, BookError, Position, account_ids, net_positions, spot_of, underlying_of
from tests.oracle.valuation import STEPS, market_price, model_delta

MULTIPLE = 3.0
# A form this small beside the sum of squares is rounding noise around zero, not an impossible matrix.
NOISE = 1e-12


@dataclass(frozen=True)
class CovarianceResult:
    """One account: exposure and risk by underlying, the standard deviation and its multiple."""

    account: str
    maintenance: float
    sigma: float
    exposures: dict[str, float]
    risks: dict[str, float]


def exposure_of(book: Book, position: Position, steps: int) -> float:
    """The market value; for an option the delta times the underlying's price."""
    contract = position.contract
    size = position.quantity * contract.multiplier
    if contract.kind == "option":
        return size * model_delta(book, contract, steps) * spot_of(book, contract.underlying)
    return size * market_price(book, contract, steps)


def correlation_of(book: Book, first: str, second: str) -> float:
    """The entry of the book's matrix `correlation` for a pair, in either order."""
    for row, column, value in book.get("matrices", {}).get("correlation", []):
        if (row, column) in ((first, second), (second, first)):
            if abs(value) > 1.0:
                raise BookError(f"the correlation of {first} and {second} is {value}")
            return float(value)
    raise BookError(f"no correlation of {first} and {second}")


def standard_deviation(book: Book, risks: dict[str, float]) -> float:
    """The root of the form over all pairs; a form below zero says that the matrix is none."""
    names = list(risks)
    squares = 0.0
    form = 0.0
    for i, first in enumerate(names):
        squares += risks[first] ** 2
        form += risks[first] ** 2
        for second in names[i + 1 :]:
            form += 2.0 * correlation_of(book, first, second) * risks[first] * risks[second]
    if form < -NOISE * squares:
        raise BookError(f"the correlations of {', '.join(names)} are not those of any random numbers")
    return math.sqrt(max(0.0, form))


def covariance_margin(
    book: Book, *, multiple: float = MULTIPLE, steps: int = STEPS
) -> dict[str, CovarianceResult]:
    """The requirement `maintenance` of every account."""
    results = {}
    held = net_positions(book)
    for account in account_ids(book):
        exposures: dict[str, float] = {}
        for position in held:
            if position.account == account:
                name = position.contract.underlying
                exposures[name] = exposures.get(name, 0.0) + exposure_of(book, position, steps)
        risks: dict[str, float] = {}
        for name, exposure in exposures.items():
            row = underlying_of(book, name)
            if row.get("daily_volatility") is None:
                raise BookError(f"underlying {name} has no daily_volatility")
            risks[name] = exposure * float(row["daily_volatility"])
        sigma = standard_deviation(book, risks)
        results[account] = CovarianceResult(account, multiple * sigma, sigma, exposures, risks)
    return results
