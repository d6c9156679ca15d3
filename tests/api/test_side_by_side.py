"""Several rule sets beside one another: every amount and every saving is shown at every width, whole."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

import pmdsl
from pmdsl.asking import ask
from pmdsl.portfolio.book import Book
from pmdsl.render.amounts import amount, share
from pmdsl.render.margin import margin_table
from pmdsl.render.shown import as_text
from pmdsl.result import Result
from pmdsl.result_json import answer_record
from tests.api.world import TINY

OTHERS = {
    "us.reg_t": ["initial = worth * 50%", "proceeds = worth * 10%", "maintenance = worth * 25%"],
    "generic.covariance": ["maintenance = worth * 7%"],
    "house.example": ["maintenance = worth * 20%", "house = maintenance * 110%"],
    "desk.euro": ["initial = worth * 30%"],
}

MARKET = """\
on: 2026-03-02
fx: {EURUSD: 1.25}
underlyings:
  - {id: XYZ, kind: stock, price: 50, currency: USD}
"""
UNPRICED = """\
on: 2026-03-02
accounts: [{id: A}, {id: B}, {id: C}]
underlyings:
  - {id: XYZ, kind: stock, price: 50}
  - {id: ABC, kind: stock}
positions:
  - {account: A, instrument: XYZ, quantity: 10}
  - {account: B, instrument: ABC, quantity: 10}
  - {account: C, instrument: XYZ, quantity: 30}
