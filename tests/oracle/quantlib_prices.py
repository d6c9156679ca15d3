"""Prices from QuantLib, one option at a time, on the grid that the pricing models are held against.

Needs the QuantLib package, which is a dependency of the tests alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import exp, sqrt
from typing import Any

with warnings.catch_warnings():
    # Its wrapper types lack a module name, which newer Pythons warn about.
    warnings.simplefilter("ignore", DeprecationWarning)
    import QuantLib

TODAY = QuantLib.Date(14, 9, 2023)
DAY_COUNT = QuantLib.Actual365Fixed()
SPOT = 100.0

STRIKES = (30.0, 50.0, 80.0, 95.0, 100.0, 105.0, 125.0, 200.0, 300.0)
DAYS = (1, 7, 30, 91, 365, 1825)
RATES = (-0.02, 0.0, 0.03, 0.10)
YIELDS = (0.0, 0.02, 0.08)
VOLATILITIES = (0.05, 0.20, 0.60, 1.0, 3.0)


@dataclass(frozen=True)
class Case:
    """An option on a share at 100; dividends are pairs of days to the ex-date and amount."""

    call: bool
    strike: float
    days: int
    american: bool
    rate: float
    dividend_yield: float
    volatility: float
    dividends: tuple[tuple[int, float], ...] = ()

    @property
    def years(self) -> float:
        return self.days / 365.0


def grid(american: bool = False, days: tuple[int, ...] = DAYS) -> Iterator[Case]:
    """Deep in and out of the money, one day to five years, rates below zero, volatility to 300%."""
    for call, strike, day, rate, dividend_yield, volatility in product(
        (True, False), STRIKES, days, RATES, YIELDS, VOLATILITIES
    ):
        yield Case(call, strike, day, american, rate, dividend_yield, volatility)


def with_dividends() -> Iterator[Case]:
    """A quarterly dividend of 1.5, on options that live through one to four of them."""
    dividends = tuple((20 + 91 * quarter, 1.5) for quarter in range(8))
    for case in grid(days=(30, 120, 365)):
        if case.dividend_yield < 0.05:
            yield replace(case, dividends=dividends)


class Desk:
    """A Black-Scholes process with quotes that are moved from case to case, and the engines on it."""

    def __init__(self) -> None:
        QuantLib.Settings.instance().evaluationDate = TODAY
        self._quotes = [QuantLib.SimpleQuote(SPOT) for _ in range(4)]
        spot, dividend_yield, rate, volatility = (QuantLib.QuoteHandle(quote) for quote in self._quotes)
        self._process = QuantLib.BlackScholesMertonProcess(
            spot,
            QuantLib.YieldTermStructureHandle(
                QuantLib.FlatForward(TODAY, dividend_yield, DAY_COUNT, QuantLib.Continuous)
            ),
            QuantLib.YieldTermStructureHandle(
                QuantLib.FlatForward(TODAY, rate, DAY_COUNT, QuantLib.Continuous)
            ),
            QuantLib.BlackVolTermStructureHandle(
                QuantLib.BlackConstantVol(TODAY, QuantLib.NullCalendar(), volatility, DAY_COUNT)
            ),
        )

    def analytic(self, case: Case) -> float:
        """The European formula; with dividends the escrowed one."""
        if not case.dividends:
            return self._value(case, QuantLib.AnalyticEuropeanEngine(self._process))
        dates = [TODAY + days for days, _ in case.dividends]
        dividends = QuantLib.DividendVector(dates, [amount for _, amount in case.dividends])
        return self._value(case, QuantLib.AnalyticDividendEuropeanEngine(self._process, dividends))

    def delta(self, case: Case) -> float:
        """The delta of the European formula."""
        return float(self._option(case, QuantLib.AnalyticEuropeanEngine(self._process)).delta())

    def tree(self, case: Case, name: str, steps: int) -> float | None:
        """QuantLib's tree of that name (`crr`, `lr`); None where it has no probability."""
        try:
            return self._value(case, QuantLib.BinomialVanillaEngine(self._process, name, steps))
        except RuntimeError:
            return None

    def continuous_american(self, case: Case) -> float | None:
        """The American price of continuous exercise, by the boundary of Andersen, Lake and Offengenden.

        None where there are two boundaries, or where the integration does not end.
        """
        try:
            return self._value(case, self._engine("highPrecision", 0))
        except RuntimeError:
            return None

    def loop(self, cases: Sequence[Case], spots: Sequence[float], engine: str, steps: int = 0) -> list[float]:
        """Each option at each spot, as one does it in Python: the option made once, then a quote moved.

        `engine` is `analytic`, `crr` or `lr` with steps, or a scheme of QdFp, such as `fast`.
        """
        found = []
        for case in cases:
            option = self._option(case, self._engine(engine, steps))
            for spot in spots:
                self._quotes[0].setValue(spot)
                found.append(float(option.NPV()))
        return found

    def _engine(self, name: str, steps: int) -> Any:
        if name == "analytic":
            return QuantLib.AnalyticEuropeanEngine(self._process)
        if steps:
            return QuantLib.BinomialVanillaEngine(self._process, name, steps)
        scheme = getattr(QuantLib.QdFpAmericanEngine, f"{name}Scheme")()
        return QuantLib.QdFpAmericanEngine(self._process, scheme)

    def _value(self, case: Case, engine: Any) -> float:
        return float(self._option(case, engine).NPV())

    def _option(self, case: Case, engine: Any) -> Any:
        values = (SPOT, case.dividend_yield, case.rate, case.volatility)
        for quote, value in zip(self._quotes, values, strict=True):
            quote.setValue(value)
        expiry = TODAY + case.days
        exercise = (
            QuantLib.AmericanExercise(TODAY, expiry) if case.american else QuantLib.EuropeanExercise(expiry)
        )
        kind = QuantLib.Option.Call if case.call else QuantLib.Option.Put
        option = QuantLib.VanillaOption(QuantLib.PlainVanillaPayoff(kind, case.strike), exercise)
        option.setPricingEngine(engine)
        return option


def black_76(case: Case) -> float:
    """Black's formula with 100 as the forward price."""
    kind = QuantLib.Option.Call if case.call else QuantLib.Option.Put
    spread, discount = case.volatility * sqrt(case.years), exp(-case.rate * case.years)
    return float(QuantLib.blackFormula(kind, case.strike, SPOT, spread, discount))
