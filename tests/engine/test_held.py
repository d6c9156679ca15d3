"""Holdings laid out once: run again, on several threads, and under prices that moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import pmdsl
from pmdsl.engine import Bound, bind
from pmdsl.portfolio.book import Book

ON = date(2026, 3, 2)
NAMES = 12


def book(seed: int, scale: float = 1.0, tracks: bool = True) -> Book:
    draw = np.random.default_rng(seed)
    count = 700
    return pmdsl.book_from_tables(
        {
            "account": [f"A{k}" for k in draw.integers(0, 40, count)],
            "instrument": [f"U{k}" for k in draw.integers(0, NAMES, count)],
            "quantity": draw.integers(-9, 10, count).astype(float),
        },
        {"id": []},
        {
            "id": [f"U{k}" for k in range(NAMES)],
            "kind": ["etf", "stock", "stock"] * (NAMES // 3),
            "price": scale * np.linspace(3, 77, NAMES),
            "breadth": ["broad", "narrow", "narrow"] * (NAMES // 3),
            "capitalization": ["high", "other", "high"] * (NAMES // 3),
            "tracks": ["I" if tracks else None, None, None] * (NAMES // 3),
        },
        on=ON,
        rate=0.04,
    )


def bound_to(of: Book) -> Bound:
    return bind(pmdsl.load("us.finra.cpm").on(ON), of)


def test_holdings_that_are_laid_out_answer_again_and_again() -> None:
    bound = bound_to(book(1))
    held = bound.hold()
    first, second = held.run(), held.run()
    assert np.array_equal(first.amounts("maintenance"), bound.run().amounts("maintenance"))
    assert np.array_equal(first.amounts("maintenance"), second.amounts("maintenance"))


@pytest.mark.parametrize("rows", [1, 37, 10_000])
@pytest.mark.parametrize("threads", [1, 3])
def test_neither_blocks_nor_threads_change_a_bit(rows: int, threads: int) -> None:
    bound = bound_to(book(2))
    found = bound.run(rows=rows, threads=threads)
    assert np.array_equal(found.amounts("maintenance"), bound.run().amounts("maintenance"))
    assert found.accounts == bound.run().accounts


def test_holdings_are_cut_once_for_one_thread_and_once_for_several() -> None:
    bound = bound_to(book(2))
    held = bound.hold()
    for threads in (1, 2, 3, 1):
        assert np.array_equal(held.run(threads).amounts("maintenance"), bound.run().amounts("maintenance"))
    assert len(held.cuts) == 2
    assert held.under(book(2)).cuts.keys() == held.cuts.keys()


@pytest.mark.parametrize("tracks", [True, False])
def test_prices_that_moved_are_answered_as_if_bound_anew(tracks: bool) -> None:
    """Where `tracks` goes, the groups are others, and the layout is made anew."""
    held = bound_to(book(3)).hold()
    moved = replace(book(3, 1.07, tracks))
    again = held.under(moved).run()
    anew = bound_to(moved).run()
    assert np.array_equal(again.amounts("maintenance"), anew.amounts("maintenance"))
    assert again.account("A3") == anew.account("A3")
    assert again.binding("A3") == anew.binding("A3")
    assert not np.array_equal(again.amounts("maintenance"), held.run().amounts("maintenance"))


def test_they_are_shown_in_a_line() -> None:
    bound = bound_to(book(1))
    name = f"<Bound us.finra.cpm on {ON}>"
    assert repr(bound) == name
    assert repr(bound.hold()) == f"<Held 40 accounts under {name}>"
    assert repr(bound.run()) == f"<Answer of 40 accounts by {name}>"
