"""The engine `compiled` gives the values of the engine `numpy`, for whatever it is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.pricing import Terms, delta, implied_volatility, price
from pmdsl.pricing.terms import Floats

compiled = pytest.importorskip("pmdsl.pricing.compiled", reason="numba is missing")

quick = settings(max_examples=60, deadline=None)

EUROPEAN = [("black_scholes", {}), ("black_76", {})]
TREES = [
    ("binomial", {"tree": "crr", "steps": 1}),
    ("binomial", {"tree": "crr", "steps": 50}),
    ("binomial", {"tree": "crr", "steps": 133}),
    ("binomial", {"tree": "leisen_reimer", "steps": 51}),
]
BOUNDARY = [("american", {"accuracy": "standard"}), ("american", {"accuracy": "high"})]
NUMBERS = (np.nan, 0.0, -1.0, np.inf)


@dataclass(frozen=True)
class Book:
    """Options on one share, under scenarios of its price or of both price and volatility."""

    terms: Terms
    spot: Floats
    volatility: Floats

    def values(self, model: str, options: dict[str, int | str], engine: str) -> Floats:
        return price(model, options, self.terms, self.spot, self.volatility, engine=engine)

    @property
    def scale(self) -> Floats:
        """What errors are measured in: the strike or the spot, whichever is larger, (n, m)."""
        shape = np.broadcast_shapes(self.spot.shape, self.volatility.shape)
        size = np.fmax(np.fmax(self.spot, self.terms.strike[:, None]), 1e-3)
        return np.broadcast_to(np.where(np.isfinite(size), size, 1.0), shape)


def assert_same(book: Book, model: str, options: dict[str, int | str], tolerance: float) -> None:
    ours, theirs = (book.values(model, options, engine) for engine in ("compiled", "numpy"))
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    finite = np.isfinite(theirs)
    np.testing.assert_array_equal(ours[~finite], theirs[~finite])
    gap = np.abs(ours[finite] - theirs[finite]) / book.scale[finite]
    assert gap.max(initial=0.0) <= tolerance


def number(usual: st.SearchStrategy[float], *odd: float) -> st.SearchStrategy[float]:
    """A usual number most of the time."""
    return st.one_of(usual, usual, usual, usual, st.sampled_from(odd or NUMBERS))


@st.composite
def books(draw: st.DrawFn, dividends: bool = False) -> Book:
    count, width = draw(st.integers(1, 4)), draw(st.sampled_from([1, 2, 7, 16, 19]))

    def column(values: st.SearchStrategy[float], size: int = count) -> Floats:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)))

    rates = number(st.floats(-0.05, 0.2), 0.0, -0.01, 1e-7, np.nan)
    flag = st.booleans()
    terms = Terms.of(
        column(flag),
        column(number(st.floats(20.0, 400.0))),
        column(number(st.floats(1e-3, 6.0), 0.0, 1 / 365, np.nan, -0.5)),
        column(flag),
        column(rates),
        column(rates),
    )
    if dividends:
        times = column(number(st.floats(0.0, 2.0), np.nan, -0.1), 3 * count).reshape(count, 3)
        amounts = column(number(st.floats(0.0, 8.0), 0.0, 150.0, np.nan), 3 * count).reshape(count, 3)
        terms = replace(terms, dividend_times=times, dividend_amounts=amounts)
    volatilities = number(st.floats(0.02, 1.5), 0.0, 1e-9, 8.0, np.nan, -0.2)
    wide = draw(flag)
    spot = column(number(st.floats(20.0, 300.0)), count * width).reshape(count, width)
    volatility = column(volatilities, count * (width if wide else 1)).reshape(count, -1)
    return Book(terms, spot, volatility)


@pytest.mark.parametrize(("model", "options"), EUROPEAN)
@quick
@given(book=st.one_of(books(), books(dividends=True)))
def test_formulas(model: str, options: dict[str, int | str], book: Book) -> None:
    assert_same(book, model, options, 1e-13)


@pytest.mark.parametrize(("model", "options"), TREES)
@quick
@given(book=st.one_of(books(), books(dividends=True)))
def test_trees(model: str, options: dict[str, int | str], book: Book) -> None:
    assert_same(book, model, options, 1e-12)


@pytest.mark.parametrize(("model", "options"), BOUNDARY)
@settings(max_examples=40, deadline=None)
@given(book=st.one_of(books(), books(dividends=True)))
def test_boundaries(model: str, options: dict[str, int | str], book: Book) -> None:
    assert_same(book, model, options, 1e-9)


def plain(count: int, width: int, seed: int = 5) -> Book:
    """A book without anything odd: more options than a piece, or more scenarios than a line."""
    random = np.random.default_rng(seed)
    terms = Terms.of(
        random.random(count) < 0.5,
        random.uniform(60.0, 150.0, count),
        random.uniform(0.01, 3.0, count),
        random.random(count) < 0.7,
        0.04,
        random.choice([0.0, 0.02, 0.07], count),
    )
    spot = random.uniform(70.0, 140.0, (count, width))
    return Book(terms, spot, random.uniform(0.1, 0.9, (count, 1)))


@pytest.mark.parametrize(("count", "width"), [(1, 1500), (3, 513), (2500, 1), (1300, 16)])
def test_sizes_of_pieces_and_lines(count: int, width: int) -> None:
    book = plain(count, width)
    assert_same(book, "black_scholes", {}, 1e-13)
    assert_same(book, "binomial", {"tree": "crr", "steps": 9}, 1e-12)
    assert_same(book, "american", {}, 1e-9)


def test_a_price_does_not_depend_on_its_neighbours() -> None:
    book = plain(60, 8)
    for model, options in (("binomial", {"steps": 40}), ("black_scholes", {}), ("american", {})):
        together = book.values(model, options, "compiled")
        for row in (0, 17, 59):
            part = slice(row, row + 1)
            alone = Book(book.terms.take(part), book.spot[part], book.volatility[part])
            found = alone.values(model, options, "compiled")[0]
            np.testing.assert_allclose(found, together[row], rtol=0, atol=1e-11)


@pytest.mark.parametrize(("model", "options"), [*EUROPEAN, *TREES, *BOUNDARY])
def test_the_number_of_threads_changes_no_bit(
    model: str, options: dict[str, int | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import numba

    book = plain(1200, 20)
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(numba.config, "NUMBA_NUM_THREADS", threads)
        found.append(book.values(model, options, "compiled"))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_trees_that_are_left_to_numpy() -> None:
    """Volatilities whose powers fit no float64, dividends above the price, no strike, many steps."""
    years, amounts = [1.0, 1.0, 1.0, 5.0], [0.0, 150.0, 3.0, 0.0]
    terms = Terms.of([True, False, True, False], [100.0, 100.0, 0.0, 90.0], years, True, 0.05, 0.03)
    times = np.full((4, 1), 0.4)
    terms = replace(terms, dividend_times=times, dividend_amounts=np.array(amounts)[:, None])
    spot = np.array([[90.0, 100.0, 130.0]]) * np.ones((4, 1))
    for options in ({"steps": 300}, {"tree": "leisen_reimer", "steps": 51}):
        for volatility in (0.3, 40.0):
            assert_same(Book(terms, spot, np.full((4, 1), volatility)), "binomial", options, 1e-12)
    many = {"tree": "leisen_reimer", "steps": 1501}
    assert_same(Book(terms, spot[:, :1], np.full((4, 1), 0.3)), "binomial", many, 1e-12)


def test_shapes_and_inputs_that_may_not_be_written_to() -> None:
    terms = Terms.of([True, False, True], [90.0, 100.0, 110.0], [0.1, 0.5, 1.0], rate=0.03)
    spot = np.broadcast_to(np.linspace(90.0, 110.0, 4)[None, :, None], (3, 4, 2))
    volatility = np.broadcast_to(np.array([0.2, 0.3])[None, None], (3, 1, 2))
    for model, options in (("black_76", {}), ("binomial", {"steps": 5}), ("american", {})):
        ours, theirs = (
            price(model, options, terms, spot, volatility, engine=engine) for engine in ("compiled", "numpy")
        )
        assert ours.shape == (3, 4, 2)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-11)
        empty = terms.take(slice(0, 0)), np.zeros((0, 4)), np.zeros(0)
        none = price(model, options, *empty, engine="compiled")
        assert none.shape == (0, 4)
    np.testing.assert_array_equal(price("linear", {}, terms, spot, 0.2, engine="compiled"), spot)


def test_a_call_on_nothing_without_a_volatility_has_no_price() -> None:
    """Where there is no tree there is no price, not even that of a worthless share."""
    terms = Terms.of(True, 100.0, 1.0, [False, True], 0.05)
    for engine in ("numpy", "compiled"):
        values = price("binomial", {"steps": 9}, terms, 0.0, [[np.nan, 0.0, 0.2]] * 2, engine=engine)
        assert np.isnan(values).tolist() == [[True, True, False]] * 2
        assert values[:, 2].tolist() == [0.0, 0.0]


def test_dividends_that_are_not_known_spoil_a_worthless_share_too() -> None:
    """numpy once failed there."""
    terms = Terms.of([True, False], 100.0, 1.0, True, 0.05, 0.0, [0.5], [np.nan])
    for engine in ("numpy", "compiled"):
        assert np.isnan(price("binomial", {"steps": 9}, terms, 0.0, 0.3, engine=engine)).all()
        european = replace(terms, american=np.array([False, False]))
        assert np.isnan(price("black_scholes", {}, european, 0.0, 0.3, engine=engine)).all()


def test_what_is_refused_is_refused_in_the_same_words() -> None:
    terms = Terms.of(True, 100.0, 1.0)
    with pytest.raises(ValueError, match="there is no pricing model heston"):
        price("heston", {}, terms, 100.0, 0.2, engine="compiled")
    with pytest.raises(ValueError, match="steps must be odd"):
        price("binomial", {"tree": "leisen_reimer", "steps": 8}, terms, 100.0, 0.2, engine="compiled")
    with pytest.raises(ValueError, match="first dimension is 4 where 1 options"):
        price("black_76", {}, terms, np.zeros((4, 2)), 0.2, engine="compiled")


def test_volatilities_and_slopes_do_not_ask_for_an_engine() -> None:
    terms = Terms.of(False, [90.0, 110.0], 0.7, True, 0.05)
    for model, options in (("american", {}), ("binomial", {"steps": 60})):
        target = price(model, options, terms, 100.0, 0.31, engine="compiled")
        solved = implied_volatility(model, options, terms, 100.0, target)
        np.testing.assert_allclose(solved.volatility, 0.31, rtol=0, atol=1e-8)
        assert (delta(model, options, terms, 100.0, solved.volatility) < 0.0).all()
