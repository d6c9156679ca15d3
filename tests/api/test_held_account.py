"""A held account answers what trades in it would change, and says what is wrong with them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import pmdsl
from pmdsl.held_account import HeldAccount
from tests.api.world import demo, rules

SHORT = "SPY   231215P00430000"
POSITIONS = {"instrument": ["SPY", SHORT], "quantity": [1000, 10]}


@cache
def held() -> HeldAccount:
    return rules().compile(demo()).hold(POSITIONS)


def margin(*more: tuple[str, float]) -> Decimal:
    """The requirement of the account with positions more, as for a whole book."""
    instruments = [*POSITIONS["instrument"], *(name for name, _ in more)]
    quantities = [*POSITIONS["quantity"], *(quantity for _, quantity in more)]
    found = held().market.margin({"instrument": instruments, "quantity": quantities})
    return found["book"].maintenance


def test_before_change_and_after() -> None:
    found = held().what_if(SHORT, -10)
    assert found.by == "steps"
    assert dict(found.before) == {"maintenance": margin()}
    assert dict(found.after) == {"maintenance": margin((SHORT, -10))}
    assert found.change == {"maintenance": margin((SHORT, -10)) - margin()}


def test_several_trades_together() -> None:
    trades = [("SPY", -500.0), (SHORT, 5.0)]
    found = held().what_if_all(trades)
    assert found.after["maintenance"] == margin(*trades)
    assert found.result["book"].maintenance == margin(*trades)


def test_many_trades_each_by_itself() -> None:
    names, quantities = ["SPY", SHORT, "SPY"], [-1000.0, 4.0, 250.0]
    for asked in (names, held().find(names)):
        found = held().what_if_many(asked, quantities)
        expected = [float(margin(trade)) for trade in zip(names, quantities, strict=True)]
        np.testing.assert_allclose(found.after["maintenance"], expected, atol=0.005)
        np.testing.assert_allclose(
            found.change["maintenance"], np.array(expected) - float(margin()), atol=0.01
        )


def test_a_trade_is_done_by_applying_it() -> None:
    after = held().apply("SPY", -1000.0)
    assert after.requirements["maintenance"] == margin(("SPY", -1000.0))
    assert held().requirements["maintenance"] == margin()
    assert after.what_if("SPY", 1000.0).after["maintenance"] == margin()


def test_other_quantities_of_what_is_held() -> None:
    quantities = [1000.0 if name == "SPY" else 0.0 for name in held().instruments]
    assert held().requirements_at(quantities)["maintenance"] == margin((SHORT, -10.0))


def test_the_whole_answer_is_at_hand() -> None:
    assert held().result["book"].maintenance == margin()
    assert held().what_if("SPY", 1.0).result["book"].explain()


def test_one_of_several_accounts() -> None:
    market = rules().compile(demo())
    table = {"account": ["A", "B"], "instrument": ["SPY", "SPY"], "quantity": [100, -250]}
    assert (
        market.hold(table, account="B").requirements["maintenance"] == market.margin(table)["B"].maintenance
    )


def test_threads_may_ask_one_account() -> None:
    quantities = [float(k) for k in range(-40, 40)]
    one_by_one = [held().what_if("SPY", q).after["maintenance"] for q in quantities]
    anew = [held().requirements_at([q, 10.0]).raw for q in quantities]
    with ThreadPoolExecutor(4) as pool:
        assert (
            list(pool.map(lambda q: held().what_if("SPY", q).after["maintenance"], quantities)) == one_by_one
        )
        assert list(pool.map(lambda q: held().requirements_at([q, 10.0]).raw, quantities)) == anew


def ask(question: str, *arguments: Any) -> Any:
    return getattr(held(), question)(*arguments)


@pytest.mark.parametrize(
    ("question", "arguments", "code"),
    [
        ("what_if", ("SPZ", 1.0), "PM614"),
        ("what_if", ("SPY", float("nan")), "PM610"),
        ("what_if", ("SPY", float("inf")), "PM610"),
        ("what_if", ("SPY", 1.0, float("nan")), "PM610"),
        ("what_if_all", ([("SPY", 1.0), ("SPZ", 1.0)],), "PM614"),
        ("what_if_many", (["SPY", "SPZ"], [1.0, 1.0]), "PM614"),
        ("what_if_many", (["SPY", "SPY"], [1.0, float("nan")]), "PM610"),
        ("what_if_many", (["SPY", "SPY"], [1.0]), "PM622"),
        ("apply", ("SPZ", 1.0), "PM614"),
        ("requirements_at", ([1.0],), "PM622"),
        ("requirements_at", ([1.0, float("nan")],), "PM610"),
        ("what_if", ("SPY", "ten"), "PM610"),
        ("what_if", ("SPY", "10"), "PM610"),
        ("what_if", ("SPY", None), "PM610"),
        ("what_if", ("SPY", 1.0, "x"), "PM610"),
        ("what_if", ("SPY", 1e300), "PM610"),
        ("what_if", (None, 1.0), "PM609"),
        ("what_if", (["SPY"], 1.0), "PM609"),
        ("what_if_all", ([("SPY",)],), "PM609"),
        ("what_if_all", (["SPY"],), "PM609"),
        ("apply_all", ([("SPY", 1.0, None, None)],), "PM609"),
        ("what_if_many", (["SPY"], ["ten"]), "PM610"),
        ("what_if_many", ("SPY", [1.0]), "PM609"),
        ("what_if_many", ("SPY", 1.0), "PM609"),
        ("what_if_many", (np.array([-1]), [1.0]), "PM614"),
        ("what_if_many", (np.array([99_999]), [1.0]), "PM614"),
        ("what_if_many", (["SPY"], [1.0], [1.0, 2.0]), "PM622"),
        ("what_if_many", (["SPY"], [1e300]), "PM610"),
        ("requirements_at", (["ten", 1.0],), "PM610"),
    ],
)
def test_trades_that_are_none(question: str, arguments: tuple[Any, ...], code: str) -> None:
    with pytest.raises(pmdsl.PmdslError) as caught:
        ask(question, *arguments)
    assert [finding.code for finding in caught.value.findings] == [code]


@pytest.mark.parametrize("kind", [object, "U"])
def test_names_in_an_array(kind: Any) -> None:
    found = held().what_if_many(np.array(["SPY", SHORT], dtype=kind), [100.0, 4.0])
    assert found.after["maintenance"].tolist() == (
        held().what_if_many(["SPY", SHORT], [100.0, 4.0]).after["maintenance"].tolist()
    )


def test_an_account_that_holds_nothing() -> None:
    empty = rules().compile(demo()).hold({"instrument": [], "quantity": []})
    assert dict(empty.requirements_at([])) == dict(empty.requirements) == {"maintenance": 0}
    assert empty.what_if("SPY", 100).after["maintenance"] > 0


def test_quantities_of_any_layout() -> None:
    wide = np.array([[1000.0, 1.0], [10.0, 2.0]])
    wide.flags.writeable = False
    for engine in ("numpy", *(["compiled"] if find_spec("numba") else [])):
        account = rules().compile(demo(), engine=engine).hold(POSITIONS)
        assert account.requirements_at(wide[:, 0])["maintenance"] == margin()
        assert account.requirements_at((1000, 10))["maintenance"] == margin()


@pytest.mark.parametrize(("account", "code"), [(None, "PM608"), ("C", "PM614")])
def test_accounts_that_are_not_said(account: str | None, code: str) -> None:
    market = rules().compile(demo())
    table = {"account": ["A", "B"], "instrument": ["SPY", "SPY"], "quantity": [100, -250]}
    with pytest.raises(pmdsl.PmdslError) as caught:
        market.hold(table, account=account)
    assert [finding.code for finding in caught.value.findings] == [code]


BROKEN = """\
on: 2026-03-02
rate: 0.04
underlyings:
  - {id: XYZ, kind: stock, price: 50, currency: USD}
  - {id: ABC, kind: stock, currency: USD}
positions:
  - {instrument: XYZ, quantity: 1}
"""


def test_what_cannot_be_had_is_none_and_says_why() -> None:
    account = rules().compile(pmdsl.read_portfolio(BROKEN)).hold({"instrument": ["XYZ"], "quantity": [100]})
    found = account.what_if("ABC", 10)
    assert found.after == {"maintenance": None}
    assert found.change == {"maintenance": None}
    assert np.isnan(account.what_if_many(["ABC"], [10.0]).after["maintenance"]).all()
    whole = account.market.margin({"instrument": ["XYZ", "ABC"], "quantity": [100, 10]})["book"]
    assert [m.message for m in found.messages] == [m.message for m in whole.messages if m.is_error] != []


def test_trades_that_are_not_followed_take_a_whole_run() -> None:
    account = rules("generic.covariance").compile(demo()).hold({"instrument": ["SPY"], "quantity": [10]})
    assert account.why_not == "the operation `aggregate`"
    found = account.what_if("SPY", 5)
    assert found.by == "run"
    assert found.after == account.apply("SPY", 5).requirements
