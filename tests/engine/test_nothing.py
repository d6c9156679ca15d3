"""Nothing held, nothing given, nothing left: every operator over it has an answer or says what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pmdsl
from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings, PmdslError
from pmdsl.engine import Answer, bind
from pmdsl.names.library import Library
from pmdsl.plan.nodes import Plan
from pmdsl.plan.simplify import simplify
from pmdsl.rules import Rules
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.testing.market import market_of

OPERATORS = Path(__file__).parents[1] / "operators"
FILES = sorted(OPERATORS.glob("*.margin"))
CUTS = (0, 1, 2)  # how many lines of a block are kept: none, its header, its first row

TEXT = """pmdsl 1

methodology example.nothing {
  version  "1"
  currency USD
  covers   2020-01-01 onward

  input returns by underlying, date { move: percent }
  input loan { notional: money  bought: date }

  levels position -> name -> account
  group name = underlying.id

  scenarios point {
    | point | move |
    | down  | -10% |
    | up    |  10% |
  }
  scenarios day    from returns.date last 5
  scenarios old    from returns.date where date <= 2021-01-01
  scenarios settle each strike within name

  matrix rho by name from book
  pair half between name a and b = 50%
  pricing {
    | when                      | model         |
    | instrument.kind == option | black_scholes |
    | any                       | linear        |
  }
  unique table rate by name from data rates {
    column name: text
    column rate: percent
  }

  step worth  = quantity * multiplier * underlying.price
  step held   = sum worth into name
  step pnl    = sum quantity * multiplier * (value at (price_by: point.move) - value) into account
  step payoff for option = quantity * multiplier * max(0, settle - strike)
  step paid   = sum payoff into name
  step fixed  = sum returns["X", day].move over day
  step daily  = sum worth * returns[underlying, day].move into account
  step along  = max(daily, USD 1 * returns["X", day].move)
  step older  = USD 1 * returns["X", old].move
  step chosen = choose largest along over day
  step moved  = choose largest pnl over point

  require initial = USD 1
  report answer = FORMULA
}
"""

# The answer for an account that holds nothing, where no table was given: an amount, or the code of an error.
NOTHING: dict[str, Any] = {
    "sum worth into account": Decimal(0),
    "largest worth into account": "PM714",
    "smallest worth into account if_empty USD 5": Decimal(5),
    "average worth where quantity > 0 into account if_empty 0": Decimal(0),
    "sum notional into account": Decimal(0),
    "largest notional where bought < today into account": "PM714",
    "held": {},
    "convert (sum worth into account) to USD haircut 8%": Decimal(0),
    "worst pnl over point": Decimal(0),
    "worst unfloored pnl over point": Decimal(0),
    "largest pnl over point": Decimal(0),
    "quantile 99% of -pnl over point by kth_worst": Decimal(0),
    "tail_mean 97.5% of -pnl over point by interpolated": Decimal(0),
    "pnl at moved": Decimal(0),
    "net held into account crediting 90% of gains": Decimal(0),
    "aggregate held with half into account": Decimal(0),
    "aggregate held with rho into account": Decimal(0),
    "aggregate held carrying held clamped with rho into account": Decimal(0),
    "sum abs(held) * rate.rate into account": Decimal(0),
    "if given(rates) then USD 1 else USD 2": Decimal(2),
    "sum (worst paid over settle) into account": Decimal(0),
    "sum (largest paid over settle) into account": Decimal(0),
    "worst daily over day": Decimal(0),  # a sum of no positions needs no day
    "worst along over day": "PM721",
    "worst unfloored along over day": "PM721",
    "largest along over day": "PM721",
    "largest along over day if_empty 0": "PM721",
    "sum along over day": "PM721",
    "sum along where day.age > 1 over day": "PM721",
    "average along over day": "PM721",
    "quantile 99% of along over day by kth_worst": "PM721",
    "quantile 99% of along over day by kth_worst_up": "PM721",
    "quantile 99% of along over day by interpolated": "PM721",
    "quantile 99% of along over day by first_reaching weighing 0.5": "PM721",
    "tail_mean 97.5% of along over day by kth_worst": "PM721",
    "tail_mean 97.5% of along over day by interpolated": "PM721",
    "tail_mean 97.5% of along over day by first_reaching weighing 0.5": "PM721",
    "along at chosen": "PM721",
    "along at last(day)": "PM721",
    "along at first(day)": "PM721",
    "largest (ewma along over day decay 0.94) over day": "PM721",
    "(ewma along over day decay 0.94) at last(day)": "PM721",
    "largest older over old": "PM721",
    "sum day.age over day": "PM721",
    "USD 1 * count(day)": Decimal(0),
    "USD 1 * fixed": "PM721",
}

BOOK: dict[str, Any] = {
    "on": "2024-01-02",
    "rate": 0.01,
    "accounts": [{"id": "A"}, {"id": "B"}],
    "underlyings": [
        {"id": "X", "kind": "stock", "price": 100, "volatility": 0.2},
        {"id": "Y", "kind": "stock", "price": 50, "volatility": 0.3},
    ],
    "instruments": [
        {"id": "C", "kind": "option", "underlying": "X", "strike": 100, "expiry": "2024-06-21",
         "right": "call", "exercise": "european", "implied_volatility": 0.2, "multiplier": 100},
    ],
    "positions": [
        {"account": "A", "instrument": "X", "quantity": 10},
        {"account": "A", "instrument": "Y", "quantity": -10},
        {"account": "A", "instrument": "C", "quantity": -1},
        {"account": "B", "instrument": "Y", "quantity": 2},
    ],
    "matrices": {"rho": [["X", "Y", 0.3]]},
    "tables": {
        "returns": [
            {"underlying": name, "date": day, "move": "1%"}
            for name in "XY"
            for day in ("2020-05-05", "2023-05-05", "2023-05-08")
        ],
        "loan": [{"account": "A", "notional": 5, "bought": "2023-01-01"}],
    },
}  # fmt: skip
BARE: dict[str, Any] = {"positions": [], "instruments": [], "underlyings": [], "matrices": {}, "tables": {}}
STRIPPED: dict[str, dict[str, Any]] = {
    "whole": {},
    "an account without positions": {"positions": BOOK["positions"][3:]},
    "no options": {"positions": BOOK["positions"][:2], "instruments": []},
    "no positions": {"positions": []},
    "no entities": {**BARE, "tables": BOOK["tables"]},
    "no tables": {"tables": {}, "matrices": {}},
    "tables without rows": {"tables": {"returns": [], "loan": []}, "matrices": {"rho": []}},
    "no day that counts": {"tables": {"returns": [{"underlying": "X", "date": "2020-01-01", "move": "1%"}]}},
    "nothing": BARE,
    "no accounts": {**BARE, "accounts": []},
}


@cache
def rules_for(formula: str) -> Rules:
    return pmdsl.load(TEXT.replace("FORMULA", formula))


@pytest.mark.parametrize("formula", NOTHING)
def test_every_operator_over_nothing(formula: str) -> None:
    answer = rules_for(formula).margin(json.dumps({**BOOK, **BARE}))["A"]
    expected = NOTHING[formula]
    if isinstance(expected, str):
        assert answer.reports["answer"] is None
        assert {finding.code for finding in answer.messages} == {expected}
    else:
        assert answer.reports["answer"] == expected
        assert not answer.messages


@pytest.mark.parametrize("formula", NOTHING)
def test_a_stripped_book_ends_in_an_answer_or_a_finding(formula: str) -> None:
    for changes in STRIPPED.values():
        result = rules_for(formula).margin(json.dumps({**BOOK, **changes}))
        assert result.to_json()
        assert str(result)
        for account in result:
            assert str(result.explain(account))
            assert not [finding for finding in result[account].messages if finding.code == "PM901"]


def test_an_axis_without_a_day_says_which_table_is_empty() -> None:
    messages = rules_for("largest older over old").margin(json.dumps({**BOOK, **BARE}))["A"].messages
    said = "`old` has no day: no row of the table `returns` has a `date` to 2021-01-01, which `older` needs"
    assert [finding.message.partition(" (")[0] for finding in messages] == [said]
    assert messages[0].hint == "give the book a table `returns` with a column `date`, under `tables:`"


# ---- the tests of the operators, with parts of their books taken away --------------------------------------


def stripped(case: ast.TestCase) -> Iterator[ast.TestCase]:
    """A test without one of its blocks, or without all of them, down to so many lines."""
    blocks = [k for k, member in enumerate(case.members) if isinstance(member, ast.Block)]
    for cut in [[k] for k in blocks] + [blocks]:
        for kept in CUTS:
            yield replace(case, members=tuple(shortened(case, cut, kept)))


def shortened(case: ast.TestCase, cut: list[int], kept: int) -> Iterator[ast.TestMember]:
    for k, member in enumerate(case.members):
        if k not in cut:
            yield member
        elif isinstance(member, ast.Block) and kept:
            yield replace(member, rows=member.rows[:kept])


def run(plan: Plan, case: ast.TestCase) -> Answer | None:
    """The answer to a test's book; None where the book is refused, or the run as a whole."""
    market = market_of(case, plan.currency, Findings())
    if market is None:
        return None
    try:
        return bind(simplify(plan, market.book.on), market.book, market.data).run()
    except PmdslError:
        return None


def ask_everything(answer: Answer) -> None:
    for account in answer.accounts:
        answer.account(account)
        answer.binding(account)
        answer.trace(account)
    for _, out in answer.outputs("requirement"):
        answer.bindings(out.name)
    answer.failed()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_books_of_the_operators_stripped(path: Path) -> None:
    compiled = compile_source(Source.read(path), Library(), Findings(), checks=False)
    plan = compiled.methodologies[0].plan if compiled.methodologies else None
    if plan is None:
        pytest.skip("the rule set stands in another file")
    answers = [run(plan, short) for case in compiled.tests for short in stripped(case)]
    given = [answer for answer in answers if answer is not None]
    assert given
    for answer in given:
        ask_everything(answer)
