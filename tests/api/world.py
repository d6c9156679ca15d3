"""What the tests of the Python API and of the commands share: the demo book, rule sets, small books."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pmdsl
from pmdsl.portfolio.book import Book
from pmdsl.rules import Rules

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "examples" / "01_demo.yaml"
QUOTES = (ROOT / "examples" / "quotes_spx_2023-09-14.csv", ROOT / "examples" / "quotes_spy_2023-09-14.csv")

SMALL = """\
on: 2026-03-02
rate: 0.04
accounts:
  - {id: A1, equity: 250000}
  - {id: A2}
underlyings:
  - {id: SPX, kind: index, breadth: broad, capitalization: high, price: 4500, dividend_yield: 0.015,
     currency: USD}
  - {id: SPY, kind: etf, tracks: SPX, breadth: broad, capitalization: high, price: 450, currency: USD}
  - {id: XYZ, kind: stock, price: 50, currency: USD}
instruments:
  - {id: SPX-P, kind: option, underlying: SPX, right: put, strike: 4300, expiry: 2026-06-19,
     exercise: european, implied_volatility: 0.16}
positions:
  - {account: A1, instrument: SPY, quantity: 100}
  - {account: A1, instrument: SPX-P, quantity: -2}
  - {account: A2, instrument: XYZ, quantity: 100}
"""

TINY = """\
pmdsl 1

methodology tiny {
  title    "A fifth of everything"
  version  "1"
  currency USD
  covers   2020-01-01 onward

  levels position -> account

  param rate: percent { from 2020-01-01 = 15% from 2025-01-01 = 20% }

  step worth = quantity * multiplier * underlying.price

  require maintenance = sum abs(worth) * rate into account
}
"""


@cache
def rules(name: str = "us.finra.cpm") -> Rules:
    """A rule set at hand."""
    return pmdsl.load(name)


@cache
def small() -> Book:
    """Two accounts, three underlyings, one option."""
    return pmdsl.read_portfolio(SMALL)


@cache
def demo() -> Book:
    """The demo book with its quotes."""
    return pmdsl.read_portfolio(DEMO, quotes=QUOTES)
