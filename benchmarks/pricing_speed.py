"""Goal 1: what a price costs beside QuantLib, py_vollib_vectorized and plain numpy, on the same options.

    python -m benchmarks pricing_speed

One thread is measured in processor time, two threads by the wall. QuantLib is asked as one asks it from
Python: an option is made once, then the spot is moved from scenario to scenario; that takes up to a thousand
times as long, so its loop runs over a sample of the options. py_vollib_vectorized needs an older numpy and
numba than this project, so an environment of its own, and is measured there, right after:

    python3.11 -m venv peer && peer/bin/pip install -r benchmarks/vollib.txt
    PMDSL_BENCH_VOLLIB=peer/bin/python python -m benchmarks pricing_speed
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from benchmarks.measure import Measured, Row, against, at_least, by_wall, interleaved, missing
from pmdsl.pricing import Reason, Terms, implied_volatility, price
from tests.oracle.quantlib_prices import Case, Desk

Floats = NDArray[np.float64]
Options = Mapping[str, int | str]

GOAL = "1"
ROUNDS = 5
VARIABLE = "PMDSL_BENCH_VOLLIB"
SPOT = 100.0
RATE = 0.045
SPOTS = SPOT * np.linspace(0.85, 1.15, 16)
DIVIDENDS = ((30, 0.4), (121, 0.4), (212, 0.4), (303, 0.4))
# Of so many options QuantLib's loop is timed.
SAMPLE = 40
# What numpy and the compiled engine are to be faster by than QuantLib's loop.
WANTED = {"european": (100, 1000), "american": (10, 100), "tree": (4, 50)}


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


@dataclass(frozen=True)
class Line:
    """What is measured: a model on a book, beside an engine of QuantLib."""

    name: str
    model: str
    options: Options
    book: Book
    kind: str
    engine: str
    steps: int = 0

    def ours(self, engine: str, threads: int = 1) -> Callable[[], Floats]:
        """A contender: all prices by one of our engines."""
        terms, spots, volatility = self.book.terms, self.book.spots, self.book.volatility

        def run() -> Floats:
            if engine == "compiled":
                import numba

                numba.config.NUMBA_NUM_THREADS = threads
            return price(self.model, self.options, terms, spots, volatility, engine=engine)

        return run

    def error(self, desk: Desk) -> str:
        """The largest difference from the same engine, or the best scheme, over the strike.

        A tree of QuantLib has another probability (`benchmarks.pricing_accuracy`): nothing is said of it.
        """
        if self.steps:
            return ""
        few = self.book.first(SAMPLE)
        best = "highPrecision" if few.american else self.engine
        known = np.array(desk.loop(few.cases(), list(SPOTS), best)).reshape(few.spots.shape)
        found = price(self.model, self.options, few.terms, few.spots, few.volatility)
        return f"largest error {np.abs((found - known) / few.strike[:, None]).max():.0e} of K"


def rows(quick: bool = False) -> Iterator[Row]:
    """Rows of every model, then what an implied volatility costs."""
    desk, size = Desk(), 40 if quick else 1
    for line in lines(size):
        yield from beside_quantlib(desk, line, 1 if quick else ROUNDS)
        if line.kind == "european":
            yield from beside_numpy(line.book, 1 if quick else ROUNDS)
            yield beside_vollib(line.book)
    yield from implied(size)


def lines(part: int) -> Iterator[Line]:
    """All models, on one of so many parts of the books."""
    american = book(20_000 // part, True)
    puts = replace(american, call=np.zeros_like(american.call))
    few = puts.first(4_000 // part)
    paying = replace(few, dividend_yield=np.zeros_like(few.strike), dividends=DIVIDENDS)
    yield Line("black_scholes", "black_scholes", {}, book(20_000 // part, False), "european", "analytic")
    for accuracy, scheme in (("standard", "fast"), ("high", "accurate")):
        for name, chosen in (("calls and puts", american), ("puts", puts)):
            options: Options = {"accuracy": accuracy}
            yield Line(f"american, {accuracy}, {name}", "american", options, chosen, "american", scheme)
    for tree, steps in (("crr", 50), ("crr", 200), ("leisen_reimer", 51), ("leisen_reimer", 101)):
        engine = "lr" if tree == "leisen_reimer" else tree
        for name, chosen in (("American puts", few), ("American puts, dividends", paying)):
            options = {"tree": tree, "steps": steps}
            yield Line(f"{tree} {steps}, {name}", "binomial", options, chosen, "tree", engine, steps)


def beside_quantlib(desk: Desk, line: Line, rounds: int) -> Iterator[Row]:
    """numpy and the compiled engine against QuantLib's loop, each for one price."""
    few = line.book.first(SAMPLE)
    cases, moved = few.cases(), [float(spot) for spot in SPOTS]
    method = (
        f"QdFp, {line.engine}" if line.kind == "american" else f"{line.engine} {line.steps or ''}".strip()
    )
    peer = f"QuantLib, {method}"
    contenders: dict[str, Callable[[], object]] = {
        "numpy": line.ours("numpy"),
        peer: lambda: desk.loop(cases, moved, line.engine, line.steps),
    }
    if find_spec("numba") is not None:
        contenders |= {"1": line.ours("compiled"), "2": line.ours("compiled", 2)}
    found = {
        name: measured.per(few.spots.size if name == peer else line.book.spots.size)
        for name, measured in interleaved(contenders, rounds).items()
    }
    plain, fast = (at_least(times) for times in WANTED[line.kind])
    note = line.error(desk)
    yield against(GOAL, f"{line.name}, numpy", found["numpy"], found[peer], plain, "processor", note)
    if "2" not in found:
        yield missing(GOAL, f"{line.name}, compiled", peer, "'pmdsl[fast]'", fast)
        return
    yield against("", f"{line.name}, compiled, 1 thread", found["1"], found[peer], None, "processor")
    yield by_wall(GOAL, f"{line.name}, compiled, 2 threads", found["2"], found[peer], fast)


