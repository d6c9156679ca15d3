"""Shares in the Indian cash market: the methodology `in.sebi_cash`, client by client and trade by trade.

Sources: SEBI circular SEBI/HO/MRD2/DCAP/CIR/P/2020/27 (rates from May 2020, decay 0.995); NSE and BSE,
Margins, as until April 2020; NSE Clearing, Margins (netting, daily margin) and Penalty for margin shortfall;
5paisa, Update on peak margin reporting (20%, phases, snapshots).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.market import Book, BookError, as_date

SNAPSHOTS = ("first", "second", "third", "fourth")
REVISED = date(2020, 5, 1)
UPFRONT_SINCE = date(2020, 9, 1)
PHASES = (
    (date(2020, 12, 1), 0.25),
    (date(2021, 3, 1), 0.50),
    (date(2021, 6, 1), 0.75),
    (date(2021, 9, 1), 1.00),
)
ROOT = math.sqrt(3.0)


@dataclass(frozen=True)
class SebiResult:
    """One client, unrounded."""

    account: str
    var: float
    extreme_loss: float
    mark_to_market: float
    daily: float
    upfront: float
    shortfall: float
    penalty: float
    short: bool


def volatility(book: Book, under: Mapping[str, Any]) -> float:
    """As given, else from the returns of the days before: one after the other, from their mean square on."""
    if "daily_volatility" in under:
        return float(under["daily_volatility"])
    day = as_date(book["on"])
    rows = [row for row in book.get("tables", {}).get("returns", []) if row["underlying"] == under["id"]]
    moves = [
        float(row["move"])
        for row in sorted(rows, key=lambda row: as_date(row["date"]))
        if as_date(row["date"]) < day
    ]
    if not moves:
        raise BookError(f"{under['id']} has neither a volatility nor a history")
    decay = 0.995 if day >= REVISED else 0.94
    square = sum(move * move for move in moves) / len(moves)
    for move in moves:
        square = decay * square + (1.0 - decay) * move * move
    return math.sqrt(square)


def var_rate(book: Book, under: Mapping[str, Any]) -> float:
    """As published, else by the group of the security."""
    if "var_rate" in under:
        return float(under["var_rate"])
    if as_date(book["on"]) < REVISED:
        return old_var_rate(book, under)
    if under.get("broad_etf", False):
        return max(6.0 * volatility(book, under), 0.06)
    group = under["liquidity"]
    if group == "group_3":
        return 0.50 if under["traded_weekly"] else 0.75
    return max(6.0 * volatility(book, under), 0.09 if group == "group_1" else 0.215)


def old_var_rate(book: Book, under: Mapping[str, Any]) -> float:
    """Until April 2020."""
    group = under["liquidity"]
    if group == "group_1":
        return max(3.5 * volatility(book, under), 0.075)
    index = max(3.0 * float(book["market"]["index_volatility"]), 0.05)
    if group == "group_2":
        return max(3.5 * volatility(book, under), 3.0 * index) * ROOT
    return 5.0 * index * ROOT


def extreme_loss_rate(book: Book, under: Mapping[str, Any]) -> float:
    if "extreme_loss_rate" in under:
        return float(under["extreme_loss_rate"])
    if as_date(book["on"]) < REVISED:
        return max(0.05, 1.5 * float(under["half_year_deviation"]))
    return 0.02 if under.get("broad_etf", False) else 0.035


def penalty_rate(day: date, row: Mapping[str, Any], shortfall: float, upfront: float) -> float:
    if day < UPFRONT_SINCE:
        return 0.0
    if int(row["days_short"]) >= 3 or int(row["days_short_in_month"]) >= 5:
        return 0.05
    return 0.005 if shortfall < 100_000.0 and shortfall < 0.10 * upfront else 0.01


def client_margin(book: Book, row: Mapping[str, Any]) -> SebiResult:
    """One client."""
    day = as_date(book["on"])
    unders = {under["id"]: under for under in book["underlyings"]}
    mine = [line for line in book.get("positions", []) if line["account"] == row["id"]]
    # Value by moment, then by security and settlement.
    net: dict[str, dict[tuple[str, str], float]] = {}
    gains: dict[str, float] = {}
    for line in mine:
        price = float(unders[line["instrument"]]["price"])
        moment, settlement = line.get("taken", "close"), line.get("settlement", "T")
        values = net.setdefault(moment, {})
        key = (line["instrument"], settlement)
        values[key] = values.get(key, 0.0) + float(line["quantity"]) * price
        if moment == "close":
            gain = float(line["quantity"]) * (price - float(line.get("trade_price", price)))
            gains[settlement] = gains.get(settlement, 0.0) + gain

    def total(moment: str, rate: Any) -> float:
        return sum(abs(value) * rate(unders[key[0]]) for key, value in net.get(moment, {}).items())

    def upfront_rate(under: Mapping[str, Any]) -> float:
        both = var_rate(book, under) + extreme_loss_rate(book, under)
        return max(both, 0.20) if day >= UPFRONT_SINCE else both

    var = total("close", lambda under: var_rate(book, under))
    extreme = total("close", lambda under: extreme_loss_rate(book, under))
    lost = sum(-gain for gain in gains.values() if gain < 0)
    share = max((share for start, share in PHASES if day >= start), default=0.0)
    peak = max(total(moment, upfront_rate) for moment in SNAPSHOTS)
    upfront = max(total("close", upfront_rate), share * peak)
    collected = float(row.get("collected", upfront))
    shortfall = max(upfront - collected, 0.0)
    return SebiResult(
        account=row["id"],
        var=var,
        extreme_loss=extreme,
        mark_to_market=lost,
        daily=var + extreme + lost,
        upfront=upfront,
        shortfall=shortfall,
        penalty=shortfall * penalty_rate(day, row, shortfall, upfront) if shortfall > 0 else 0.0,
        short=collected < upfront,
    )


def sebi_margin(book: Book) -> dict[str, SebiResult]:
    """Every client; a member's margin is their sum."""
    return {row["id"]: client_margin(book, row) for row in book["accounts"]}
