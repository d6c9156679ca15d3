"""Margin trading in Japan: the methodologies `jp.margin` and `jp.mizuho_online`.

Sources: sinyou.daijiten.biz (30%, 300,000 yen, 20%); Matsui Securities, margin deposits (what shrinks a
deposit); Monex, 20 December 2022 (leveraged funds); One Asia Securities (rates of collateral); Mizuho
Securities (35%, 30%).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.market import Book, BookError, as_date

COLLATERAL: Mapping[str, float] = {
    "listed": 0.80, "government_bond": 0.95, "guaranteed_bond": 0.90, "other_bond": 0.85, "convertible": 0.80,
    "bond_fund": 0.85, "other_fund": 0.80,
}  # fmt: skip
MINIMUM = 300_000.0
LEVERAGED_SINCE = date(2023, 1, 10)
PER_LEVERAGE = 0.30


@dataclass(frozen=True)
class Broker:
    """What a broker asks for when a position is opened, and what he wants kept."""

    initial: float
    maintenance: float


STATUTORY = Broker(0.30, 0.20)
MIZUHO_ONLINE = Broker(0.35, 0.30)


@dataclass(frozen=True)
class ShinyoResult:
    """One account, unrounded."""

    account: str
    initial: float
    maintenance: float
    received: float
    ratio: float
    call: float
    new_positions: bool
    marginable: bool
    called: bool


def price_of(book: Book, name: str) -> tuple[float, Mapping[str, Any]]:
    """The price of what a position names, and its underlying."""
    listed = {row["id"]: row for row in book.get("instruments", [])}
    unders = {row["id"]: row for row in book["underlyings"]}
    if name in listed:
        row = listed[name]
        return float(row["price"]), unders[row["underlying"]]
    return float(unders[name]["price"]), unders[name]


def account_margin(book: Book, row: Mapping[str, Any], broker: Broker) -> ShinyoResult:
    """One account, line by line: nothing nets."""
    day = as_date(book["on"])
    contracts = deposit = gain = collateral = 0.0
    marginable = True
    for line in book.get("positions", []):
        if line["account"] != row["id"]:
            continue
        price, under = price_of(book, line["instrument"])
        quantity, kind = float(line["quantity"]), under.get("collateral_class", "listed")
        if line.get("purpose", "margin") == "collateral":
            collateral += quantity * price * COLLATERAL[kind]
            continue
        if "trade_price" not in line:
            raise BookError(f"{line['instrument']} has no contract price")
        value = abs(quantity) * float(line["trade_price"])
        marginable = marginable and (kind == "listed" or value == 0)
        rate = broker.initial
        if as_date(line.get("opened", day)) >= LEVERAGED_SINCE:
            rate = max(rate, PER_LEVERAGE * abs(float(under.get("leverage", 1))))
        contracts += value
        deposit += value * rate
        gain += quantity * (price - float(line["trade_price"]))
    initial = max(deposit, MINIMUM) if contracts > 0 else 0.0
    maintenance = contracts * broker.maintenance
    received = float(row.get("cash", 0)) + collateral + float(row.get("realised", 0))
    received -= float(row.get("costs", 0))
    if gain < 0:
        received += gain
    return ShinyoResult(
        account=row["id"],
        initial=initial,
        maintenance=maintenance,
        received=received,
        ratio=received / contracts if contracts else 0.0,
        call=maintenance - received if received < maintenance else 0.0,
        new_positions=received >= initial,
        marginable=marginable,
        called=received < maintenance,
    )


def shinyo_margin(book: Book, broker: Broker = STATUTORY) -> dict[str, ShinyoResult]:
    """Every account."""
    return {row["id"]: account_margin(book, row, broker) for row in book["accounts"]}
