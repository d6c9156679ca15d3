"""Prints the table of the largest errors of the pricing models that stands in docs/pricing.md.

Run from the top of the repository: python -m benchmarks.pricing_accuracy
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import mpmath
import numpy as np
from numpy.typing import NDArray

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


def row(model: str, options: Options, against: str, cases: Sequence[Case], reference: Reference) -> Row:
    """The largest difference over the strike or the spot; cases that the reference refuses are left out."""
    found = errors(model, options, cases, reference)
    return Row(title(model, options), against, int(np.isfinite(found).sum()), float(np.nanmax(found)))


def title(model: str, options: Options) -> str:
    return f"`{model}`, {options['tree']}, {options['steps']} steps" if options else f"`{model}`"


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


def implied_rows() -> Iterator[Row]:
    chosen: list[tuple[str, Options, bool]] = [
        ("black_scholes", {}, False),
        ("black_76", {}, False),
        ("binomial", {"tree": "crr", "steps": 100}, True),
        ("binomial", {"tree": "leisen_reimer", "steps": 101}, True),
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
    for line in (
        *normal_rows(),
        *formula_rows(desk),
        *tree_rows(desk),
        *discretisation_rows(desk),
        *implied_rows(),
    ):
        print(line, flush=True)


if __name__ == "__main__":
    main()
