"""Strategy-based margin of the Taiwan Futures Exchange by trying everything: a slow version of `tw.taifex`.

Sources: TAIFEX, margin requirements of index options (marginReqSSO) and of equity options
(marginReqIndexOpt); President Futures (1 : 1.035 : 1.35); brokers' tables of combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

from tests.oracle.choices import Way, cheapest, equal_sizes
from tests.oracle.market import Book

STAGES = ("clearing", "maintenance", "initial")
TIMES = {"maintenance": Fraction(1035, 1000), "initial": Fraction(135, 100)}

# Clearing, maintenance, initial: a and b, of the stock's value, in percent.
RATES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "one": (("10", "5"), ("10.35", "5.175"), ("13.5", "6.75")),
    "two": (("12", "6"), ("12.42", "6.21"), ("16.2", "8.1")),
    "three": (("15", "7.5"), ("15.53", "7.765"), ("20.25", "10.125")),
}


def number(value: Any) -> Fraction:
    return Fraction(str(value))


def thousands(value: Fraction) -> Fraction:
    """Rounded up to a thousand dollars."""
    return Fraction(-(-value // 1000) * 1000)


@dataclass(frozen=True)
class Held:
    """One contract of a position of an account."""

    instrument: Mapping[str, Any]
    underlying: Mapping[str, Any]
    side: int

    @property
    def kind(self) -> str:
        return str(self.instrument.get("right", "future"))

    @property
    def multiplier(self) -> int:
        return int(self.instrument["multiplier"])

    @property
    def worth(self) -> Fraction:
        return self.multiplier * number(self.instrument["price"])

    @property
    def struck(self) -> Fraction:
        return self.multiplier * number(self.instrument["strike"])

    @property
    def spot(self) -> Fraction:
        return self.multiplier * number(self.underlying["price"])

    @property
    def out_of_the_money(self) -> Fraction:
        gap = self.struck - self.spot if self.kind == "call" else self.spot - self.struck
        return max(gap, Fraction(0))

    def published(self, letter: str, stage: str) -> Fraction:
        """A, B or C: given, or worked out."""
        given = self.underlying.get(f"{letter}_{stage}")
        if given is not None:
            return number(given)
        if letter == "c":
            return Fraction(0)
        if letter == "b":
            return thousands(self.published("a", stage) / 2)
        if stage == "clearing":
            point, share = self.underlying["point_value"], self.underlying["risk_coefficient"]
            return thousands(number(self.underlying["price"]) * number(point) * number(share))
        return thousands(self.published("a", "clearing") * TIMES[stage])

    def short_margin(self, stage: str) -> Fraction:
        """The price, and what may be lost beyond it."""
        if self.underlying["kind"] != "stock":
            amount = self.published("a", stage) - self.out_of_the_money
            return self.worth + max(amount, self.published("b", stage))
        a, b = RATES[self.underlying.get("risk_group", "one")][STAGES.index(stage)]
        least = self.spot if self.kind == "call" else self.struck
        risk = max(number(a) / 100 * self.spot - self.out_of_the_money, number(b) / 100 * least)
        return self.worth + risk

    def alone(self, stage: str) -> Fraction:
        if self.kind == "future":
            return number(self.instrument[f"future_{stage}"])
        return self.short_margin(stage) if self.side < 0 else Fraction(0)


def charges(first: Held, n: int, other: Held, m: int, stage: str, pays_c: bool) -> Iterator[Fraction]:
    """What n contracts of one and m of another are charged together, in this order; nothing for no pair."""
    shape = (first.side, first.kind, other.side, other.kind)
    stays = str(first.instrument.get("expiry")) >= str(other.instrument.get("expiry"))
    if shape in ((1, "call", -1, "call"), (1, "put", -1, "put")) and stays:
        gap = n * first.struck - m * other.struck
        yield max(gap if first.kind == "call" else -gap, Fraction(0))
    if shape == (-1, "call", -1, "put"):
        call, put = n * first.short_margin(stage), m * other.short_margin(stage)
        mixed = n * first.published("c", stage) if pays_c else Fraction(0)
        yield (call + m * other.worth if call >= put else put + n * first.worth) + mixed
    if shape in ((1, "future", -1, "call"), (-1, "future", -1, "put")):
        yield n * first.alone(stage) + m * other.worth


def of_product(held: list[Held], counts: tuple[int, ...], stage: str, pays_c: bool) -> Fraction:
    """The least that a stage asks for the positions of one product."""
    multipliers = [h.multiplier for h in held]
    ways = [Way(((k, 1),), h.alone(stage)) for k, h in enumerate(held)]
    for i, j in permutations(range(len(held)), 2):
        takes = equal_sizes((i, j), multipliers)
        found = charges(held[i], takes[0][1], held[j], takes[1][1], stage, pays_c)
        ways += [Way(takes, charge) for charge in found]
    return cheapest(counts, ways)


def taifex_margin(book: Book) -> dict[str, dict[str, Fraction]]:
    """Every account, every stage that can be worked out."""
    instruments = {row["id"]: row for row in book.get("instruments", [])}
    unders = {row["id"]: row for row in book["underlyings"]}
    answer: dict[str, dict[str, Fraction]] = {}
    for account in book["accounts"]:
        total = answer[account["id"]] = dict.fromkeys(STAGES, Fraction(0))
        for name, under in unders.items():
            mine = {k: n for k, n in netted(book, account).items() if instruments[k]["underlying"] == name}
            held = [Held(instruments[k], under, 1 if n > 0 else -1) for k, n in mine.items()]
            counts = tuple(map(abs, mine.values()))
            for stage in list(total):
                try:
                    total[stage] += of_product(held, counts, stage, account.get("pays_c", True))
                except KeyError:
                    del total[stage]
    return answer


def netted(book: Book, account: Mapping[str, Any]) -> dict[str, int]:
    """What an account holds of each instrument."""
    found: dict[str, int] = {}
    for line in book["positions"]:
        if line["account"] == account["id"]:
            found[line["instrument"]] = found.get(line["instrument"], 0) + int(line["quantity"])
    return {name: count for name, count in found.items() if count}
