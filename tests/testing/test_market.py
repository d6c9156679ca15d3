"""A test's blocks make the book that a portfolio file of the same content makes."""

from __future__ import annotations

import numpy as np
import pytest

from pmdsl.diagnostics import Findings
from pmdsl.portfolio import read_portfolio
from pmdsl.portfolio.book import Book, Table
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse
from pmdsl.testing.market import Market, market_of


def case_of(body: str) -> ast.TestCase:
    findings = Findings()
    tree = parse(Source("x_test.margin", f'pmdsl 1\ntest "x" {{\n{body}\n}}\n'), findings)
    assert not findings.has_errors, "\n".join(map(str, findings))
    case = tree.items[0]
    assert isinstance(case, ast.TestCase)
    return case


def market(body: str) -> Market:
    findings = Findings()
    found = market_of(case_of(body), "USD", findings)
    assert found is not None, "\n".join(map(str, findings))
    return found


def refused(body: str) -> list[str]:
    findings = Findings()
    assert market_of(case_of(body), "USD", findings) is None
    return [finding.code for finding in findings]


def same_table(left: Table, right: Table) -> None:
    assert left.size == right.size
    assert set(left.columns) == set(right.columns)
    for name in left.columns:
        np.testing.assert_array_equal(left.columns[name], right.columns[name], err_msg=name)


def same_book(left: Book, right: Book) -> None:
    for name in ("accounts", "underlyings", "instruments", "positions"):
        same_table(getattr(left, name), getattr(right, name))
    for name in ("instrument_underlying", "position_account", "position_instrument"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))
    for name in ("on", "curve", "market", "dividends", "given_values", "fx", "roots"):
        assert getattr(left, name) == getattr(right, name), name
    pairs = [
        {k: [(p.first, p.second, p.value) for p in v] for k, v in b.matrices.items()} for b in (left, right)
    ]
    assert pairs[0] == pairs[1]
    assert set(left.tables) == set(right.tables)
    for name in left.tables:
        same_table(left.tables[name], right.tables[name])


def test_everything_at_once() -> None:
    found = market(
        """
  on 2024-01-19
  rate 5.25%
  accounts {
    | id | equity      |
    | A1 | USD 250_000 |
    | A2 |             |
  }
  underlyings {
    | id  | kind  | price       | tracks | breadth | option_exercise | roots      | volatility |
    | SPX | index | USD 4505.10 |        | broad   | european        | "SPX SPXW" |        12% |
    | SPY | etf   |      450.81 | SPX    | broad   | american        |            |            |
  }
  instruments {
    | id      | kind   | underlying | right | strike | expiry     | exercise | implied_volatility | listed |
    | "SPX-C" | option | SPX        | call  |   4500 | 2024-03-15 | european |               0.12 | yes    |
  }
  positions {
    | account | instrument              | quantity | price |
    | A1      | SPY                     |      100 |       |
    | A1      | "SPX-C"                 |       -2 |       |
    | A2      | "SPY   240315C00460000" |      -10 |   5.2 |
  }
  values {
    | instrument | d5  | u5    |
    | "SPX-C"    | 1.2 | 233.8 |
  }
  matrices correlation {
    | a   | b   | rho |
    | SPX | SPY | 0.8 |
  }
  fx {
    | pair   | rate   |
    | EURUSD | 1.0850 |
  }
  market {
    | name | value |
    | vix  |  14.2 |
  }
  dividends {
    | underlying | ex_date    | amount   |
    | SPY        | 2024-03-15 | USD 1.60 |
    | SPY        | 2024-06-21 | USD 1.70 |
  }
  table sensitivity {
    | account | bucket | amount   |
    | A1      | "1"    | USD 1000 |
    | A1      |        | 5%       |
  }
"""
    )
    text = """
on: 2024-01-19
rate: 0.0525
accounts: [{id: A1, equity: 250000}, {id: A2}]
underlyings:
  - {id: SPX, kind: index, price: 4505.1, breadth: broad, option_exercise: european, roots: [SPX, SPXW],
     volatility: 0.12}
  - {id: SPY, kind: etf, price: 450.81, tracks: SPX, breadth: broad, option_exercise: american,
     dividends: [{ex_date: 2024-03-15, amount: 1.6}, {ex_date: 2024-06-21, amount: 1.7}]}
instruments:
  - {id: SPX-C, kind: option, underlying: SPX, right: call, strike: 4500, expiry: 2024-03-15,
     exercise: european, implied_volatility: 0.12, listed: true}
positions:
  - {account: A1, instrument: SPY, quantity: 100}
  - {account: A1, instrument: SPX-C, quantity: -2}
  - {account: A2, instrument: "SPY   240315C00460000", quantity: -10, price: 5.2}
values: {SPX-C: {d5: 1.2, u5: 233.8}}
matrices: {correlation: [[SPX, SPY, 0.8]]}
fx: {EURUSD: 1.0850}
market: {vix: 14.2}
tables:
  sensitivity: [{account: A1, bucket: "1", amount: 1000}, {account: A1, amount: 0.05}]
"""
    same_book(found.book, read_portfolio(text))


