"""Cboe delayed quotes: what they give a book, what the book beats, and the dirt of real files."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pmdsl.diagnostics import Finding, Findings, PmdslError
from pmdsl.portfolio import read_portfolio
from pmdsl.portfolio.book import Book
from pmdsl.portfolio.pricing import mid
from pmdsl.portfolio.quotes import QuoteFile, read_quotes
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.symbols import parse_symbol
from pmdsl.source import Source
from tests.portfolio.helpers import CHAINS, EXAMPLES, listed

HEADER = "Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,Puts,"
HEADER += "Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest"
TOP = "\nSPDR S&P 500 ETF Trust,Last: 450.81,Change:  3.85\n"
TOP += '"Date: September 14, 2023 at 4:31 PM EDT",Bid: 450.81\n'
BOOK = """\
on: 2023-09-14
underlyings: [{id: SPY, kind: etf, option_exercise: american}]
"""
CUTS = ("quotes_spx_2023-09-14.csv", "quotes_spy_2023-09-14.csv")


def line(
    bid: object = 8.19,
    ask: object = 8.24,
    volatility: object = 0.1138,
    strike: object = "460.00",
    day: int = 15,
) -> str:
    """A row whose call has the given cells, and whose put has neither bid nor volatility."""
    call = f"SPY231215C00460000,8.02,1.36,{bid},{ask},949,{volatility},0.4459,0.0154,23703"
    put = "SPY231215P00460000,0,0,0,0.05,0,0,0,0,0"
    return f"Fri Dec {day} 2023,{call},{strike},{put}\n"


def file(tmp_path: Path, *lines: str, top: str = TOP, header: str = HEADER) -> Path:
    path = tmp_path / "quotes.csv"
    path.write_text(top + header + "\n" + "".join(lines or (line(),)), encoding="utf-8")
    return path


def priced(path: Path, *positions: str, book: str = BOOK) -> Book:
    return read_portfolio(
        book + listed(*(positions or ("instrument: SPY231215C00460000, quantity: 1",))), quotes=[path]
    )


def refused(path: Path, *positions: str, book: str = BOOK) -> Finding:
    with pytest.raises(PmdslError) as raised:
        priced(path, *positions, book=book)
    assert len(raised.value.findings) == 1, raised.value
    return raised.value.findings[0]


def test_a_symbol_gets_mid_and_volatility(tmp_path: Path) -> None:
    path = file(tmp_path)
    for symbol in ("SPY231215C00460000", '"SPY   231215C00460000"'):
        book = priced(path, f"instrument: {symbol}, quantity: 1")
        assert book.instruments.number("price").tolist() == [8.215]
        assert book.instruments.number("implied_volatility").tolist() == [0.1138]
        assert str(book.instruments.cell_place(0, "price")) == f"{path}:5:1"
    assert book.underlyings.number("price").tolist() == [450.81]
    assert str(book.underlyings.cell_place(0, "price")) == f"{path}:2:1"


def test_padded_symbols_in_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, line().replace("SPY231215C", "SPY   231215C"))
    assert priced(path).instruments.number("price").tolist() == [8.215]


def test_the_mid_is_the_decimal_one() -> None:
    assert mid("4.11", "4.15") == 4.13
    assert mid("0.01", "0.02") == 0.015


def test_the_book_beats_the_file(tmp_path: Path) -> None:
    path = file(tmp_path)
    given = "instruments: [{id: SPY231215C00460000, price: 9, implied_volatility: 0.2}]\n"
    book = priced(path, book=BOOK.replace("kind: etf", "kind: etf, price: 449") + given)
    assert book.instruments.number("price").tolist() == [9.0]
    assert book.instruments.number("implied_volatility").tolist() == [0.2]
    assert book.underlyings.number("price").tolist() == [449.0]
    book = priced(path, "instrument: SPY231215C00460000, quantity: 1, price: 9")
    assert book.instruments.number("price").tolist() == [9.0]
    assert book.instruments.number("implied_volatility").tolist() == [0.1138]


def test_a_volatility_of_zero_is_absent(tmp_path: Path) -> None:
    book = priced(file(tmp_path, line(volatility=0)))
    assert np.isnan(book.instruments.number("implied_volatility")).all()
    assert book.instruments.number("price").tolist() == [8.215]


@pytest.mark.parametrize(("bid", "ask"), [(0, 8.24), (8.3, 8.24), (0, 0), (-1, 2)])
def test_a_quote_without_two_sides(tmp_path: Path, bid: float, ask: float) -> None:
    path = file(tmp_path, line(bid, ask))
    finding = refused(path)
    assert finding.code == "PM632"
    assert str(finding.span) == f"{path}:5:1"
    assert f"bid {bid:g}, ask {ask:g}" in finding.message
    book = priced(path, "instrument: SPY231215C00460000, quantity: 1, price: 8.2")
    assert book.instruments.number("price").tolist() == [8.2]


def test_a_locked_quote_is_two_sided(tmp_path: Path) -> None:
    assert priced(file(tmp_path, line(8.2, 8.2))).instruments.number("price").tolist() == [8.2]


def test_dirt_in_rows_that_nobody_holds(tmp_path: Path) -> None:
    dirt = line("x", "", "", "y").replace("00460000", "00470000")
    assert priced(file(tmp_path, dirt, line())).instruments.number("price").tolist() == [8.215]


def test_a_symbol_that_the_file_does_not_have(tmp_path: Path) -> None:
    book = priced(file(tmp_path), "instrument: SPY231215C00465000, quantity: 1")
    assert np.isnan(book.instruments.number("price")).all()


def test_a_symbol_that_is_listed_but_not_held_is_priced(tmp_path: Path) -> None:
    book = priced(
        file(tmp_path),
        "instrument: SPY, quantity: 1",
        book=BOOK + "instruments: [{id: SPY231215C00460000}]\n",
    )
    assert book.instruments.number("price")[0] == 8.215


def test_quotes_of_another_day(tmp_path: Path) -> None:
    path = file(tmp_path)
    finding = refused(path, book=BOOK.replace("09-14", "09-15"))
    assert finding.code == "PM631"
    assert str(finding.span) == f"{path}:3:1"
    assert "2023-09-14" in finding.message
    assert "2023-09-15" in finding.message
    book = read_portfolio(BOOK.replace("09-14", "09-15"), quotes=[path], on=date(2023, 9, 14))
    assert book.on == date(2023, 9, 14)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (line(volatility=-0.1), "PM611"),
        (line(volatility=101), "PM611"),
        (line(volatility="n/a"), "PM630"),
        (line(bid="n/a"), "PM630"),
        (line(ask=""), "PM630"),
        (line(bid="1e400"), "PM630"),
        (line(strike="465.00"), "PM634"),
        (line(day=16), "PM634"),
    ],
)
def test_a_row_that_cannot_be_used(tmp_path: Path, row: str, code: str) -> None:
    path = file(tmp_path, row)
    finding = refused(path)
    assert finding.code == code
    assert str(finding.span) == f"{path}:5:1"
    assert "SPY231215C00460000" in finding.message


def test_a_volatility_outside_its_bounds_unless_the_book_has_one(tmp_path: Path) -> None:
    given = "instruments: [{id: SPY231215C00460000, implied_volatility: 0.2}]\n"
    book = priced(file(tmp_path, line(volatility=101)), book=BOOK + given)
    assert book.instruments.number("implied_volatility").tolist() == [0.2]


def test_an_option_quoted_twice(tmp_path: Path) -> None:
    path = file(tmp_path, line(), line(bid=8.2))
    finding = refused(path)
    assert finding.code == "PM633"
    assert [str(label.span) for label in finding.labels] == [f"{path}:5:1"]
    assert priced(file(tmp_path, line(), line())).instruments.number("price").tolist() == [8.215]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"header": HEADER.replace("IV", "Vol")}, "layout"),
        ({"header": "a,b,c"}, "layout"),
        ({"top": "\n\n\n"}, "has no date"),
        ({"top": TOP.replace("September 14", "September 31")}, "has no date"),
        ({"top": TOP.replace("September", "Septembre")}, "has no date"),
    ],
)
def test_what_is_no_cboe_file(tmp_path: Path, change: dict[str, str], said: str) -> None:
    finding = refused(file(tmp_path, **change))
    assert finding.code == "PM630"
    assert said in finding.message


def test_a_row_of_another_width(tmp_path: Path) -> None:
    finding = refused(file(tmp_path, line(), "Fri Dec 15 2023,SPY231215C00465000\n"))
    assert finding.code == "PM630"
    assert "a row of 2 cells: expected 22" in finding.message


def test_a_file_with_windows_line_ends_and_a_mark(tmp_path: Path) -> None:
    path = file(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert priced(path).instruments.number("price").tolist() == [8.215]


def test_a_missing_file_of_quotes(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv").code == "PM601"


def test_a_file_whose_roots_lead_to_two_underlyings_prices_neither(tmp_path: Path) -> None:
    other = line().replace("SPY2312", "SPYX2312")
    book = BOOK + "  # two\n"
    book = book.replace("]\n", ", {id: Z, kind: etf, roots: [SPYX]}]\n", 1)
    found = priced(file(tmp_path, line(), other), book=book)
    assert np.isnan(found.underlyings.number("price")).all()


def test_the_demo_book_is_wholly_priced_by_its_cuts() -> None:
    book = read_portfolio(EXAMPLES / "01_demo.yaml", quotes=[EXAMPLES / name for name in CUTS])
    option = book.instruments.text("kind") == "option"
    assert option.sum() == 9
    assert (book.instruments.number("price")[option] > 0).all()
    assert (book.instruments.number("implied_volatility")[option] > 0).all()
    assert book.underlyings.number("price").tolist() == [4505.1001, 450.81, 175.74]
    assert book.accounts.size == 2


def whole(name: str) -> QuoteFile:
    """One of the three real files, where they are present."""
    path = CHAINS / f"{name}_2023-09-14.csv"
    if not path.exists():
        pytest.skip("the real chains are not here")
    findings = Findings()
    found = read_quotes(Source(path.name, path.read_text(encoding="utf-8")), Report(findings))
    assert found is not None, list(findings)
    assert not len(findings)
    return found


# What the real files hold: options; of these without a bid; without an ask; with the bid above the ask; with
# a volatility of 0; with a volatility of 0 in spite of a bid.
DIRT = {
    "spx": (19920, 1480, 229, 1, 1447, 1267),
    "spy": (7292, 788, 0, 0, 1635, 1622),
    "xsp": (10882, 1283, 332, 0, 1321, 849),
}


@pytest.mark.parametrize("name", sorted(DIRT))
def test_every_row_of_the_real_files(name: str) -> None:
    quotes = whole(name)
    assert quotes.on == date(2023, 9, 14)
    assert quotes.roots == {"spx": {"SPX", "SPXW"}, "spy": {"SPY"}, "xsp": {"XSP"}}[name]
    count: Counter[str] = Counter()
    for text, found in quotes.options.items():
        symbol = parse_symbol(text)
        assert symbol is not None
        (quote,) = found
        bid, ask, volatility = float(quote.bid), float(quote.ask), float(quote.volatility)
        assert float(quote.strike) == symbol.strike
        assert quote.expiry_date == symbol.expiry
        count["option"] += 1
        count["no bid"] += bid == 0
        count["no ask"] += ask == 0
        count["crossed"] += bid > ask
        count["no volatility"] += volatility == 0
        count["no volatility, bid"] += volatility == 0 and bid > 0
    kinds = ("option", "no bid", "no ask", "crossed", "no volatility", "no volatility, bid")
    assert tuple(count[kind] for kind in kinds) == DIRT[name]


@pytest.mark.parametrize("name", sorted(DIRT))
def test_a_book_of_every_option_of_a_real_file(name: str) -> None:
    quotes = whole(name)
    sided = [text for text, (quote,) in quotes.options.items() if 0 < float(quote.bid) <= float(quote.ask)]
    assert len(sided) == {"spx": 18439, "spy": 6504, "xsp": 9599}[name]
    root = name.upper()
    book = read_portfolio(
        {
            "on": "2023-09-14",
            "underlyings": [{"id": root, "kind": "index", "roots": sorted(quotes.roots)}],
            "positions": [{"instrument": text, "quantity": 1} for text in sided],
        },
        quotes=[CHAINS / f"{name}_2023-09-14.csv"],
    )
    prices = book.instruments.number("price")
    assert prices.shape == (len(sided),)
    assert (prices > 0).all()
    assert book.underlyings.number("price")[0] == float(quotes.last)


def test_an_option_without_a_bid_in_a_real_file() -> None:
    whole("spx")
    text = "on: 2023-09-14\nunderlyings: [{id: SPX, kind: index, roots: [SPXW]}]\n"
    with pytest.raises(PmdslError) as raised:
        read_portfolio(
            text + listed("instrument: SPXW230914P01200000, quantity: 1"),
            quotes=[CHAINS / "spx_2023-09-14.csv"],
        )
    finding = raised.value.findings[0]
    assert finding.code == "PM632"
    assert str(finding.span).endswith("spx_2023-09-14.csv:5:1")


@pytest.mark.parametrize("name", ["spx", "spy"])
def test_the_cuts_are_rows_of_the_real_files(name: str) -> None:
    whole(name)
    lines = (CHAINS / f"{name}_2023-09-14.csv").read_text(encoding="utf-8").splitlines()
    cut = (EXAMPLES / f"quotes_{name}_2023-09-14.csv").read_text(encoding="utf-8").splitlines()
    assert cut[:4] == lines[:4]
    assert set(cut) <= set(lines)
    assert 60 <= len(cut) <= 120
