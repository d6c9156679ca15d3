"""Goal 1: the largest errors of the pricing models.

    python -m benchmarks.pricing_accuracy

prints the table of docs/pricing.md; `rows` has the two errors that goal 1 is about, for both engines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import chain, product

import mpmath
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Row as Goal
from benchmarks.measure import at_most
from pmdsl.pricing import Reason, delta, implied_volatility, price
from pmdsl.pricing.normal import cdf
from tests.oracle.quantlib_prices import SPOT, Case, Desk, black_76, grid, with_dividends
from tests.pricing.cases import Reference, errors, plain_tree, prices, terms_of, volatilities

Options = Mapping[str, int | str]


@dataclass(frozen=True)
class Row:
    """One line of the table: what was compared with what, over how many cases, and the largest error."""

    what: str
    against: str
    cases: int
    error: float
    unit: str = "of K"

    def __str__(self) -> str:
        return f"| {self.what} | {self.against} | {self.cases:,} | {self.error:.1e} {self.unit} |"


def rows(quick: bool = False) -> Iterator[Goal]:
    """The largest error of European and American prices over the strike, beside what is allowed."""
    desk, part = Desk(), 97 if quick else 1
    european, american = list(grid())[::part], [*grid(american=True), *wider()][::part]
    exact = {case: desk.analytic(case) for case in european}
    continuous = {case: desk.continuous_american(case) for case in american}
    for engine in ("numpy", "compiled") if find_spec("numba") is not None else ("numpy",):
        for model, cases, known, most in (
            ("black_scholes", european, exact, 1e-13),
            ("american", american, continuous, 1e-5),
        ):
            error, what = over_the_strike(model, cases, known, engine), f"largest error of {model}, {engine}"
            yield Goal("1", what, error, "allowed", most, at_most(1), f"{len(cases):,} options", "of K")


def over_the_strike(
    model: str, cases: Sequence[Case], known: Mapping[Case, float | None], engine: str
) -> float:
    """The largest error; cases for which QuantLib has no answer are left out."""
    ours = price(model, {}, terms_of(cases), SPOT, volatilities(cases), engine=engine)
    theirs = np.array([np.nan if (value := known[case]) is None else value for case in cases])
    return float(np.nanmax(np.abs(ours - theirs) / [case.strike for case in cases]))


def row(model: str, options: Options, against: str, cases: Sequence[Case], reference: Reference) -> Row:
    """The largest difference over the strike or the spot; cases that the reference refuses are left out."""
    found = errors(model, options, cases, reference)
    return Row(title(model, options), against, int(np.isfinite(found).sum()), float(np.nanmax(found)))


def title(model: str, options: Options) -> str:
    if "steps" in options:
        return f"`{model}`, {options['tree']}, {options['steps']} steps"
    return ", ".join([f"`{model}`", *(str(word) for word in options.values())])


def normal_rows() -> Iterator[Row]:
    z = np.linspace(-9.0, 9.0, 3601)
    with mpmath.workdps(40):
        exact = [mpmath.erfc(-mpmath.mpf(x) / mpmath.sqrt(2)) / 2 for x in z]
        gaps = [abs(float(value - reference)) for value, reference in zip(cdf(z), exact, strict=True)]
    yield Row("normal distribution", "mpmath, 40 digits, −9 ≤ z ≤ 9", len(z), max(gaps), "absolute")


def formula_rows(desk: Desk) -> Iterator[Row]:
    european = list(grid())
    yield row("black_scholes", {}, "QuantLib, analytic", european, desk.analytic)
    yield row("black_scholes", {}, "QuantLib, escrowed dividends", list(with_dividends()), desk.analytic)
    yield row("black_76", {}, "QuantLib, `blackFormula`", european, black_76)
    slopes = delta("black_scholes", {}, terms_of(european), SPOT, volatilities(european))
    gap = np.abs(slopes - [desk.delta(case) for case in european]).max()
    yield Row("`black_scholes`, delta", "QuantLib, analytic", len(european), float(gap), "absolute")


def tree_rows(desk: Desk) -> Iterator[Row]:
    both = [*grid(), *grid(american=True)]
    paying = [replace(case, american=american) for american in (False, True) for case in with_dividends()]
    for tree, steps in (("crr", 100), ("leisen_reimer", 101)):
        options: Options = {"tree": tree, "steps": steps}
        yield row("binomial", options, "plain Python tree", both[::11], plain_tree(tree, steps))
        yield row("binomial", options, "plain Python tree, dividends", paying[::7], plain_tree(tree, steps))
    yield row("binomial", options, "QuantLib, `lr` 101", both, lambda case: desk.tree(case, "lr", 101))
    ordinary = [case for case in both if case.volatility * case.years**0.5 < 0.5]
    crr: Options = {"tree": "crr", "steps": 100}
    theirs = "QuantLib, `crr` 100, σ√T < 0.5 (another probability)"
    yield row("binomial", crr, theirs, ordinary, lambda case: desk.tree(case, "crr", 100))


def discretisation_rows(desk: Desk) -> Iterator[Row]:
    """How far the trees are from continuous exercise: not an error of the code but of the method."""
    puts = [
        Case(False, strike, days, True, 0.05, dividend_yield, volatility)
        for strike in (80.0, 95.0, 100.0, 105.0, 125.0)
        for days in (30, 91, 365)
        for dividend_yield in (0.0, 0.02)
        for volatility in (0.15, 0.30, 0.60)
    ]
    known = {case: desk.continuous_american(case) for case in puts}
    for tree, steps in (
        ("crr", 50),
        ("crr", 200),
        ("crr", 1000),
        ("leisen_reimer", 51),
        ("leisen_reimer", 201),
    ):
        against = "continuous exercise (QuantLib, QdFp)"
        yield row("binomial", {"tree": tree, "steps": steps}, against, puts, known.get)


def american_rows(desk: Desk) -> Iterator[Row]:
    """The model `american` on the whole grid and past it, its slopes, and where QuantLib has no answer."""
    cases = [*grid(american=True), *wider()]
    known = {case: desk.continuous_american(case) for case in cases}
    between = list(two_sided())
    coarse, fine = (
        prices("binomial", {"tree": "leisen_reimer", "steps": steps}, between) for steps in (2001, 4001)
    )
    exact = dict(zip(between, 2.0 * fine - coarse, strict=True))
    some = [case for case in cases if 0.1 <= case.volatility <= 1.0][::5]
    up, down = (
        price("american", {"accuracy": "high"}, terms_of(some), SPOT + move, volatilities(some))
        for move in (0.01, -0.01)
    )
    for accuracy in ("standard", "high"):
        options: Options = {"accuracy": accuracy}
        yield row("american", options, "QuantLib, QdFp high precision", cases, known.get)
        slopes = delta("american", options, terms_of(some), SPOT, volatilities(some))
        gap = float(np.abs(slopes - (up - down) / 0.02).max())
        yield Row(f"{title('american', options)}, delta", "differences of prices", len(some), gap, "absolute")
    yield row("american", options, "`leisen_reimer`, 4001 steps; puts with q < r < 0", between, exact.get)


def wider() -> Iterator[Case]:
    """Volatilities of 1% and 200%, yields below zero, rates of next to nothing."""
    for call, strike, days, rate, dividend_yield, volatility in product(
        (True, False),
        (60.0, 90.0, 98.0, 100.0, 101.0, 115.0, 250.0),
        (1, 30, 365, 1825),
        (-0.02, 0.0, 0.0005, 0.05),
        (-0.03, 0.0, 0.05, 0.12),
        (0.01, 0.1, 2.0),
    ):
        first, second = (dividend_yield, rate) if call else (rate, dividend_yield)
        if not second < first < 0.0:
            yield Case(call, strike, days, True, rate, dividend_yield, volatility)


def two_sided() -> Iterator[Case]:
    """Puts with q < r < 0."""
    for strike, days, rate, less, volatility in product(
        (70.0, 95.0, 100.0, 105.0, 140.0), (30, 365, 1825), (-0.005, -0.02), (0.005, 0.03), (0.05, 0.2, 0.6)
    ):
        yield Case(False, strike, days, True, rate, rate - less, volatility)


def implied_rows() -> Iterator[Row]:
    chosen: list[tuple[str, Options, bool]] = [
        ("black_scholes", {}, False),
        ("black_76", {}, False),
        ("binomial", {"tree": "crr", "steps": 100}, True),
        ("binomial", {"tree": "leisen_reimer", "steps": 101}, True),
        ("american", {"accuracy": "standard"}, True),
    ]
    for model, options, american in chosen:
        cases = list(grid(american))
        target = prices(model, options, cases)
        priced = [case for case, value in zip(cases, target, strict=True) if np.isfinite(value)]
        target = target[np.isfinite(target)]
        solved = implied_volatility(model, options, terms_of(priced), SPOT, target)
        if not (solved.reason == Reason.SOLVED).all():
            raise AssertionError(f"{model}: not every volatility came back")
        yield Row(
            f"{title(model, options)}, implied volatility",
            "the price it was solved from",
            len(priced),
            float(np.max(repriced(model, options, priced, solved.volatility, target))),
        )


def repriced(
    model: str,
    options: Options,
    cases: Sequence[Case],
    volatility: NDArray[np.float64],
    target: NDArray[np.float64],
) -> NDArray[np.float64]:
    again = price(model, options, terms_of(cases), SPOT, volatility)
    return np.asarray(np.abs(again - target) / np.array([case.strike for case in cases]))


def main() -> None:
    desk = Desk()
    print("| what | against | cases | largest error |\n|---|---|---:|---|")
    for line in chain(
        normal_rows(),
        formula_rows(desk),
        tree_rows(desk),
        discretisation_rows(desk),
        american_rows(desk),
        implied_rows(),
    ):
        print(line, flush=True)


if __name__ == "__main__":
    main()
