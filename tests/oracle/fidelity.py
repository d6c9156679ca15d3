"""Fidelity's rules-based requirements, share by share, with loops and exact fractions.

Source: the firm's page "Margin Requirements: RBR tables" (four kinds of add-ons on a base rate); 30% as the
base from an answer of the firm in its forum. What the positions of one name ask by the rule comes from
`tests.oracle.reg_t`, with 30% in place of 25%.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.reg_t import Holding, Name, requirement

ZERO = Fraction(0)
BASE = Fraction(30, 100)
END = Fraction(10**9)

# Up to, in percent or days: add-on in percent.
Bands = Sequence[tuple[Fraction | int, int]]
ISSUER_LONG: Bands = ((10, 0), (20, 5), (40, 10), (50, 15), (75, 20), (100, 30))
ISSUER_SHORT: Bands = ((10, 0), (20, 10), (40, 15), (50, 20), (75, 30), (100, 35))
LIQUIDITY: Bands = ((1, 0), (2, 10), (3, 20), (5, 30), (END, 50))
OWNERSHIP: Bands = ((1, 0), (3, 10), (5, 25), (END, 100))
INDUSTRY: Bands = ((30, 0), (70, 5), (END, 10))
SINGLE = 40


@dataclass(frozen=True)
class Security:
    """A share or a fund as a book describes it."""

    id: str
    name: Name
    volume: Fraction
    outstanding: Fraction
    industry: str = "none"
    base_rate: Fraction | None = None


@dataclass(frozen=True)
class HouseHolding(Holding):
    """A position whose long shares are at the firm's base."""

    def daily_rate(self) -> Fraction:
        return min(BASE * abs(self.name.leverage), Fraction(1))


@dataclass(frozen=True)
class FidelityResult:
    """One account, exact: what has to be kept, and the add-on of each position of shares as a rate."""

    maintenance: Fraction
    add_ons: Mapping[str, Fraction]


def hundredths(value: Fraction) -> Fraction:
    """To two decimals, halves up."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def add_on(bands: Bands, measure: Fraction) -> Fraction:
    return next(Fraction(rate, 100) for end, rate in bands if hundredths(measure) <= end)


def fidelity_margin(held: Sequence[tuple[Security, Holding, int]], on: date) -> FidelityResult:
    """An account of holdings with the contracts of each, one holding of shares a security at most."""
    gross = sum((h.worth(n) for _, h, n in held), ZERO)
    industries: dict[str, Fraction] = defaultdict(lambda: ZERO)
    by_security: dict[str, list[tuple[Holding, int]]] = defaultdict(list)
    for security, h, n in held:
        industries[security.industry] += h.side * h.worth(n)
        by_security[security.id].append((h, n))
    crowded = any(hundredths(100 * h.worth(n) / gross) > SINGLE for _, h, n in held) if gross else False

    kept, add_ons = ZERO, {}
    for found in by_security.values():
        holdings, quantities = zip(*found, strict=True)
        kept += requirement(holdings, quantities, on).maintenance
    for security, h, n in held:
        if h.right:
            continue
        rate = add_on(ISSUER_LONG if h.side > 0 else ISSUER_SHORT, 100 * h.worth(n) / gross)
        rate += add_on(LIQUIDITY, n / security.volume)
        rate += add_on(OWNERSHIP, 100 * n / security.outstanding)
        if security.industry != "none" and not crowded:
            rate += add_on(INDUSTRY, 100 * abs(industries[security.industry]) / gross)
        add_ons[security.id] = rate
        kept += added(security, h, n, rate)
    return FidelityResult(kept, add_ons)


def added(security: Security, h: Holding, n: int, rate: Fraction) -> Fraction:
    """What the firm's base and the add-ons ask beyond the base of everything."""
    base = BASE * abs(security.name.leverage)
    if security.base_rate is not None:
        base = max(base, security.base_rate)
    if h.side < 0:
        return max(ZERO, base * h.worth(n) - h.short_charge(n)) + rate * h.worth(n)
    return max(ZERO, min(base + rate, Fraction(1)) - h.daily_rate()) * h.worth(n)
