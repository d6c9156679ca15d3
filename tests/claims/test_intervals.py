"""Intervals hold every value that they must hold."""

from __future__ import annotations

from fractions import Fraction
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from pmdsl.compare.claims.intervals import ANY, Interval, hull, just

numbers = st.integers(-50, 50).map(Fraction) | st.fractions(-5, 5, max_denominator=7)


@st.composite
def held(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval, perhaps open to one side, and a value in it."""
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    ends = draw(st.sampled_from(["both", "low", "high", "none"]))
    return Interval(
        low if ends in ("both", "low") else -inf, high if ends in ("both", "high") else inf
    ), value


def inside(interval: Interval, value: Fraction) -> bool:
    return interval.low <= value <= interval.high


@given(held(), held())
def test_arithmetic(left: tuple[Interval, Fraction], right: tuple[Interval, Fraction]) -> None:
    (a, x), (b, y) = left, right
    assert inside(a + b, x + y)
    assert inside(a - b, x - y)
    assert inside(a * b, x * y)
    assert inside(-a, -x)
    assert inside(a.absolute(), abs(x))
    assert inside(hull([a, b]), x)
    assert inside(a.joined(b), y)
    if y:
        assert inside(b.reciprocal(), 1 / y)


@given(held())
def test_signs(found: tuple[Interval, Fraction]) -> None:
    interval, value = found
    assert inside(interval.sign(), value)
    assert inside(interval.sign(), 3 * value)
    assert not interval.is_positive or value >= 0
    assert not interval.is_negative or value <= 0


def test_edges() -> None:
    assert just(3).exact == 3
    assert Interval(Fraction(1), Fraction(2)).exact is None
    assert ANY.reciprocal() == ANY
    assert (ANY * just(0)).exact == 0
    assert hull([]) == ANY