"""


def text_of(name: str, requirements: list[str], currency: str = "USD") -> str:
    head = TINY[: TINY.index("  param")].replace("methodology tiny", f"methodology {name}")
    worth = "abs(quantity * multiplier * underlying.price)"
    worth = worth if currency == "USD" else f"convert {worth} to {currency}"
    lines = "".join(f"  require {line}\n" for line in requirements)
    head = head.replace("currency USD", f"currency {currency}")
    return f"{head}  step worth = sum {worth} into account\n{lines}}}\n"


@cache
def book(accounts: int) -> Book:
    """So many accounts, the first of them without positions."""
    listed = ", ".join(f"{{id: ACC-{n:04d}, equity: {200_000 * (n + 1)}}}" for n in range(accounts))
    held = ", ".join(
        f"{{account: ACC-{n:04d}, instrument: XYZ, quantity: {n * 1234}}}" for n in range(accounts)
    )
    return pmdsl.read_portfolio(f"{MARKET}accounts: [{listed}]\npositions: [{held}]\n")


def answers(rule_sets: int, accounts: int, currency: str = "USD") -> list[Result]:
    """The first rule set asks 20% under one name, the others this and that."""
    texts = [TINY, *(text_of(name, asked) for name, asked in OTHERS.items())]
    if currency != "USD":
        texts[-1] = text_of("desk.euro", OTHERS["desk.euro"], currency)
    return ask([pmdsl.load(text) for text in texts[:rule_sets]], book(accounts), {})


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.parametrize("accounts", [1, 3, 20])
@pytest.mark.parametrize("rule_sets", [1, 2, 3, 4, 5])
def test_nothing_is_cut(rule_sets: int, accounts: int, width: int) -> None:
    results = answers(rule_sets, accounts)
    shown = as_text(margin_table(results), width)
    assert max(map(len, shown.splitlines())) <= width
    assert "…" not in shown
    words = re.findall(r"[^\s]+", shown)
    for result in results:
        for account in result:
            for value in result[account].requirements.values():
                assert value is not None
                assert amount(value) in words
    for account in results[0]:
        assert account in words
    assert ("saving" in words) == (rule_sets > 1)
    assert ("total" in words) == (rule_sets > 1 and accounts > 1)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_savings_are_shown_at_every_width(width: int) -> None:
    results = answers(5, 20)
    words = as_text(margin_table(results), width).split()
    mains = {"us.reg_t": "maintenance", "generic.covariance": "maintenance", "house.example": "house"}
    for other in results[1:-1]:
        for account in other:
            before = results[0][account].maintenance
            saving = before - getattr(other[account], mains[other.rules.name])
            assert amount(saving) in words
            assert share(saving, before) in words


def test_what_is_compared_with_what_is_said() -> None:
    shown = as_text(margin_table(answers(4, 1)), 140)
    assert shown.splitlines()[1] == (
        "saving against maintenance of tiny: "
        "maintenance of us.reg_t, maintenance of generic.covariance, house of house.example"
    )


def test_another_currency_is_shown_and_not_compared() -> None:
    shown = as_text(margin_table(answers(5, 3, "EUR")), 140)
    assert "tiny is in USD and desk.euro in EUR: no saving between currencies" in shown
    assert "initial EUR" in shown
    assert "total" not in shown
    assert "desk.euro" not in shown.splitlines()[1]


def test_what_is_said_of_accounts_is_collected_and_aligned() -> None:
    stated = text_of("stated", ["maintenance = worth * 50%"]).replace(
        "  require",
        """  eligible solvent "equity is above a million": account.equity > USD 1_000_000
  alert usage "the requirement is above equity" severity low when maintenance > 14.63% * account.equity
  require""",
    )
    (result,) = ask([pmdsl.load(stated)], book(20), {})
    lines = as_text(margin_table([result]), 110).splitlines()
    told = [line for line in lines if "equity is" in line or "above equity" in line]
    assert told == [
        "ACC-0000, ACC-0001, ACC-0002 and 2 more  fails       equity is above a million",
        "ACC-0019                                 alert, low  the requirement is above equity",
    ]
    bare = MARKET + "accounts: [{id: A}, {id: B}, {id: C}, {id: D}]\npositions: []\n"
    (result,) = ask(
        [pmdsl.load(stated.replace("> account.equity", "> USD 5"))], pmdsl.read_portfolio(bare), {}
    )
    assert "all 4  not checked  equity is above a million" in as_text(margin_table([result]), 110)


def test_the_comparison_in_the_answer_as_json() -> None:
    assert "comparison" not in answer_record(answers(1, 3))
    record = answer_record(answers(5, 3, "EUR"))
    assert list(record) == ["on", "results", "comparison"]
    found = record["comparison"]
    assert list(found) == ["against", "savings", "not_compared"]
    assert found["against"] == "tiny"
    assert [saving["account"] for saving in found["savings"][:4]] == ["ACC-0000"] * 3 + ["ACC-0001"]
    assert found["savings"][5] == {
        "account": "ACC-0001",
        "rules": "house.example",
        "requirement": "house",
        "against": "maintenance",
        "saving": "-1234.00",
        "percent": "-10.00",
    }
    assert found["savings"][2]["saving"] == "0.00"
    assert found["savings"][2]["percent"] is None
    because = "tiny is in USD and desk.euro in EUR: no saving between currencies"
    assert found["not_compared"] == [{"rules": "desk.euro", "because": because}]
    assert json.dumps(record)


def test_an_account_that_cannot_be_answered_saves_nothing_and_is_in_no_total() -> None:
    book = pmdsl.read_portfolio(UNPRICED)
    results = ask([pmdsl.load(TINY), pmdsl.load(text_of("other", ["maintenance = worth * 10%"]))], book, {})
    shown = as_text(margin_table(results), 100)
    assert re.search(r"^B +error +error +– +–$", shown, re.MULTILINE)
    assert re.search(r"^total of 2 +400.00 +200.00 +200.00 +50.0%$", shown, re.MULTILINE)
    assert answer_record(results)["comparison"]["savings"][1]["saving"] is None


def test_columns_of_groups_are_drawn_where_groups_bound_something() -> None:
    plain = pmdsl.load(text_of("house.plain", ["maintenance = worth"])).margin(book(2))
    bound = pmdsl.load("generic.stress").margin(book(2))
    assert "bound by" not in as_text(margin_table([plain]), 120)
    assert "bound by" in as_text(margin_table([bound]), 120)
