"""A book after some trades."""

from __future__ import annotations

import numpy as np
import pytest

from pmdsl.diagnostics import Findings
from pmdsl.portfolio.book import Book
from pmdsl.portfolio.quotes import QuoteFile, read_quotes
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.trades import Trade, with_trades
from pmdsl.source import Source
from tests.portfolio.helpers import EXAMPLES, MARKET, good, held, listed, ordinal


def traded(book: Book, *trades: Trade, quotes: tuple[QuoteFile, ...] = ()) -> Book:
    findings = Findings()
    after = with_trades(book, trades, findings, quotes)
    assert after is not None, [str(finding) for finding in findings]
    return after


def refused(book: Book, *trades: Trade) -> list[tuple[str, str]]:
    findings = Findings()
    assert with_trades(book, trades, findings) is None
    return [(finding.code, finding.message) for finding in findings]


def test_a_trade_in_what_is_held_is_one_more_position() -> None:
    book = held("instrument: SPY, quantity: 100")
    after = traded(book, Trade("SPY", 10))
    assert after.positions.number("quantity").tolist() == [100.0, 10.0]
    assert after.position_instrument.tolist() == [0, 0]
    assert after.position_account.tolist() == [0, 0]
    assert after.instruments.size == book.instruments.size
    assert book.positions.number("quantity").tolist() == [100.0]


def test_a_trade_in_something_new() -> None:
    book = held('instrument: "SPY   240315C00460000", quantity: 1')
    after = traded(
        book, Trade("SPXW240315P04200000", -2, price=12.5), Trade("SPY240315C00460000", 1), Trade("SPY", 5)
    )
    assert after.instruments.text("id").tolist() == ["SPY   240315C00460000", "SPXW240315P04200000", "SPY"]
    assert after.instruments.text("kind").tolist() == ["option", "option", "share"]
    assert after.instruments.number("multiplier").tolist() == [100.0, 100.0, 1.0]
    assert after.instruments.number("price")[1] == 12.5
    assert after.instruments.number("expiry")[1] == ordinal("2024-03-15")
    assert after.instruments.text("exercise").tolist() == ["american", "european", None]
    assert after.instrument_underlying.tolist() == [1, 0, 1]
    assert after.position_instrument.tolist() == [0, 1, 0, 2]
    assert after.positions.number("trade_price")[1] == 12.5
    assert book.instruments.size == 1
    assert np.isnan(book.instruments.number("price")).all()


def test_the_account_of_a_trade() -> None:
    book = good(
        MARKET + "accounts: [{id: A}, {id: B}]\n" + listed("account: A, instrument: SPY, quantity: 1")
    )
    assert traded(book, Trade("SPY", 1, "B")).position_account.tolist() == [0, 1]
    assert refused(book, Trade("SPY", 1)) == [
        ("PM608", "the trade of `SPY` names no account, and there are 2")
    ]
    assert refused(book, Trade("SPY", 1, "C")) == [("PM614", "no account is called `C`")]


@pytest.mark.parametrize(
    ("name", "code"), [("SPX", "PM615"), ("XYZ", "PM614"), ("XYZ240315C00460000", "PM614")]
)
def test_what_cannot_be_traded(name: str, code: str) -> None:
    assert [found for found, _ in refused(held("instrument: SPY, quantity: 1"), Trade(name, 1))] == [code]


@pytest.mark.parametrize(("quantity", "price"), [(float("nan"), None), (1.0, float("inf"))])
def test_numbers_of_a_trade_are_finite(quantity: float, price: float | None) -> None:
    book = held("instrument: SPY, quantity: 1")
    assert [code for code, _ in refused(book, Trade("SPY", quantity, price=price))] == ["PM610"]


def test_quotes_price_what_is_new() -> None:
    path = EXAMPLES / "quotes_spy_2023-09-14.csv"
    quotes = read_quotes(Source(path.name, path.read_text(encoding="utf-8")), Report(Findings()))
    assert quotes is not None
    book = good(
        "on: 2023-09-14\nunderlyings: [{id: SPY, kind: etf, price: 450.81, option_exercise: american}]\n"
    )
    after = traded(book, Trade("SPY231215C00460000", 1), quotes=(quotes,))
    assert after.instruments.number("price").tolist() == [8.215]
    assert after.instruments.number("implied_volatility").tolist() == [0.1138]
