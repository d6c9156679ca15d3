"""Strategy-based margin in the United States by trying everything: a slow and obvious version of `us.reg_t`.

Written from Cboe's Margin Manual (pages in the comments), in exact fractions, for one underlying and its
options. Every way to put whole contracts into strategies is tried: first how many contracts of each option go
into the spread, then the rest one strategy at a time (shares by lots of 50).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from math import lcm
from typing import Any

ZERO = Fraction(0)
Charge = tuple[Fraction, ...]  # initial, proceeds, maintenance, credit
NOTHING: Charge = (ZERO, ZERO, ZERO, ZERO)
BASES = {"narrow": Fraction(20, 100), "broad": Fraction(15, 100)}


@dataclass(frozen=True)
class Name:
    """The underlying: a stock, or a fund with its breadth and leverage."""

    price: Fraction
    kind: str = "stock"
    breadth: str = "narrow"
    leverage: Fraction = Fraction(1)


@dataclass(frozen=True)
class Holding:
    """A position by one contract of it: a share has no right."""

    name: Name
    side: int
    price: Fraction
    trade_price: Fraction
    multiplier: int = 1
    right: str = ""
    strike: Fraction = ZERO
    expiry: date = date.max
    exercise: str = "american"

    # ---- amounts of n contracts ----

    def worth(self, n: int) -> Fraction:
        return n * self.multiplier * self.price

    def cost(self, n: int) -> Fraction:
        return n * self.multiplier * self.trade_price

    def struck(self, n: int) -> Fraction:
        return n * self.multiplier * self.strike

    def out_of_the_money(self, n: int) -> Fraction:
        gap = self.strike - self.name.price if self.right == "call" else self.name.price - self.strike
        return n * self.multiplier * max(gap, ZERO)

    def in_the_money(self, n: int) -> Fraction:
        gap = self.strike - self.name.price if self.right == "call" else self.name.price - self.strike
        return n * self.multiplier * max(-gap, ZERO)

    def risk(self, n: int) -> Fraction:
        """20% (15% on a broad fund) less what it is out of the money, at least 10%: pp. 6-7."""
        lever = abs(self.name.leverage)
        base = BASES[self.name.breadth if self.name.kind == "etf" else "narrow"]
        spot = n * self.multiplier * self.name.price
        floor = spot if self.right == "call" else self.struck(n)
        return max(base * lever * spot - self.out_of_the_money(n), Fraction(1, 10) * lever * floor)

    def short_charge(self, n: int) -> Fraction:
        """A short share from 5 dollars: 30%, at least 5; below: all, at least 2.50. P. 12."""
        price, lever = self.name.price, abs(self.name.leverage)
        if price >= 5:
            each = max(Fraction(5), min(Fraction(30, 100) * lever, Fraction(1)) * price)
        else:
            each = max(Fraction(5, 2), price)
        return n * self.multiplier * each

    def daily_rate(self) -> Fraction:
        return min(Fraction(25, 100) * abs(self.name.leverage), Fraction(1))


HALF = Fraction(1, 2)
TENTH = Fraction(1, 10)
LOT = 50


# ---- one position by itself ----


def alone(h: Holding, on: date, n: int = 1) -> Charge:
    if not h.right and h.side > 0:
        return HALF * h.cost(n), ZERO, h.daily_rate() * h.worth(n), h.worth(n)
    if not h.right:
        return (1 + HALF) * h.cost(n), h.cost(n), h.worth(n) + h.short_charge(n), ZERO
    if h.side > 0 and h.expiry > months_on(on, 9):
        rate = Fraction(75, 100)
        return rate * h.cost(n), ZERO, rate * h.worth(n), h.worth(n)
    if h.side > 0:
        return h.cost(n), ZERO, ZERO, ZERO
    return h.cost(n) + h.risk(n), h.cost(n), h.worth(n) + h.risk(n), ZERO


def months_on(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)


# ---- combinations of several legs ----


def combined(legs: tuple[tuple[Holding, int], ...]) -> Iterator[Charge]:
    """What the named strategies charge for these legs, taken in this order; nothing where they are none."""
    sides = "".join("L" if h.side > 0 else "S" for h, _ in legs)
    kinds = "".join(h.right[0] if h.right else "s" for h, _ in legs)
    shape = " ".join(a + b for a, b in zip(sides, kinds, strict=True))
    maker = SHAPES.get(shape)
    if maker is not None:
        yield from maker(*legs)


Leg = tuple[Holding, int]


def straddle(c: Leg, p: Leg) -> Iterator[Charge]:
    """The larger requirement, and the price of the other side: p. 8."""
    (call, n), (put, m) = c, p
    if call.multiplier != put.multiplier:
        return
    initial = (call.cost(n) + call.risk(n), put.cost(m) + put.risk(m))
    daily = (call.worth(n) + call.risk(n), put.worth(m) + put.risk(m))
    first = initial[0] + put.cost(m) if initial[0] >= initial[1] else initial[1] + call.cost(n)
    then = daily[0] + put.worth(m) if daily[0] >= daily[1] else daily[1] + call.worth(n)
    yield first, call.cost(n) + put.cost(m), then, ZERO


def covered_call(s: Leg, c: Leg) -> Iterator[Charge]:
    """P. 13."""
    (stock, n), (call, m) = s, c
    held = min(stock.worth(n), call.struck(m))
    yield HALF * stock.cost(n), call.cost(m), stock.daily_rate() * held, held


def covered_put(s: Leg, p: Leg) -> Iterator[Charge]:
    """P. 12."""
    (stock, n), (put, m) = s, p
    daily = stock.worth(n) + stock.short_charge(n) + put.in_the_money(m)
    yield (1 + HALF) * stock.cost(n), stock.cost(n) + put.cost(m), daily, ZERO


def protective_put(s: Leg, p: Leg) -> Iterator[Charge]:
    """P. 15."""
    (stock, n), (put, m) = s, p
    if put.exercise == "american":
        daily = min(TENTH * put.struck(m) + put.out_of_the_money(m), stock.daily_rate() * stock.worth(n))
        yield put.cost(m) + HALF * stock.cost(n), ZERO, daily, stock.worth(n)


def protective_call(s: Leg, c: Leg) -> Iterator[Charge]:
    """P. 16."""
    (stock, n), (call, m) = s, c
    if call.exercise == "american":
        daily = min(TENTH * call.struck(m) + call.out_of_the_money(m), stock.short_charge(n))
        yield call.cost(m) + (1 + HALF) * stock.cost(n), stock.cost(n), stock.worth(n) + daily, ZERO


def conversion_or_collar(s: Leg, p: Leg, c: Leg) -> Iterator[Charge]:
    """Pp. 17 and 19."""
    (stock, n), (put, m), (call, k) = s, p, c
    if put.exercise != "american" or put.expiry != call.expiry:
        return
    initial = HALF * stock.cost(n) + put.cost(m)
    credit = min(stock.worth(n), call.struck(k))
    if put.strike == call.strike:
        yield initial, call.cost(k), TENTH * put.struck(m), credit
    elif put.strike < call.strike:
        daily = min(TENTH * put.struck(m) + put.out_of_the_money(m), Fraction(25, 100) * call.struck(k))
        yield initial, call.cost(k), daily, credit


def reversal(s: Leg, c: Leg, p: Leg) -> Iterator[Charge]:
    """P. 18."""
    (stock, n), (call, m), (put, k) = s, c, p
    if call.exercise != "american" or put.expiry != call.expiry or put.strike != call.strike:
        return
    more = TENTH * call.struck(m) if call.strike < stock.trade_price else HALF * stock.cost(n)
    daily = stock.worth(n) + TENTH * call.struck(m) + put.in_the_money(k)
    yield call.cost(m) + stock.cost(n) + more, stock.cost(n) + put.cost(k), daily, ZERO


def long_box(a: Leg, b: Leg, c: Leg, d: Leg) -> Iterator[Charge]:
    """Long call low, short call high, long put high, short put low, European: pp. 10, 49."""
    (low, n), (high, m), (put, k), (low_put, j) = a, b, c, d
    legs = (low, high, put, low_put)
    if len({leg.expiry for leg in legs}) > 1 or {leg.exercise for leg in legs} != {"european"}:
        return
    if low.strike < high.strike and high.strike == put.strike and low.strike == low_put.strike:
        width = high.struck(m) - low.struck(n)
        value = low.worth(n) + put.worth(k) - high.worth(m) - low_put.worth(j)
        yield HALF * width, ZERO, HALF * width, min(value, width)


SHAPES = {
    "Sc Sp": straddle,
    "Ls Sc": covered_call,
    "Ss Sp": covered_put,
    "Ls Lp": protective_put,
    "Ss Lc": protective_call,
    "Ls Lp Sc": conversion_or_collar,
    "Ss Lc Sp": reversal,
    "Lc Sc Lp Sp": long_box,
}


# ---- the spread: one rule, pp. 9 and 36-38 ----


def spread(holdings: tuple[Holding, ...], taken: tuple[int, ...], exercise: str) -> Charge | None:
    """The charge of these contracts as one spread; None where they are none."""
    held = [(h, n) for h, n in zip(holdings, taken, strict=True) if n and h.exercise == exercise]
    if not held:
        return NOTHING
    for right in ("call", "put"):
        legs = [(h, n * h.multiplier) for h, n in held if h.right == right]
        if sum(size for h, size in legs if h.side > 0) != sum(size for h, size in legs if h.side < 0):
            return None
        for day in {h.expiry for h, _ in legs}:
            shorts = sum(size for h, size in legs if h.side < 0 and h.expiry >= day)
            if shorts > sum(size for h, size in legs if h.side > 0 and h.expiry >= day):
                return None
    paid = sum((h.cost(n) for h, n in held if h.side > 0), ZERO)
    got = sum((h.cost(n) for h, n in held if h.side < 0), ZERO)
    counted = sum((h.worth(n) for h, n in held if h.side > 0), ZERO)
    needed = paid + maximum_loss(held)
    return needed, got, needed, counted


def maximum_loss(held: list[tuple[Holding, int]]) -> Fraction:
    prices = {ZERO, *(h.strike for h, _ in held)}
    return max(ZERO, *(-sum((payoff(h, n, price) for h, n in held), ZERO) for price in prices))


def payoff(h: Holding, n: int, price: Fraction) -> Fraction:
    gap = price - h.strike if h.right == "call" else h.strike - price
    return h.side * n * h.multiplier * max(gap, ZERO)


# ---- the cheapest of everything ----


@dataclass(frozen=True)
class Requirement:
    """What `us.reg_t` answers."""

    initial: Fraction
    deposit: Fraction
    maintenance: Fraction


def requirement(holdings: tuple[Holding, ...], quantities: tuple[int, ...], on: date) -> Requirement:
    """The smallest total over all pairings, of what is paid at the opening and of what has to be kept."""
    opening = cheapest(holdings, quantities, on, paid_first)
    daily = cheapest(holdings, quantities, on, kept_first)
    return Requirement(opening[0], max(opening[0] - opening[1], ZERO), daily[2])


def paid_first(charge: Charge) -> tuple[Fraction, ...]:
    return charge[0] - charge[1], charge[0]


def kept_first(charge: Charge) -> tuple[Fraction, ...]:
    return charge[2] - charge[3], charge[2]


def cheapest(holdings: tuple[Holding, ...], quantities: tuple[int, ...], on: date, order: Any) -> Charge:
    """The charge that comes first in an order, over all ways to choose the spreads and to pair the rest."""
    matches = tuple(all_matches(holdings, quantities))

    @cache
    def rest(left: tuple[int, ...]) -> Charge:
        first = next((k for k, n in enumerate(left) if n), None)
        if first is None:
            return NOTHING
        lot = 1 if holdings[first].right else min(LOT, left[first])
        found = [plus(rest(less(left, {first: lot})), alone(holdings[first], on, lot))]
        for used, charge in matches:
            if used.get(first) and all(left[k] >= n for k, n in used.items()):
                found.append(plus(rest(less(left, used)), charge))
        return min(found, key=order)

    best: Charge | None = None
    ranges = [range(n + 1) if h.right else range(1) for h, n in zip(holdings, quantities, strict=True)]
    for taken in product(*ranges):
        pools = [spread(holdings, taken, exercise) for exercise in ("american", "european")]
        if any(pool is None for pool in pools):
            continue
        left = tuple(n - m for n, m in zip(quantities, taken, strict=True))
        total = rest(left)
        for pool in pools:
            total = plus(total, pool or NOTHING)
        if best is None or order(total) < order(best):
            best = total
    assert best is not None
    return best


def all_matches(
    holdings: tuple[Holding, ...], quantities: tuple[int, ...]
) -> Iterator[tuple[dict[int, int], Charge]]:
    """Every smallest match of two to four legs with its charge."""
    numbers = range(len(holdings))
    for count in (2, 3, 4):
        for chosen in product(numbers, repeat=count):
            if len(set(chosen)) < count:
                continue
            size = lcm(*(holdings[k].multiplier for k in chosen))
            used = {k: size // holdings[k].multiplier for k in chosen}
            if all(quantities[k] >= n for k, n in used.items()):
                for charge in combined(tuple((holdings[k], used[k]) for k in chosen)):
                    yield used, charge


def plus(left: Charge, right: Charge) -> Charge:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def less(left: tuple[int, ...], used: dict[int, int]) -> tuple[int, ...]:
    return tuple(n - used.get(k, 0) for k, n in enumerate(left))
