"""What an option is worth, one price at a time.

Sources: Black and Scholes (1973) with Merton's continuous dividend yield; Cox, Ross and Rubinstein (1979),
the tree of which OCC's theoretical prices are a variant (OCC, Risk Based Haircuts); FINRA Rule 4210(g), which
asks for theoretical prices and names no formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

LOWEST_VOLATILITY = 1e-4
HIGHEST_VOLATILITY = 10.0


@dataclass(frozen=True)
class Terms:
    """An option and the two rates it is valued with. `steps`: of the tree, where it is American."""

    right: str
    strike: float
    years: float
    rate: float
    dividend_yield: float = 0.0
    american: bool = False
    steps: int = 200


def normal_cdf(x: float) -> float:
    """The probability that a standard normal number is below x."""
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def intrinsic(terms: Terms, spot: float) -> float:
    """What exercise would bring at this very moment, per unit."""
    return max(0.0, spot - terms.strike if terms.right == "call" else terms.strike - spot)


def black_scholes(terms: Terms, spot: float, volatility: float) -> float:
    """A European option. On its expiry date it is worth its intrinsic value."""
    if terms.years == 0.0:
        return intrinsic(terms, spot)
    forward_leg = spot * math.exp(-terms.dividend_yield * terms.years)
    strike_leg = terms.strike * math.exp(-terms.rate * terms.years)
    if spot == 0.0:
        return 0.0 if terms.right == "call" else strike_leg
    spread = volatility * math.sqrt(terms.years)
    d1 = math.log(forward_leg / strike_leg) / spread + spread / 2.0
    d2 = d1 - spread
    if terms.right == "call":
        return forward_leg * normal_cdf(d1) - strike_leg * normal_cdf(d2)
    return strike_leg * normal_cdf(-d2) - forward_leg * normal_cdf(-d1)


def black_scholes_delta(terms: Terms, spot: float, volatility: float) -> float:
    """The change of the value above for a unit change of the spot."""
    if terms.years == 0.0:
        return expired_delta(terms, spot)
    carry = math.exp(-terms.dividend_yield * terms.years)
    spread = volatility * math.sqrt(terms.years)
    drift = (terms.rate - terms.dividend_yield) * terms.years
    d1 = (math.log(spot / terms.strike) + drift) / spread + spread / 2.0
    return carry * normal_cdf(d1) if terms.right == "call" else -carry * normal_cdf(-d1)


def expired_delta(terms: Terms, spot: float) -> float:
    """On the expiry date: 1 or -1 in the money, 0 out of it and at the strike itself."""
    if intrinsic(terms, spot) == 0.0:
        return 0.0
    return 1.0 if terms.right == "call" else -1.0


def binomial(terms: Terms, spot: float, volatility: float) -> float:
    """The tree of Cox, Ross and Rubinstein; an American option is exercised where that brings more."""
    if terms.years == 0.0:
        return intrinsic(terms, spot)
    length = terms.years / terms.steps
    up = math.exp(volatility * math.sqrt(length))
    down = 1.0 / up
    p = (math.exp((terms.rate - terms.dividend_yield) * length) - down) / (up - down)
    if not 0.0 <= p <= 1.0:
        raise ValueError(
            f"volatility {volatility} is too small for {terms.steps} steps: a probability of {p}"
        )
    discount = math.exp(-terms.rate * length)
    values = [intrinsic(terms, spot * up**j * down ** (terms.steps - j)) for j in range(terms.steps + 1)]
    for level in range(terms.steps - 1, -1, -1):
        for j in range(level + 1):
            held = discount * (p * values[j + 1] + (1.0 - p) * values[j])
            exercised = intrinsic(terms, spot * up**j * down ** (level - j))
            values[j] = max(held, exercised) if terms.american else held
    return values[0]


def binomial_delta(terms: Terms, spot: float, volatility: float) -> float:
    """At the root of the tree: the difference of the two next values over that of the two next spots."""
    if terms.years == 0.0:
        return expired_delta(terms, spot)
    length = terms.years / terms.steps
    up = math.exp(volatility * math.sqrt(length))
    high, low = spot * up, spot / up
    rest = replace(terms, years=terms.years - length, steps=terms.steps - 1)
    if terms.steps == 1:
        rest = replace(terms, years=0.0)
    return (binomial(rest, high, volatility) - binomial(rest, low, volatility)) / (high - low)


def lowest_volatility(terms: Terms) -> float:
    """The least volatility that a solver may try: below a bound set by the rates the tree is no model."""
    if not terms.american:
        return LOWEST_VOLATILITY
    carry = abs(terms.rate - terms.dividend_yield)
    return max(LOWEST_VOLATILITY, 1.0001 * carry * math.sqrt(terms.years / terms.steps))


def implied_volatility(value_of: Callable[[float], float], price: float, lowest: float) -> float:
    """The volatility at which `value_of` gives `price`, by halving the interval two hundred times.

    A price that no volatility gives (at or below what exercise brings, above the spot) is an error.
    """
    low, high = lowest, HIGHEST_VOLATILITY
    if not value_of(low) < price < value_of(high):
        raise ValueError(f"no volatility between {low} and {high} gives the price {price}")
    for _ in range(200):
        middle = (low + high) / 2.0
        if value_of(middle) < price:
            low = middle
        else:
            high = middle
        if high - low < 1e-15:
            break
    return (low + high) / 2.0
