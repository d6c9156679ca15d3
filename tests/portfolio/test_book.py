"""From a portfolio file to columns: what every section becomes, and what is implied."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from pmdsl.diagnostics import PmdslError
from pmdsl.portfolio import read_portfolio
from tests.portfolio.helpers import EXAMPLES, MARKET, codes, good, held, listed, only, ordinal

FULL = """\
on: 2024-01-19
rate: 0.0525
accounts:
  - {id: A1, equity: 250000, tier: gold}
underlyings:
  - {id: SPX, kind: index, breadth: broad, capitalization: high, price: 4505.10, dividend_yield: 0.015}
  - {id: SPY, kind: etf, tracks: SPX, breadth: broad, price: 450.81, leverage: 1, volatility: 0.15,
     dividends: [{ex_date: 2024-06-21, amount: 1.7}, {ex_date: 2024-03-15, amount: 1.6}]}
instruments:
  - {id: SPX-C, kind: option, underlying: SPX, right: call, strike: 4500, expiry: 2024-03-15,
     exercise: european, multiplier: 100, price: 62.5, implied_volatility: 0.12, listed: true}
positions:
  - {account: A1, instrument: SPY, quantity: 100, trade_price: 440}
  - {account: A1, instrument: SPX-C, quantity: -2}
  - {account: A1, instrument: "SPY   240315C00460000", quantity: -10, price: 5.2, desk: x7}
values:
  SPX-C: {d5: 1.2, u5: -233.8}
matrices:
  correlation: [[SPX, XYZ, 0.8]]
fx: {EURUSD: 1.0850}
market: {vix: 14.2, regime: calm}
tables:
  sensitivity: [{account: A1, bucket: EUR, tenor: 1, amount: 1000}, {account: A1, amount: "5%"}]
