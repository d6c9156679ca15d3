"""A rule set bound to one market answers as it does for whole books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import pmdsl
from tests.api.world import demo, rules, small

INSTRUMENTS = {"id": ["SPX-P"],
               "kind": ["option"], "underlying": ["SPX"], "right": ["put"], "strike": [4300.0],
               "expiry": ["2026-06-19"], "exercise": ["european"], "implied_volatility": [0.16]}  # fmt: skip
UNDERLYINGS = {"id": ["SPX", "SPY", "XYZ"], "kind": ["index", "etf", "stock"], "price": [4500.0, 450.0, 50.0],
               "tracks": [None, "SPX", None], "breadth": ["broad", "broad", None], "currency": ["USD"] * 3,
               "capitalization": ["high", "high", None], "dividend_yield": [0.015, None, None]}  # fmt: skip
POSITIONS = {"account": ["A1", "A1", "A2"], "instrument": ["SPY", "SPX-P", "XYZ"], "quantity": [100, -2, 100]}


def test_tables_of_a_market_and_positions() -> None:
    fast = rules().compile(INSTRUMENTS, UNDERLYINGS, on="2026-03-02", rate=0.04)
    whole = rules().margin(small())
    found = fast.margin(POSITIONS)
    assert {a: found[a].maintenance for a in found} == {a: whole[a].maintenance for a in whole}


def test_arrow_in_and_out() -> None:
    pa = pytest.importorskip("pyarrow")
    fast = rules().compile(pa.table(INSTRUMENTS), pa.table(UNDERLYINGS), on="2026-03-02", rate=0.04)
    table = pa.table(fast.margin(pa.table(POSITIONS)))
    assert table.column("maintenance").to_pylist()[1] == Decimal("750.00")


def test_the_market_of_a_book() -> None:
    fast = rules().compile(demo())
    found = fast.margin({"instrument": ["SPY", "SPY   231215P00430000"], "quantity": [1000, 10]})
    assert found["book"].maintenance > 0


def test_accounts_with_attributes() -> None:
    fast = rules().compile(demo())
    found = fast.margin({"instrument": ["SPY"], "quantity": [1]}, {"id": ["X"], "equity": [5.0]})
    assert found["X"].eligible == {"minimum_equity": False}


@pytest.mark.parametrize(
    ("positions", "code"),
    [
        ({"instrument": ["SPZ"], "quantity": [1]}, "PM614"),
        ({"quantity": [1]}, "PM608"),
        ({"instrument": ["SPY"]}, "PM608"),
        ({"instrument": ["SPY"], "quantity": [1], "price": [4.0]}, "PM616"),
        ({"instrument": ["SPY", "SPY"], "quantity": [1, 1], "account": ["A", None]}, "PM608"),
        ({"instrument": ["SPY", "SPY"], "quantity": [1, 1], "account": ["A", "A"]}, None),
        (7, "PM622"),
        ({"instrument": ["SPY"], "quantity": [1], "colour": ["red"]}, "PM703"),
    ],
)
def test_positions_that_do_not_fit(positions: object, code: str | None) -> None:
    fast = rules().compile(demo())
    if code is None:
        assert list(fast.margin(positions)) == ["A"]
        return
    with pytest.raises(pmdsl.PmdslError) as caught:
        fast.margin(positions)
    assert caught.value.findings[0].code == code


def test_a_position_that_lost_its_account_is_nobodys() -> None:
    positions = {"account": ["A1", None], "instrument": ["SPY", "XYZ"], "quantity": [100, 5]}
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.book_from_tables(positions, INSTRUMENTS, UNDERLYINGS, on="2026-03-02")
    assert [(one.code, one.message) for one in caught.value.findings] == [
        ("PM608", "this position has no `account`, in row 2 of positions")
    ]


def test_the_market_of_a_book_on_another_day() -> None:
    fast = rules().compile(small(), on="2026-04-01")
    assert fast.on == date(2026, 4, 1)
    whole, found = rules().margin(small(), on="2026-04-01"), fast.margin(POSITIONS)
    assert {a: found[a].maintenance for a in found} == {a: whole[a].maintenance for a in whole}
    assert rules().compile(small()).on == small().on
    with pytest.raises(pmdsl.PmdslError, match="is no date"):
        rules().compile(small(), on="2026-13-01")


def test_a_market_beside_a_book_is_refused() -> None:
    with pytest.raises(pmdsl.PmdslError) as caught:
        rules().compile(small(), UNDERLYINGS, rate=0.05)
    assert [(one.code, one.message) for one in caught.value.findings] == [
        ("PM616", "`underlyings` is given beside a book, which has a market of its own"),
        ("PM616", "`rate` is given beside a book, which has a market of its own"),
    ]


@pytest.mark.parametrize("threads", [0, -1, 2.5, "2", None])
def test_numbers_of_threads_that_are_none(threads: Any) -> None:
    with pytest.raises(pmdsl.PmdslError) as caught:
        rules().compile(demo()).margin({"instrument": ["SPY"], "quantity": [1]}, threads=threads)
    assert [one.message for one in caught.value.findings] == [
        f"`threads`: expected a whole number from 1 up, found `{threads}`"
    ]


@pytest.mark.parametrize("engine", ["numba", None, 7])
def test_engines_that_are_none(engine: Any) -> None:
    with pytest.raises(pmdsl.PmdslError, match=f"there is no engine `{engine}`"):
        rules().compile(demo(), engine=engine)