def beside_numpy(some: Book, rounds: int) -> Iterator[Row]:
    """The formula as one writes it down with numpy and scipy, for every cell."""
    line = Line("black_scholes", "black_scholes", {}, some, "european", "analytic")
    contenders: dict[str, Callable[[], object]] = {
        "numpy": line.ours("numpy"),
        "numpy + ndtr": lambda: written_down(some),
    }
    if find_spec("numba") is not None:
        contenders["2"] = line.ours("compiled", 2)
    found = {name: m.per(some.spots.size) for name, m in interleaved(contenders, rounds).items()}
    naive = found["numpy + ndtr"]
    yield against("", "black_scholes, numpy", found["numpy"], naive, None, "processor")
    if "2" in found:
        yield by_wall(GOAL, "black_scholes, compiled, 2 threads", found["2"], naive, at_least(10))


def written_down(some: Book) -> Floats:
    """Black, Scholes and Merton without a thought for speed."""
    terms, spots = some.terms, some.spots
    strike, years, q, sigma = (
        x[:, None] for x in (some.strike, terms.years, some.dividend_yield, some.volatility)
    )
    sign = np.where(some.call, 1.0, -1.0)[:, None]
    d1 = (np.log(spots / strike) + (RATE - q + 0.5 * sigma**2) * years) / (sigma * np.sqrt(years))
    d2 = d1 - sigma * np.sqrt(years)
    paid = spots * np.exp(-q * years) * ndtr(sign * d1)
    return np.asarray(sign * (paid - strike * np.exp(-RATE * years) * ndtr(sign * d2)))


def beside_vollib(some: Book) -> Row:
    """The same book priced by py_vollib_vectorized in an environment of its own."""
    wanted, name = at_least(10), "black_scholes, numpy"
    python = os.environ.get(VARIABLE)
    if python is None:
        return missing(GOAL, name, "py_vollib_vectorized", f"-r benchmarks/vollib.txt; {VARIABLE}", wanted)
    line = Line("black_scholes", "black_scholes", {}, some, "european", "analytic")
    ours = interleaved({"numpy": line.ours("numpy")}, ROUNDS)["numpy"].per(some.spots.size)
    release, spent, prices = vollib(python, some)
    error = np.abs((line.ours("numpy")() - prices) / some.strike[:, None]).max()
    theirs = Measured(f"py_vollib_vectorized {release}", spent, spent, None).per(some.spots.size)
    return against(GOAL, name, ours, theirs, wanted, "processor", f"largest error {error:.0e} of K")


def vollib(python: str, some: Book) -> tuple[str, float, Floats]:
    """Its release, the processor seconds of a run, and its prices."""
    spots, terms = some.spots, some.terms
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
        np.savez(path, rate=RATE, runs=ROUNDS, spot=spots.ravel(), **cells)
        command = [python, str(Path(__file__).with_name("vollib_peer.py")), str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        prices = np.load(path.with_suffix(".npy")).reshape(spots.shape)
    release, spent = told.split()
    return release, float(spent), prices


def implied(part: int) -> Iterator[Row]:
    """What it costs to find a volatility from a price; the peer is one price of the same option."""
    trees: list[Options] = [{"tree": "crr", "steps": 200}, {"tree": "leisen_reimer", "steps": 101}]
    yield implied_row("black_scholes", "black_scholes", {}, book(17_000 // part, False))
    yield implied_row("american, standard", "american", {}, book(7_000 // part, True))
    for options in trees:
        name = f"{options['tree']} {options['steps']}, American"
        yield implied_row(name, "binomial", options, book(2_000 // part, True))


def implied_row(name: str, model: str, options: Options, some: Book) -> Row:
    terms = some.terms
    target = price(model, options, terms, SPOT, some.volatility)
    exercise = np.where(terms.call, SPOT - terms.strike, terms.strike - SPOT)
    quoted = target > np.maximum(exercise, 0.0) + 1e-4 * SPOT
    terms, target, volatility = terms.take(quoted), target[quoted], some.volatility[quoted]
    solved = implied_volatility(model, options, terms, SPOT, target)
    if not (solved.reason == Reason.SOLVED).all():
        raise AssertionError(f"{name}: not every volatility came back")
    found = interleaved(
        {
            "ours": lambda: implied_volatility(model, options, terms, SPOT, target),
            "one price": lambda: price(model, options, terms, SPOT, volatility),
        }
    )
    ours, theirs = (found[key].per(len(terms)) for key in ("ours", "one price"))
    return against(
        "", f"implied volatility, {name}", ours, theirs, None, "processor", f"{len(terms):,} options"
    )