"""


def test_the_whole_file_becomes_columns() -> None:
    book = good(FULL)
    assert book.on == date(2024, 1, 19)
    assert book.moment is None
    assert book.curve is not None
    assert book.curve.at(np.array([0.1, 5.0])).tolist() == [0.0525, 0.0525]
    assert book.accounts.text("id").tolist() == ["A1"]
    assert book.accounts.number("equity").tolist() == [250000.0]
    assert book.accounts.text("tier").tolist() == ["gold"]
    assert book.underlyings.text("breadth").tolist() == ["broad", "broad"]
    assert book.underlyings.text("capitalization").tolist() == ["high", None]
    assert book.underlyings.text("tracks").tolist() == [None, "SPX"]
    assert book.underlyings.number("volatility")[1] == 0.15
    assert np.isnan(book.underlyings.number("leverage")[0])
    assert book.instruments.text("id").tolist() == ["SPX-C", "SPY", "SPY   240315C00460000"]
    assert book.instrument_underlying.tolist() == [0, 1, 1]
    assert book.position_account.tolist() == [0, 0, 0]
    assert book.position_instrument.tolist() == [1, 0, 2]
    assert book.positions.number("quantity").tolist() == [100.0, -2.0, -10.0]
    assert book.positions.number("trade_price")[0] == 440.0
    assert book.positions.text("desk").tolist() == [None, None, "x7"]
    assert book.name == "book"


def test_the_smaller_sections() -> None:
    book = good(FULL)
    assert book.given_values == {"SPX-C": {"d5": 1.2, "u5": -233.8}}
    pair = book.matrices["correlation"][0]
    assert (pair.first, pair.second, pair.value, str(pair.place)) == ("SPX", "XYZ", 0.8, "book.yaml:19:17")
    assert book.fx == {"EURUSD": 1.085}
    assert book.market == {"vix": "14.2", "regime": "calm"}
    assert book.tables["sensitivity"].text("amount").tolist() == ["1000", "5%"]
    assert book.tables["sensitivity"].text("bucket").tolist() == ["EUR", None]
    days = [date.fromordinal(day).isoformat() for day, _ in book.dividends["SPY"]]
    assert days == ["2024-03-15", "2024-06-21"]
    assert str(book.places["market.vix"]) == "book.yaml:21:15"


def test_what_was_not_given_is_nan_or_none() -> None:
    book = good("on: 2024-01-19\nunderlyings: [{id: X}]\n")
    assert book.curve is None
    assert book.positions.size == 0
    assert book.underlyings.text("kind").tolist() == [None]
    assert np.isnan(book.underlyings.number("price")).all()
    assert book.accounts.text("id").tolist() == ["book"]


def test_every_base_column_of_instruments_is_there() -> None:
    columns = held("instrument: SPY, quantity: 1").instruments.columns
    wanted = {"id", "kind", "currency", "multiplier", "price", "implied_volatility", "right", "strike"}
    assert wanted | {"expiry", "exercise", "settlement", "listed"} <= set(columns)


def test_an_option_symbol_says_right_strike_and_expiry() -> None:
    book = held("instrument: SPXW240315P04200500, quantity: 1")
    table = book.instruments
    assert table.text("kind").tolist() == ["option"]
    assert table.text("right").tolist() == ["put"]
    assert table.number("strike").tolist() == [4200.5]
    assert table.number("expiry").tolist() == [ordinal("2024-03-15")]
    assert table.number("multiplier").tolist() == [100.0]
    assert table.text("exercise").tolist() == ["european"]
    assert table.text("currency").tolist() == ["USD"]
    assert book.instrument_underlying.tolist() == [0]


def test_padded_and_compact_symbols_are_one_instrument() -> None:
    book = held(
        "instrument: SPY240315C00460000, quantity: 1", 'instrument: "SPY   240315C00460000", quantity: 2'
    )
    assert book.instruments.text("id").tolist() == ["SPY240315C00460000"]
    assert book.position_instrument.tolist() == [0, 0]
    assert book.positions.number("quantity").tolist() == [1.0, 2.0]  # netting is the engine's


@pytest.mark.parametrize(
    ("kind", "held_as"),
    [
        ("stock", "share"),
        ("etf", "share"),
        ("etn", "share"),
        ("future", "future"),
        ("bond", "bond"),
        ("currency", "cash"),
        ("crypto", "cash"),
        ("commodity", "cash"),
    ],
)
def test_an_underlying_held_outright(kind: str, held_as: str) -> None:
    text = f"on: 2024-01-19\nunderlyings: [{{id: X, kind: {kind}, price: 5}}]\n"
    book = good(text + listed("instrument: X, quantity: 0.25"))
    assert book.instruments.text("kind").tolist() == [held_as]
    assert book.instruments.number("multiplier").tolist() == [1.0]
    assert book.positions.number("quantity").tolist() == [0.25]


@pytest.mark.parametrize("kind", ["index", "rate", "basket"])
def test_what_cannot_be_held(kind: str) -> None:
    text = f"on: 2024-01-19\nunderlyings: [{{id: X, kind: {kind}, price: 5}}]\n"
    assert codes(text + listed("instrument: X, quantity: 1")) == ["PM615"]


def test_a_position_price_beats_the_instruments() -> None:
    instruments = "instruments: [{id: SPY240315C00460000, price: 5}]\n"
    book = good(MARKET + instruments + listed("instrument: SPY240315C00460000, quantity: 1, price: 6"))
    assert book.instruments.number("price").tolist() == [6.0]


def test_two_position_prices_of_one_instrument_must_agree() -> None:
    one, other = "instrument: SPY, quantity: 1, price: 450", "instrument: SPY, quantity: 2, price: 451"
    finding = only(MARKET + listed(one, other))
    assert finding.code == "PM616"
    assert str(finding.span) == "book.yaml:8:43"
    assert [str(label.span) for label in finding.labels] == ["book.yaml:7:43"]
    assert held(one, one).instruments.number("price").tolist() == [450.0]


def test_an_outright_price_prices_its_underlying() -> None:
    text = "on: 2024-01-19\nunderlyings: [{id: X, kind: stock}]\n"
    book = good(text + listed("instrument: X, quantity: 1, price: 7"))
    assert book.underlyings.number("price").tolist() == [7.0]


def test_a_listed_symbol_needs_no_more_than_what_it_does_not_say() -> None:
    instruments = "instruments: [{id: SPY240315C00460000, multiplier: 150, exercise: european}]\n"
    book = good(MARKET + instruments)
    assert book.instruments.number("multiplier").tolist() == [150.0]
    assert book.instruments.text("exercise").tolist() == ["european"]
    assert book.instrument_underlying.tolist() == [1]


def test_an_option_by_its_right_has_a_multiplier_of_100() -> None:
    rows = "{id: C, underlying: SPX, right: call, strike: 1, expiry: 2024-03-15}, {id: F, kind: future}"
    book = good(MARKET + f"instruments: [{rows}]\n")
    assert book.instruments.number("multiplier").tolist() == [100.0, 1.0]
    assert book.instruments.text("kind").tolist() == ["option", "future"]
    assert book.instrument_underlying.tolist() == [0, -1]


def test_a_missing_exercise_is_left_to_the_engine() -> None:
    text = "on: 2024-01-19\nunderlyings: [{id: X, kind: stock, price: 5}]\n"
    book = good(text + listed("instrument: X240315C00005000, quantity: 1"))
    assert book.instruments.text("exercise").tolist() == [None]


def test_an_expired_option_is_left_to_the_engine() -> None:
    book = held("instrument: SPY230315C00460000, quantity: 1")
    assert book.instruments.number("expiry").tolist() == [ordinal("2023-03-15")]


@pytest.mark.parametrize(
    ("accounts", "position", "names", "rows"),
    [
        ("", "instrument: SPY, quantity: 1", ["book"], [0]),
        ("", "account: Z9, instrument: SPY, quantity: 1", ["Z9"], [0]),
        ("accounts: [{id: B}]\n", "instrument: SPY, quantity: 1", ["B"], [0]),
        ("accounts: [{id: B}, {id: C}]\n", "account: C, instrument: SPY, quantity: 1", ["B", "C"], [1]),
    ],
)
def test_accounts(accounts: str, position: str, names: list[str], rows: list[int]) -> None:
    book = good(MARKET + accounts + listed(position))
    assert book.accounts.text("id").tolist() == names
    assert book.position_account.tolist() == rows


def test_a_position_without_account_where_there_are_two() -> None:
    assert codes(MARKET + "accounts: [{id: B}, {id: C}]\n" + listed("instrument: SPY, quantity: 1")) == [
        "PM608"
    ]


def test_two_accounts_must_be_listed() -> None:
    positions = [f"account: {name}, instrument: SPY, quantity: 1" for name in "AB"]
    assert codes(MARKET + listed(*positions)) == ["PM614"]


def test_a_curve_is_sorted_by_tenor() -> None:
    book = good("on: 2024-01-19\nrate: [{tenor: 1, rate: 0.05}, {tenor: 0.25, rate: 0.053}]\n")
    assert book.curve is not None
    assert book.curve.tenors == (0.25, 1.0)
    assert book.curve.rates == (0.053, 0.05)


def test_a_timestamp_keeps_its_offset_and_its_own_day() -> None:
    book = good("on: 2024-01-19T22:30:00-05:00\n")
    assert book.on == date(2024, 1, 19)
    assert book.moment is not None
    assert book.moment.utcoffset() == timedelta(hours=-5)
    assert book.moment.astimezone(UTC) == datetime(2024, 1, 20, 3, 30, tzinfo=UTC)


def test_a_date_from_outside_beats_the_books() -> None:
    text = "on: 2024-01-19T22:30:00-05:00\n"
    later = good(text, on=date(2024, 2, 1))
    assert (later.on, later.moment) == (date(2024, 2, 1), None)
    assert good(text, on=date(2024, 1, 19)).moment is not None
    assert good("market: {}\n", on=date(2024, 2, 1)).on == date(2024, 2, 1)


def test_places_of_cells_rows_and_what_is_implied() -> None:
    book = good(MARKET + listed("instrument: SPY, quantity: 1", "instrument: ES, quantity: 2"))
    assert str(book.positions.cell_place(1, "quantity")) == "book.yaml:8:32"
    assert str(book.positions.place(1)) == "book.yaml:8:5"
    assert str(book.instruments.place(1)) == "book.yaml:8:18"
    assert str(book.underlyings.cell_place(1, "volatility")) == str(book.underlyings.place(1))


def test_words_that_other_readers_turn_into_truth_are_names() -> None:
    text = "on: 2024-01-19\nunderlyings: [{id: NO, kind: stock, price: 1}, {id: ON, kind: stock, price: 1}]\n"
    book = good(text + listed("account: 007, instrument: NO, quantity: 1"))
    assert book.underlyings.text("id").tolist() == ["NO", "ON"]
    assert book.accounts.text("id").tolist() == ["007"]


def test_values_may_name_what_nobody_holds() -> None:
    book = good(MARKET + "values: {SPY240315C00460000: {up: 1}}\n")
    assert book.given_values == {"SPY240315C00460000": {"up": 1.0}}
    assert book.instruments.size == 1


def test_values_find_a_symbol_in_any_padding() -> None:
    text = MARKET + listed('instrument: "SPY   240315C00460000", quantity: 1')
    book = good(text + "values: {SPY240315C00460000: {up: 1}}\n")
    assert book.given_values == {"SPY   240315C00460000": {"up": 1.0}}


def test_read_portfolio_takes_a_path_a_text_and_a_mapping() -> None:
    from_path = read_portfolio(EXAMPLES / "01_demo.yaml")
    assert from_path.name == "01_demo"
    assert read_portfolio("on: 2024-01-19\n").on == date(2024, 1, 19)
    assert read_portfolio('{"on": "2024-01-19"}').on == date(2024, 1, 19)
    assert read_portfolio({"on": date(2024, 1, 19)}).on == date(2024, 1, 19)


def test_read_portfolio_raises_everything_at_once() -> None:
    with pytest.raises(PmdslError) as raised:
        read_portfolio("on: 2024-01-19\nrate: x\nunderlyngs: []\nfx: {E: 1}\n")
    assert [finding.code for finding in raised.value.findings] == ["PM610", "PM607", "PM607"]
