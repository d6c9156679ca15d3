"""Prints what a price costs beside QuantLib and py_vollib_vectorized on the same options, in one run.

    python -m benchmarks.pricing_speed [python that has py_vollib_vectorized]

Every figure is the median of seven runs, in processor seconds of one process: other work on the machine
disturbs them little, and the ratios least. QuantLib is asked as one asks it from Python: an option is made
once, then the spot is moved from scenario to scenario. py_vollib_vectorized needs an older numpy and numba
than this project, so an environment of its own, made by

    python3.11 -m venv peer && peer/bin/pip install -r benchmarks/vollib.txt
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
from numpy.typing import NDArray

from pmdsl.pricing import Reason, Terms, implied_volatility, price
from tests.oracle.quantlib_prices import Case, Desk

Floats = NDArray[np.float64]
Options = Mapping[str, int | str]

RUNS = 7
SPOT = 100.0
RATE = 0.045
SPOTS = SPOT * np.linspace(0.85, 1.15, 16)
DIVIDENDS = ((30, 0.4), (121, 0.4), (212, 0.4), (303, 0.4))
# Of so many options QuantLib's loop is timed: it takes up to a hundred times as long.
SAMPLE = 40


@dataclass(frozen=True)
class Book:
    """Options on one share: strikes about the spot, 3 to 500 days, volatilities from 12% to 90%."""

    call: NDArray[np.bool_]
    strike: Floats
    days: NDArray[np.int64]
    dividend_yield: Floats
    volatility: Floats
    american: bool
    dividends: tuple[tuple[int, float], ...] = ()

    @property
    def terms(self) -> Terms:
        times, amounts = [day / 365.0 for day, _ in self.dividends], [amount for _, amount in self.dividends]
        return Terms.of(
            self.call,
            self.strike,
            self.days / 365.0,
            self.american,
            RATE,
            self.dividend_yield,
            times,
            amounts,
        )

    @property
    def spots(self) -> Floats:
        return np.asarray(SPOTS * np.ones((len(self.strike), 1)))

    def first(self, count: int) -> Book:
        """The first options of the book."""
        columns = ("call", "strike", "days", "dividend_yield", "volatility")
        return replace(self, **{name: getattr(self, name)[:count] for name in columns})

    def cases(self) -> list[Case]:
        """The options one by one, without their dividends."""
        columns = (self.call, self.strike, self.days, self.dividend_yield, self.volatility)
        return [
            Case(bool(c), float(k), int(d), self.american, RATE, float(q), float(v))
            for c, k, d, q, v in zip(*columns, strict=True)
        ]


def book(n: int, american: bool) -> Book:
    random = np.random.default_rng(0)
    return Book(
        random.random(n) < 0.5,
        SPOT * np.exp(random.normal(0.0, 0.15, n)),
        random.integers(3, 500, n),
        random.choice([0.0, 0.01, 0.03], n),
        random.uniform(0.12, 0.9, n),
        american,
    )


def seconds(run: Callable[[], object]) -> float:
    """The median of several runs in processor seconds; one run before them warms the memory."""
    run()
    spent = []
    for _ in range(RUNS):
        start = process_time()
        run()
        spent.append(process_time() - start)
    return median(spent)


def line(name: str, peer: str, ours: float, theirs: float, error: str) -> str:
    return f"| {name} | {ours * 1e9:,.0f} | {peer} | {theirs * 1e9:,.0f} | {theirs / ours:.0f} | {error} |"


def against_quantlib(
    desk: Desk, name: str, model: str, options: Options, some: Book, engine: str, steps: int = 0
) -> str:
    """One line: nanoseconds a price of both, their ratio, and the largest error over the strike.

    That is against the same engine, or the high-precision scheme where there is one. A tree of QuantLib has
    another probability (`benchmarks.pricing_accuracy`), so nothing is said of its error here.
    """
    terms, spots, few = some.terms, some.spots, some.first(SAMPLE)
    ours = seconds(lambda: price(model, options, terms, spots, some.volatility)) / spots.size
    cases, moved = few.cases(), [float(spot) for spot in SPOTS]
    theirs = seconds(lambda: desk.loop(cases, moved, engine, steps)) / few.spots.size
    if steps:
        return line(name, f"QuantLib, `{engine}` {steps}", ours, theirs, "")
    best = "highPrecision" if some.american else engine
    known = np.array(desk.loop(cases, moved, best)).reshape(few.spots.shape)
    found = price(model, options, few.terms, few.spots, few.volatility)
    error = np.abs((found - known) / few.strike[:, None]).max()
    method = f"QdFp, {engine}" if some.american else engine
    return line(name, f"QuantLib, {method}", ours, theirs, f"{error:.0e}")


def against_vollib(python: str, some: Book) -> str:
    """The same book priced by py_vollib_vectorized in an environment of its own."""
    terms, spots = some.terms, some.spots
    ours = seconds(lambda: price("black_scholes", {}, terms, spots, some.volatility)) / spots.size
    columns = {
        "call": some.call,
        "strike": some.strike,
        "years": terms.years,
        "dividend_yield": some.dividend_yield,
        "volatility": some.volatility,
    }
    cells = {name: np.repeat(column, spots.shape[1]) for name, column in columns.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.npz"
        np.savez(path, rate=RATE, runs=RUNS, spot=spots.ravel(), **cells)
        command = [python, str(Path(__file__).with_name("vollib_peer.py")), str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        prices = np.load(path.with_suffix(".npy")).reshape(spots.shape)
    release, spent = told.split()
    found = price("black_scholes", {}, terms, spots, some.volatility)
    error = np.abs((found - prices) / some.strike[:, None]).max()
    theirs = float(spent) / spots.size
    return line("`black_scholes`", f"py_vollib_vectorized {release}", ours, theirs, f"{error:.0e}")


def implied_line(name: str, model: str, options: Options, some: Book) -> str:
    terms = some.terms
    target = price(model, options, terms, SPOT, some.volatility)
    exercise = np.where(terms.call, SPOT - terms.strike, terms.strike - SPOT)
    quoted = target > np.maximum(exercise, 0.0) + 1e-4 * SPOT
    terms, target = terms.take(quoted), target[quoted]
    solved = implied_volatility(model, options, terms, SPOT, target)
    if not (solved.reason == Reason.SOLVED).all():
        raise AssertionError(f"{name}: not every volatility came back")
    cost = seconds(lambda: implied_volatility(model, options, terms, SPOT, target))
    return f"| {name} | {len(terms):,} | {cost:.3f} | {cost / len(terms) * 1e6:.1f} |"


def main(arguments: Sequence[str]) -> None:
    desk = Desk()
    european, american = book(20_000, False), book(4_000, True)
    puts = replace(american, call=np.zeros_like(american.call))
    few = puts.first(800)
    paying = replace(few, dividend_yield=np.zeros_like(few.strike), dividends=DIVIDENDS)
    print(f"numpy {np.__version__}, QuantLib {version('QuantLib')}, Python {sys.version.split()[0]}\n")
    print("| price, options × 16 spots | ns | peer | ns | peer / ours | largest error, of K |")
    print("|---|---:|---|---:|---:|---:|")
    print(against_quantlib(desk, "`black_scholes`", "black_scholes", {}, european, "analytic"), flush=True)
    if arguments:
        print(against_vollib(arguments[0], european), flush=True)
    for accuracy, scheme in (("standard", "fast"), ("high", "accurate")):
        for kind, chosen in (("calls and puts", american), ("puts", puts)):
            name = f"`american`, {accuracy}, {kind}"
            options: Options = {"accuracy": accuracy}
            print(against_quantlib(desk, name, "american", options, chosen, scheme), flush=True)
    for tree, steps in (("crr", 50), ("crr", 200), ("leisen_reimer", 51), ("leisen_reimer", 101)):
        engine = "lr" if tree == "leisen_reimer" else tree
        for kind, chosen in (("American puts", few), ("American puts, dividends", paying)):
            name, options = f"`{tree}` {steps}, {kind}", {"tree": tree, "steps": steps}
            print(against_quantlib(desk, name, "binomial", options, chosen, engine, steps), flush=True)
    print("\n| implied volatility | options | s | µs each |\n|---|---:|---:|---:|")
    print(implied_line("`black_scholes`", "black_scholes", {}, book(17_000, False)), flush=True)
    print(implied_line("`american`, standard", "american", {}, book(7_000, True)), flush=True)
    for tree, steps in (("crr", 200), ("leisen_reimer", 101)):
        name = f"`{tree}` {steps}, American"
        print(implied_line(name, "binomial", {"tree": tree, "steps": steps}, book(2_000, True)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
