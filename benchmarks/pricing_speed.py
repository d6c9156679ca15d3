"""Prints what a price and an implied volatility cost, beside QuantLib's loop on the same machine.

Each figure is the least of several runs, in one process and on one thread. Trust the ratios.
Run from the top of the repository: python -m benchmarks.pricing_speed
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from pmdsl.pricing import Reason, Terms, implied_volatility, price
from tests.oracle.quantlib_prices import Case, Desk

SCENARIOS = 10
SPOT = 100.0
DIVIDENDS = ((30, 0.4), (121, 0.4), (212, 0.4), (303, 0.4))


def least(run: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs, in seconds; one run before them warms the memory."""
    run()
    spent = []
    for _ in range(times):
        start = perf_counter()
        run()
        spent.append(perf_counter() - start)
    return min(spent)


def chain(n: int, american: bool, paying: bool) -> Terms:
    """A chain like that of a fund: many strikes for each of twenty expiries, calls and puts."""
    random = np.random.default_rng(0)
    days = np.repeat(random.integers(3, 500, 20), n // 20)
    dividends = [(day / 365.0, amount) for day, amount in DIVIDENDS] if paying else []
    return Terms.of(
        random.random(n) < 0.5,
        SPOT * np.exp(random.normal(0.0, 0.15, n)),
        days / 365.0,
        american,
        0.05,
        0.0 if paying else 0.015,
        [time for time, _ in dividends],
        [amount for _, amount in dividends],
    )


def smile(terms: Terms) -> NDArray[np.float64]:
    """A volatility that rises with the distance of the strike."""
    return np.asarray(0.15 + 0.4 * np.abs(np.log(terms.strike / SPOT)))


def price_line(name: str, options: Mapping[str, int | str], terms: Terms, theirs: float | None) -> str:
    spot = SPOT * np.linspace(0.85, 1.15, SCENARIOS) * np.ones((len(terms), 1))
    model = "binomial" if options else "black_scholes"
    volatility = smile(terms)
    cost = least(lambda: price(model, options, terms, spot, volatility)) / spot.size
    ratio = f"{theirs / cost:.0f}" if theirs else ""
    return f"| {name} | {cost * 1e6:.3f} | {ratio} |"


def implied_line(name: str, model: str, options: Mapping[str, int | str], terms: Terms) -> str:
    target = price(model, options, terms, SPOT, smile(terms))
    exercise = np.where(terms.call, SPOT - terms.strike, terms.strike - SPOT)
    quoted = target > np.maximum(exercise, 0.0) + 1e-4 * SPOT
    terms, target = terms.take(quoted), target[quoted]
    solved = implied_volatility(model, options, terms, SPOT, target)
    if not (solved.reason == Reason.SOLVED).all():
        raise AssertionError(f"{name}: not every volatility came back")
    cost = least(lambda: implied_volatility(model, options, terms, SPOT, target), 5)
    return f"| {name} | {len(terms):,} | {cost:.3f} | {cost / len(terms) * 1e6:.1f} |"


def quantlib_cost(ask: Callable[[Case], float | None], american: bool) -> float:
    cases = [Case(False, strike, 200, american, 0.05, 0.015, 0.25) for strike in np.linspace(80.0, 120.0, 40)]
    return least(lambda: [ask(case) for case in cases]) / len(cases)


def main() -> None:
    desk = Desk()
    european, american, paying = chain(4000, False, False), chain(1000, True, False), chain(1000, True, True)
    analytic = quantlib_cost(desk.analytic, False)
    print("| price, n options × 10 spots | µs | QuantLib loop / ours |\n|---|---:|---:|")
    print(price_line("black_scholes", {}, european, analytic), flush=True)
    for steps in (50, 200):
        theirs = quantlib_cost(lambda case, steps=steps: desk.tree(case, "crr", steps), True)  # type: ignore[misc]
        crr: Mapping[str, int | str] = {"tree": "crr", "steps": steps}
        print(price_line(f"crr {steps}, European", crr, european, theirs), flush=True)
        print(price_line(f"crr {steps}, American", crr, american, theirs), flush=True)
        print(price_line(f"crr {steps}, American, dividends", crr, paying, theirs), flush=True)
    theirs = quantlib_cost(lambda case: desk.tree(case, "lr", 101), True)
    print(
        price_line("leisen_reimer 101, American", {"tree": "leisen_reimer", "steps": 101}, american, theirs)
    )
    print("\n| implied volatility | options | s | µs each |\n|---|---:|---:|---:|")
    print(implied_line("black_scholes", "black_scholes", {}, chain(17_000, False, False)), flush=True)
    for name, options in (
        ("crr 200", {"steps": 200}),
        ("leisen_reimer 101", {"tree": "leisen_reimer", "steps": 101}),
    ):
        for kind in (False, True):
            label = f"binomial {name}, American" + (", dividends" if kind else "")
            print(implied_line(label, "binomial", options, chain(7000, True, kind)), flush=True)


if __name__ == "__main__":
    main()
