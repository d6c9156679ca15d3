"""Margin of Canadian client accounts by trying everything: a slow and obvious version of `ca.ciro`.

Sources: IIROC Rules, Rule 5000, one page a section (the numbers in the comments); GN-5700-21-002.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from itertools import permutations
from math import gcd
from typing import Any

from tests.oracle.choices import Way, cheapest, equal_sizes
from tests.oracle.market import Book, as_date
from tests.oracle.reg_t import months_on

ZERO = Fraction(0)
LEAST = {
    "equity": "0.05",
    "index": "0.02",
    "participation_unit": "0.02",
    "debt": "0.01",
    "currency": "0.0075",
}


def number(value: Any) -> Fraction:
    return Fraction(str(value))


@dataclass(frozen=True)
class Held:
    """A position by one contract of it; shares by lots, which are `size` of them."""

    instrument: Mapping[str, Any]
    underlying: Mapping[str, Any]
    side: int
    size: int
    on: date

    @property
    def shape(self) -> str:
        """`Lc` is a long call, `Ss` a short stock."""
        return ("L" if self.side > 0 else "S") + str(self.instrument.get("right", "stock"))[0]

    @property
    def spot(self) -> Fraction:
        return number(self.underlying["price"])

    @property
    def strike(self) -> Fraction:
        return number(self.instrument["strike"])

    @property
    def expiry(self) -> date:
        return as_date(self.instrument["expiry"])

    @property
    def worth(self) -> Fraction:
        return self.size * number(self.instrument.get("price", self.underlying["price"]))

    @property
    def form(self) -> str:
        return str(self.underlying.get("form", "index" if self.underlying["kind"] == "index" else "equity"))

    @property
    def rate(self) -> Fraction:
        """5310, or what is published."""
        if self.form != "equity":
            return number(self.underlying["published_rate"])
        if self.spot >= 2:
            return Fraction(30 if self.underlying.get("reduced_margin", False) else 50, 100)
        if self.spot >= Fraction(7, 4):
            return Fraction(60, 100)
        return Fraction(80, 100) if self.spot >= Fraction(3, 2) else Fraction(1)

    @property
    def gap(self) -> Fraction:
        """How far an option is out of the money, below zero where it is in the money."""
        each = self.strike - self.spot if self.shape[1] == "c" else self.spot - self.strike
        return self.size * each

    def alone(self) -> Fraction:
        """5310, 5720, 5721."""
        if self.shape == "Ls":
            return self.rate * self.worth
        if self.shape == "Ss":
            cheap = self.form == "equity" and self.spot < Fraction(1, 4)
            return self.size * (Fraction(1, 4) if cheap else self.rate * self.spot)
        if self.side > 0:
            inside = max(-self.gap, ZERO)
            share = Fraction(1, 2) if self.expiry >= months_on(self.on, 9) else Fraction(1)
            return min(self.rate * self.size * self.spot, inside) + share * max(self.worth - inside, ZERO)
        least = self.size * (self.spot if self.shape[1] == "c" else self.strike)
        usual = self.rate * self.size * self.spot - max(self.gap, ZERO)
        return max(usual, number(LEAST[self.form]) * least)


Leg = tuple[Held, int]


def alike(*legs: Leg) -> bool:
    """One right, one day of expiry, contracts of one size."""
    return len({(h.shape[1], h.expiry, h.size) for h, _ in legs}) == 1


def spread(a: Leg, b: Leg) -> Iterator[Fraction]:
    """5730."""
    (bought, n), (sold, m) = a, b
    if bought.shape[1] == sold.shape[1] and bought.expiry >= sold.expiry:
        lost = n * bought.size * bought.strike - m * sold.size * sold.strike
        yield min(m * sold.alone(), max(lost if sold.shape[1] == "c" else -lost, ZERO))


def both_short(c: Leg, p: Leg) -> Iterator[Fraction]:
    """5731."""
    (call, n), (put, m) = c, p
    yield max(n * call.alone(), m * put.alone(), m * put.size * put.strike - n * call.size * call.strike)


def both_long(c: Leg, p: Leg) -> Iterator[Fraction]:
    """5732."""
    (call, n), (put, m) = c, p
    brought = max(m * put.size * put.strike - n * call.size * call.strike, ZERO)
    yield max(n * call.worth + m * put.worth - brought, ZERO)


def short_and_call(s: Leg, c: Leg) -> Iterator[Fraction]:
    """5752."""
    (stock, n), (call, m) = s, c
    yield m * call.worth + min(m * max(call.gap, ZERO), n * stock.alone())


def conversion(s: Leg, p: Leg, c: Leg) -> Iterator[Fraction]:
    """5754."""
    (stock, n), (put, m), (call, k) = s, p, c
    lower = min(m * put.size * put.strike, k * call.size * call.strike)
    yield max(m * put.worth - k * call.worth + n * stock.worth - lower, ZERO)


def butterfly(a: Leg, b: Leg, c: Leg) -> Iterator[Fraction]:
    """5736, 5737: the middle strike twice."""
    (low, _), (middle, _), (high, _) = a, b, c
    if alike(a, b, c) and low.strike < middle.strike and low.strike + high.strike == 2 * middle.strike:
        yield max(low.worth + high.worth - 2 * middle.worth, ZERO) if low.side > 0 else ZERO


def condor(a: Leg, b: Leg, c: Leg, d: Leg) -> Iterator[Fraction]:
    """5738 with the guidance note."""
    (first, _), (second, _), (third, _), (fourth, _) = a, b, c, d
    even = second.strike - first.strike == fourth.strike - third.strike
    if alike(a, b, c, d) and first.strike < second.strike < third.strike and even:
        yield max(first.worth + fourth.worth - second.worth - third.worth, ZERO)


PAIRS: Mapping[str, Callable[[Leg, Leg], Iterator[Fraction]]] = {
    "Lc Sc": spread, "Lp Sp": spread, "Sc Sp": both_short, "Lc Lp": both_long, "Ss Lc": short_and_call,
}  # fmt: skip


def ways(held: list[Held]) -> Iterator[Way]:
    """Everything that can be made of these positions."""
    sizes = [h.size for h in held]
    for k, h in enumerate(held):
        yield Way(((k, 1),), h.alone())
    for count in (2, 3, 4):
        for chosen in permutations(range(len(held)), count):
            shape = " ".join(held[k].shape for k in chosen)
            takes = equal_sizes(chosen, sizes)
            legs = [(held[k], n) for k, n in takes]
            if shape in PAIRS:
                yield from (Way(takes, charge) for charge in PAIRS[shape](legs[0], legs[1]))
            if shape == "Ls Lp Sc":
                yield from (Way(takes, charge) for charge in conversion(*legs))
            if shape in ("Lc Sc Lc", "Lp Sp Lp", "Sc Lc Sc", "Sp Lp Sp"):
                twice = (takes[0], (takes[1][0], 2 * takes[1][1]), takes[2])
                yield from (Way(twice, charge) for charge in butterfly(*legs))
            if shape in ("Lc Sc Sc Lc", "Lp Sp Sp Lp"):
                yield from (Way(takes, charge) for charge in condor(*legs))


@dataclass(frozen=True)
class CiroResult:
    """One account, unrounded."""

    margin: Fraction
    loan_value: Fraction
    good_standing: bool | None


def ciro_margin(book: Book) -> dict[str, CiroResult]:
    """Every account."""
    return {row["id"]: account_margin(book, row) for row in book["accounts"]}


def account_margin(book: Book, account: Mapping[str, Any]) -> CiroResult:
    instruments = {row["id"]: row for row in book.get("instruments", [])}
    margin = value = ZERO
    for under in book["underlyings"]:
        mine: dict[str, int] = {}
        for line in book["positions"]:
            row = instruments.get(line["instrument"], {"underlying": line["instrument"]})
            if line["account"] == account["id"] and row["underlying"] == under["id"]:
                mine[line["instrument"]] = mine.get(line["instrument"], 0) + int(line["quantity"])
        mine = {name: n for name, n in mine.items() if n}
        options = [int(instruments[name].get("multiplier", 100)) for name in mine if name in instruments]
        held, counts = [], []
        for name, n in mine.items():
            row = instruments.get(name, {})
            size = int(row.get("multiplier", 100)) if row else reduce(gcd, options, abs(n))
            held.append(Held(row, under, 1 if n > 0 else -1, size, as_date(book["on"])))
            counts.append(abs(n) if row else abs(n) // size)
        margin += cheapest(tuple(counts), list(ways(held)))
        value += sum((h.side * n * h.worth for h, n in zip(held, counts, strict=True)), ZERO)
    good = number(account["cash"]) + value - margin >= 0 if "cash" in account else None
    return CiroResult(margin, value - margin, good)
