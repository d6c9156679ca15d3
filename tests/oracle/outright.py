"""Futures by outright rates: the methodology `us.exchange_futures`, with the rates read from the file of the
rule set by a reader of its own.

Sources: CME Group, Performance Bonds/Margins (initial and maintenance of a contract; a call up to initial);
CME Clearing advisories (a rate for speculators, another for hedgers and members).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.oracle.market import Book, BookError, account_ids, as_date, equity_of, net_positions

FILE = Path(__file__).resolve().parents[2] / "rules" / "us" / "exchange_futures.csv"


@dataclass(frozen=True)
class Rate:
    """What a contract of a product costs from a day on, in dollars; `to` is the last day, if it has one."""

    product: str
    start: date
    to: date | None
    initial: float
    maintenance: float


@dataclass(frozen=True)
class OutrightResult:
    """One account: both requirements, and whether it is called."""

    account: str
    initial: float
    maintenance: float
    called: bool | None


def dollars(cell: str) -> float:
    currency, amount = cell.split()
    assert currency == "USD"
    return float(amount)


def rates_of_file(path: Path = FILE) -> list[Rate]:
    """The rows of the file in its order."""
    with path.open(newline="", encoding="utf-8") as lines:
        return [
            Rate(
                row["product"],
                date.fromisoformat(row["from"]),
                date.fromisoformat(row["to"]) if row["to"] else None,
                dollars(row["initial"]),
                dollars(row["maintenance"]),
            )
            for row in csv.DictReader(lines)
        ]


def rate_on(rates: list[Rate], product: str, day: date) -> Rate:
    """The last rate of a product that has begun; before the first, and after an end, there is none."""
    begun = [rate for rate in rates if rate.product == product and rate.start <= day]
    last = max(begun, key=lambda rate: rate.start, default=None)
    if last is None or (last.to is not None and day > last.to):
        raise BookError(f"no rate of {product} on {day}")
    return last


def outright_margin(
    book: Book, *, rates: list[Rate], given: Mapping[str, tuple[float, float]] | None = None
) -> dict[str, OutrightResult]:
    """Both requirements of every account. `given`: rates of the run, which then count alone."""
    day = as_date(book["on"])
    listed = {row["id"]: row for row in book.get("instruments", [])}
    types = {row["id"]: row.get("rate_type", "speculator") for row in book["accounts"]}
    results = {}
    for account in account_ids(book):
        initial = maintenance = 0.0
        for position in net_positions(book):
            if position.account != account:
                continue
            contract = position.contract
            if contract.kind != "future":
                raise BookError(f"{contract.id} is no future")
            product = listed.get(contract.id, {}).get("product", contract.underlying)
            if given is not None:
                high, low = given[product]
            else:
                rate = rate_on(rates, product, day)
                high, low = rate.initial, rate.maintenance
            if types[account] == "hedger_or_member":
                high = low
            initial += abs(position.quantity) * high
            maintenance += abs(position.quantity) * low
        equity = equity_of(book, account)
        called = None if equity is None else equity < maintenance
        results[account] = OutrightResult(account, initial, maintenance, called)
    return results
