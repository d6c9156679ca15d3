"""Books over real option chains, where they are at hand: one day's Cboe quotes of SPX, XSP and SPY.

The files stand beside the project (`../shared/data/chains`) and are no part of it.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.books import Positions, holdings
from pmdsl.engine import Holdings
from pmdsl.portfolio import read_portfolio
from pmdsl.portfolio.book import Book, Table

CHAINS = Path(__file__).resolve().parents[2] / "shared" / "data" / "chains"
DAY = "2023-09-14"
FILES = {"SPX": f"spx_{DAY}.csv", "XSP": f"xsp_{DAY}.csv", "SPY": f"spy_{DAY}.csv"}
EXERCISE = {"SPX": "european", "XSP": "european", "SPY": "american"}
HEAD_LINES = 4
# Where a call and a put stand in a line: the symbol, and then bid, offer and volatility.
SIDES = ((1, 4, 5, 7), (12, 15, 16, 18))
EXPIRY = slice(-15, -9)


def at_hand() -> bool:
    """Whether the chains are there."""
    return all((CHAINS / name).is_file() for name in FILES.values())


def chains(most: int | None = None) -> Book:
    """The market of the quoted options of one day: those with two sides and a volatility, not yet expired.

    `most` takes the first so many of each file.
    """
    symbols = [symbol for name in FILES.values() for symbol in quoted(CHAINS / name)[:most]]
    underlyings: list[dict[str, Any]] = [
        {
            "id": name,
            "kind": "etf" if name == "SPY" else "index",
            "roots": [name, f"{name}W"],
            "tracks": "SPX",
            "breadth": "broad",
            "capitalization": "high",
            "dividend_yield": 0.0155,
            "option_exercise": EXERCISE[name],
        }
        for name in FILES
    ]
    given = {
        "on": DAY,
        "rate": 0.0545,
        "underlyings": underlyings,
        "positions": [{"instrument": symbol, "quantity": 1} for symbol in symbols],
    }
    found = read_portfolio(given, quotes=[CHAINS / name for name in FILES.values()])
    none = np.empty(0, dtype=np.int64)
    empty = Table("positions", 0, {"quantity": np.empty(0)})
    return replace(found, positions=empty, position_account=none, position_instrument=none)


def quoted(path: Path) -> list[str]:
    """The symbols of a file whose quotes can be valued."""
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[HEAD_LINES:]
    after = DAY[2:].replace("-", "")
    return [
        row[symbol]
        for row in rows
        if len(row) > SIDES[1][0]
        for symbol, bid, offer, volatility in SIDES
        if 0 < float(row[bid]) <= float(row[offer])
        and float(row[volatility]) > 0
        and row[symbol][EXPIRY] > after
    ]


def held(market: Book, accounts: int, each: int, seed: int = 5) -> Holdings:
    """So many accounts of so many options each, drawn from the chains."""
    draw = np.random.default_rng(seed)
    count = accounts * each
    account = np.repeat(np.arange(accounts, dtype=np.int64), each)
    instrument = draw.integers(0, market.instruments.size, count)
    quantity = draw.integers(1, 21, count) * draw.choice(np.array([-1.0, 1.0]), count)
    return holdings(Positions(accounts, account, instrument, quantity))
