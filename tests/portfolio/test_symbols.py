"""OSI option symbols: what they say, in any padding, and what is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmdsl.portfolio.symbols import OptionSymbol, looks_like_symbol, parse_symbol

symbols = st.builds(
    OptionSymbol,
    root=st.from_regex(r"[A-Z][A-Z0-9]{0,5}", fullmatch=True),
    expiry=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    right=st.sampled_from(["call", "put"]),
    strike_thousandths=st.integers(1, 99_999_999),
)


@given(symbols)
def test_both_forms_are_read_back(symbol: OptionSymbol) -> None:
    assert parse_symbol(symbol.compact) == symbol
    assert parse_symbol(symbol.padded) == symbol
    assert len(symbol.padded) == 21
    assert looks_like_symbol(symbol.compact)


@given(symbols, st.integers(1, 20))
def test_another_padding_is_refused(symbol: OptionSymbol, spaces: int) -> None:
    text = symbol.root + " " * spaces + symbol.compact[len(symbol.root) :]
    assert parse_symbol(text) == (symbol if len(text) == 21 else None)


def test_what_a_symbol_says() -> None:
    symbol = parse_symbol("SPXW230914C01200500")
    assert symbol == OptionSymbol("SPXW", date(2023, 9, 14), "call", 1_200_500)
    assert symbol.strike == 1200.5
    assert parse_symbol("AAPL1 240119P00100000") is not None  # adjusted: its root has a digit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SPY",
        "spy240315C00460000",
        "SPY240230C00460000",  # no such day
        "SPY241315C00460000",  # no such month
        "SPY240315X00460000",
        "SPY240315C0460000",
        "SPY240315C000460000",
        "SPY240315C00000000",  # no strike
        " SPY240315C00460000",
        "SPY240315C00460000 ",
        "SPY240315C00460000\n",
        "TOOLONG240315C00460000",
        "SPY\t  240315C00460000",
        "SPY240315C0046000٠",
    ],
)
def test_what_is_no_symbol(text: str) -> None:
    assert parse_symbol(text) is None
