"""Closed intervals with exact or infinite ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import inf

End = Fraction | float


@dataclass(frozen=True)
class Interval:
    """Everything from `low` to `high`, both included; an end is a Fraction, or an infinite float."""

    low: End = -inf
    high: End = inf

    @property
    def exact(self) -> Fraction | None:
        """The one value of the interval, or None where it has more."""
        return self.low if self.low == self.high and isinstance(self.low, Fraction) else None

    @property
    def is_positive(self) -> bool:
        """Whether no value is below zero."""
        return self.low >= 0

    @property
    def is_negative(self) -> bool:
        """Whether no value is above zero."""
        return self.high <= 0

    def __add__(self, other: Interval) -> Interval:
        return Interval(_sum(self.low, other.low, -inf), _sum(self.high, other.high, inf))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        ends = [_product(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def reciprocal(self) -> Interval:
        """1 / x, for x other than zero."""
        if self.low > 0:
            return Interval(_inverse(self.high), _inverse(self.low))
        if self.high < 0:
            return Interval(_inverse(self.high), _inverse(self.low))
        if self.low == 0:
            return Interval(_inverse(self.high), inf)
        if self.high == 0:
            return Interval(-inf, _inverse(self.low))
        return ANY

    def absolute(self) -> Interval:
        if self.is_positive:
            return self
        if self.is_negative:
            return -self
        return Interval(Fraction(0), max(-self.low, self.high))

    def sign(self) -> Interval:
        """What is left of it when only the sign survives."""
        return Interval(Fraction(0) if self.is_positive else -inf, Fraction(0) if self.is_negative else inf)

    def joined(self, other: Interval) -> Interval:
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def met(self, other: Interval) -> Interval:
        """What lies in both; the other where they have nothing in common."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high else other


def _sum(a: End, b: End, unknown: float) -> End:
    if isinstance(a, float) or isinstance(b, float):
        infinite = [x for x in (a, b) if isinstance(x, float)]
        return infinite[0] if len(set(infinite)) == 1 else unknown
    return a + b


def _product(a: End, b: End) -> End:
    """The product of two ends; nothing times anything is nothing, for what is infinite is never reached."""
    if a == 0 or b == 0:
        return Fraction(0)
    if isinstance(a, float) or isinstance(b, float):
        return inf if (a > 0) == (b > 0) else -inf
    return a * b


def _inverse(a: End) -> End:
    return Fraction(0) if isinstance(a, float) else 1 / a


def hull(intervals: Iterable[Interval]) -> Interval:
    """The least interval that holds all of some; everything where there are none."""
    found = list(intervals)
    if not found:
        return ANY
    return Interval(min(x.low for x in found), max(x.high for x in found))


ANY = Interval()
POSITIVE = Interval(Fraction(0), inf)
TRUTH = Interval(Fraction(0), Fraction(1))
ZERO = Interval(Fraction(0), Fraction(0))


def just(value: Fraction | int) -> Interval:
    return Interval(Fraction(value), Fraction(value))