SHARE = """
  on 2024-01-19
  underlyings {
    | id  | kind  | price |
    | XYZ | stock |    50 |
  }
"""


def test_values_in_three_columns_are_those_in_a_row() -> None:
    wide = market(SHARE + "values {\n | instrument | d1 | u1 |\n | XYZ | 49 | 51 |\n }")
    long = market(
        SHARE + "values {\n | instrument | scenario | value |\n | XYZ | d1 | 49 |\n | XYZ | u1 | 51 |\n }"
    )
    same_book(wide.book, long.book)


def test_scenarios_may_be_numbered() -> None:
    found = market(SHARE + "values {\n | instrument | 1 | 2 |\n | XYZ | 49 | 51 |\n }")
    assert found.book.given_values == {"XYZ": {"1": 49.0, "2": 51.0}}


def test_a_market_may_be_one_row() -> None:
    rows = market(SHARE + "market {\n | vix | day |\n | 14.2 | 2024-01-18 |\n }")
    assert rows.book.market == {"vix": "14.2", "day": "2024-01-18"}


def test_a_curve_of_rates() -> None:
    found = market(SHARE + "curve {\n | tenor | rate |\n | 0.25 | 5% |\n | 1 | 4% |\n }")
    assert found.book.curve is not None
    assert found.book.curve.rates == (0.05, 0.04)


def test_sections_may_be_called_tables_and_in_the_singular() -> None:
    one = market(SHARE + "positions {\n | instrument | quantity |\n | XYZ | 1 |\n }")
    other = market(SHARE + "portfolio {\n | instrument | quantity |\n | XYZ | 1 |\n }")
    third = market(
        SHARE.replace("underlyings", "table underlyings")
        + "position {\n | instrument | quantity |\n | XYZ | 1 |\n }"
    )
    same_book(one.book, other.book)
    same_book(one.book, third.book)


def test_tables_given_at_run_time_are_text() -> None:
    found = market(
        SHARE + "data limits {\n | name | most | day | live |\n | XYZ | USD 3_000 | 2024-01-19 | yes |\n }"
    )
    columns = found.data["limits"].columns
    assert {name: column.tolist() for name, column in columns.items()} == {
        "name": ["XYZ"], "most": ["3000"], "day": ["2024-01-19"], "live": ["yes"],
    }  # fmt: skip
    assert found.data["limits"].cell_place(0, "most") is not None


def test_a_test_may_have_no_positions() -> None:
    assert market(SHARE).book.positions.size == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("postions {\n | instrument |\n | XYZ |\n }", "PM811"),
        ("data {\n | a |\n | 1 |\n }", "PM811"),
        ("positions more {\n | instrument |\n | XYZ |\n }", "PM811"),
        ("fx {\n | currency | rate |\n | EURUSD | 1.1 |\n }", "PM816"),
        ("matrices m {\n | a | b |\n | XYZ | XYZ |\n }", "PM816"),
        ("market {\n | vix |\n | 1 |\n | 2 |\n }", "PM816"),
        ("dividends {\n | underlying | ex_date | amount |\n | ABC | 2024-03-15 | 1 |\n }", "PM816"),
        ("accounts {\n | id | equity |\n | A | EUR 5 |\n }", "PM816"),
        ("positions {\n | instrument | quantity |\n | XYZ | price |\n }\nrate x * 2", "PM812"),
        ("positions {\n | instrument | quantity |\n | XYZ | many |\n }", "PM610"),
        ("positions {\n | instrument | quantity |\n | ABC | 1 |\n }", "PM614"),
        ("rate 3%\nrate 4%", "PM606"),
        ("values {\n | price |\n | 1 |\n }", "PM816"),
    ],
)
def test_what_is_refused(body: str, code: str) -> None:
    assert refused(SHARE + body) == [code]


def test_money_is_in_the_currency_of_its_row() -> None:
    body = SHARE.replace("| id  | kind  | price |", "| id | kind | price | currency |").replace(
        "| XYZ | stock |    50 |", "| XYZ | stock | EUR 50 | EUR |"
    )
    assert market(body).book.underlyings.text("currency").tolist() == ["EUR"]


def test_findings_have_their_place_in_the_test() -> None:
    findings = Findings()
    market_of(case_of(SHARE + "positions {\n | instrument | quantity |\n | ABC | 1 |\n }"), "USD", findings)
    finding = next(iter(findings))
    assert finding.span is not None
    assert finding.span.text == "ABC"
