"""The rule set of `cover.margin` by hand: a market, accounts drawn from it, and their ways to be paired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Library
from pmdsl.plan.nodes import Plan
from pmdsl.plan.simplify import simplify
from pmdsl.portfolio.book import Book
from pmdsl.source import Source
from tests.engine.building import ON, book
from tests.engine.pairing.brute import Group, Way

SPOT = {"XYZ": 84, "ABC": 40}
STOCKS = [
    {"id": name, "underlying": name, "kind": "share", "multiplier": 1, "price": SPOT[name]} for name in SPOT
]
NEAR, FAR = date(2024, 3, 15), date(2024, 6, 21)
OPTIONS = [
    ("XC80", "XYZ", "call", 80, NEAR, 100, 7, "physical"),
    ("XC90", "XYZ", "call", 90, FAR, 100, 5, "physical"),
    ("XC95", "XYZ", "call", 95, NEAR, 100, 4, "physical"),
    ("XP80", "XYZ", "put", 80, NEAR, 100, 3, "physical"),
    ("XP90", "XYZ", "put", 90, FAR, 100, 10, "physical"),
    ("XM90", "XYZ", "call", 90, FAR, 10, 5, "cash"),
    ("XM95", "XYZ", "call", 95, FAR, 10, 4, "cash"),
    ("AC40", "ABC", "call", 40, NEAR, 100, 2, "physical"),
    ("AP40", "ABC", "put", 40, NEAR, 100, 2, "physical"),
]
NAMES = ("id", "underlying", "right", "strike", "expiry", "multiplier", "price", "settlement")
INSTRUMENTS: list[dict[str, Any]] = STOCKS + [
    {"kind": "option", "exercise": "european", **dict(zip(NAMES, row, strict=True))} for row in OPTIONS
]
BY_ID = {row["id"]: row for row in INSTRUMENTS}
Holding = dict[str, Fraction]


@cache
def plan(*changes: tuple[str, str]) -> Plan:
    """The rule set for the day of the tests, some of its text replaced."""
    text = (Path(__file__).parent / "cover.margin").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    findings = Findings()
    found = compile_source(Source("cover.margin", text), Library(), findings).methodologies[0].plan
    assert found is not None, "\n".join(map(str, findings))
    return simplify(found, ON)


def market_book(accounts: Sequence[Holding], changed: dict[str, dict[str, Any]] | None = None) -> Book:
    """A book of accounts A0, A1 and so on; `changed` are attributes of instruments to set otherwise."""
    rows = [{**row, **(changed or {}).get(row["id"], {})} for row in INSTRUMENTS]
    positions = [
        {"account": f"A{number}", "instrument": name, "quantity": float(quantity)}
        for number, held in enumerate(accounts)
        for name, quantity in held.items()
    ]
    unders = [{"id": name, "price": price} for name, price in SPOT.items()]
    return book(positions, rows, unders, [{"id": f"A{number}"} for number in range(len(accounts))])


# ---- the rule set again, in Python -------------------------------------------------------------------------


def group_of(held: Holding, family: str, objectives: tuple[int, ...]) -> Group:
    """The positions of one underlying as a group for the exhaustive search; amounts in cents."""
    names = sorted(
        name for name, quantity in held.items() if quantity and BY_ID[name]["underlying"] == family
    )
    made = Ways([BY_ID[name] for name in names], [held[name] for name in names])
    ways = [
        Way(
            way.legs, way.contracts, tuple(way.charges[k] for k in objectives), way.side, way.size,
            way.balanced, way.same, way.bound, way.gains,
        )
        for way in made.all()
    ]  # fmt: skip
    return Group(
        held=tuple(abs(held[name]) for name in names),
        ways=tuple(ways),
        scans=(tuple(range(len(objectives))),) * 2,
        objectives=len(objectives),
    )


class Ways:
    """All ways to take the positions of one underlying. Charges are (initial, maintenance) of one match."""

    def __init__(self, rows: list[dict[str, Any]], held: list[Fraction]) -> None:
        self.rows, self.held = rows, held
        self.points = [0, *sorted({row["strike"] for row in rows if row["kind"] == "option"})]

    def all(self) -> list[Way]:
        found = [self.alone(p) for p in range(len(self.rows))]
        found += [self.member(p) for p in range(len(self.rows)) if self.rows[p]["kind"] == "option"]
        for p in range(len(self.rows)):
            for q in range(len(self.rows)):
                if p != q:
                    found += self.pairs(p, q)
        return found

    def worth(self, p: int) -> int:
        return int(100 * self.rows[p]["multiplier"] * self.rows[p]["price"])

    def risk(self, p: int) -> int:
        return int(20 * self.rows[p]["multiplier"] * SPOT[self.rows[p]["underlying"]])

    def is_(self, p: int, what: str, long: bool) -> bool:
        return (self.held[p] > 0) == long and what in (self.rows[p]["kind"], self.rows[p].get("right"))

    def alone(self, p: int) -> Way:
        worth = self.worth(p)
        if self.rows[p]["kind"] == "share":
            charges = (worth // 2, worth // 4) if self.held[p] > 0 else (worth * 3 // 2, worth * 13 // 10)
        else:
            charges = (worth, 0) if self.held[p] > 0 else (worth + self.risk(p),) * 2
        return Way((p,), (1,), charges)

    def member(self, p: int) -> Way:
        row, long = self.rows[p], self.held[p] > 0
        sign = 1 if long else -1
        gains = tuple(
            sign * 100 * row["multiplier"]
            * max(0, s - row["strike"] if row["right"] == "call" else row["strike"] - s)
            for s in self.points
        )  # fmt: skip
        cash = row["settlement"] == "cash"
        key = 2 * cash + (row["right"] == "call")
        zero = tuple(0 for _ in gains)
        return Way(
            (p,), (1,), (self.worth(p) if long else 0, 0), "long" if long else "short", row["multiplier"],
            key, key, row["expiry"].toordinal(), (zero, gains) if cash else (gains, zero),
        )  # fmt: skip

    def pairs(self, p: int, q: int) -> list[Way]:
        one, other = self.rows[p]["multiplier"], self.rows[q]["multiplier"]
        least = max(one, other)
        contracts = (least // one, least // other)
        worth = [self.worth(i) * n for i, n in zip((p, q), contracts, strict=True)]
        risk = [self.risk(i) * n for i, n in zip((p, q), contracts, strict=True)]
        if self.is_(p, "call", False) and self.is_(q, "put", False):
            return [Way((p, q), contracts, (max(risk) + sum(worth),) * 2)]
        if self.is_(p, "share", True) and self.is_(q, "call", False):
            near = self.rows[q]["strike"] * 100 >= SPOT[self.rows[p]["underlying"]] * 98
            return [Way((p, q), contracts, (worth[0] // 2, worth[0] // 4))] if near else []
        if self.is_(p, "share", True) and self.is_(q, "put", True):
            return [Way((p, q), contracts, (worth[0] // 2 + worth[1], worth[0] // 10))]
        return []
