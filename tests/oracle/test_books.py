"""The random books meet every shape that they are meant to meet, and shrink to small ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, settings

from tests.oracle.books import TREE_STEPS, books, linear_books
from tests.oracle.cpm import AccountResult, cpm_margin
from tests.oracle.market import as_date

Book = dict[str, Any]

search = settings(
    max_examples=3000,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def results(book: Book) -> list[AccountResult]:
    return list(cpm_margin(book, steps=TREE_STEPS).values())


def held(book: Book) -> list[Book]:
    """The rows of what is held with a quantity that is not zero: underlyings and instruments."""
    names = {row["instrument"] for row in book["positions"] if row["quantity"] != 0}
    return [row for row in [*book["underlyings"], *book["instruments"]] if row["id"] in names]


def binds(name: str) -> Callable[[Book], bool]:
    return lambda book: any(group.by == name for result in results(book) for group in result.groups)


def nets_away(book: Book) -> bool:
    """Two positions of one account in one instrument, of which nothing is left."""
    totals: Counter[tuple[str, str]] = Counter()
    rows: Counter[tuple[str, str]] = Counter()
    for row in book["positions"]:
        key = (row["account"], row["instrument"])
        totals[key] += row["quantity"]
        rows[key] += row["quantity"] != 0
    return any(rows[key] > 1 and totals[key] == 0 for key in rows)


def offsets_at_work(book: Book) -> bool:
    """An index group whose members lose and gain at one point, so that less than all of a gain counts."""
    for result in results(book):
        for group in result.groups:
            classes = {
                row.get("tracks", row.get("underlying", row["id"]))
                for row in held(book)
                if any(
                    p["instrument"] == row["id"] and p["account"] == result.account for p in book["positions"]
                )
            }
            if not group.alone and len(classes) > 1 and group.scan > 0.0:
                return True
    return False


def shared_between_accounts(book: Book) -> bool:
    holders = {(row["account"], row["instrument"]) for row in book["positions"]}
    return max(Counter(instrument for _, instrument in holders).values(), default=0) > 1


SHAPES: dict[str, Callable[[Book], bool]] = {
    "an inverse fund": lambda book: any(row.get("leverage", 1) < 0 for row in held(book)),
    "a leveraged fund": lambda book: any(row.get("leverage", 1) > 1 for row in held(book)),
    "a fund on an unlisted index": lambda book: any(row.get("tracks") == "OUT" for row in held(book)),
    "a fund that leaves its attributes to its index": lambda book: any(
        row["kind"] == "etf" and "breadth" not in row for row in held(book)
    ),
    "an american option": lambda book: any(row.get("exercise") == "american" for row in held(book)),
    "an option on its expiry date": lambda book: any(
        "expiry" in row and date.fromisoformat(row["expiry"]) == as_date(book["on"]) for row in held(book)
    ),
    "given values": lambda book: any(row["id"] in book["values"] for row in held(book)),
    "an option known by its price": lambda book: any(
        "right" in row
        and "price" in row
        and "implied_volatility" not in row
        and row["id"] not in book["values"]
        for row in held(book)
    ),
    "a future": lambda book: any(row["kind"] == "future" for row in held(book)),
    "an odd lot": lambda book: any(row["quantity"] % 100 for row in book["positions"]),
    "an empty position": lambda book: any(row["quantity"] == 0 for row in book["positions"]),
    "positions that net away": nets_away,
    "an instrument in two accounts": shared_between_accounts,
    "offsets at work": offsets_at_work,
    "a price held at zero": lambda book: any(result.messages for result in results(book)),
    "no equity": lambda book: any("equity" not in account for account in book["accounts"]),
    "the lowest point binds": binds("d5"),
    "the highest point binds": binds("u5"),
    "an interior point binds": binds("d3"),
    "the minimum binds": binds("minimum"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_books_of_every_shape_are_drawn(shape: str) -> None:
    assert find(books(), SHAPES[shape], settings=search)


def test_linear_books_hold_no_option_and_no_price_reaches_zero() -> None:
    def breaks(book: Book) -> bool:
        return any("right" in row for row in book["instruments"]) or any(r.messages for r in results(book))

    for wanted in (binds("d5"), binds("u5")):
        book = find(linear_books(), wanted, settings=search)
        assert not breaks(book)


def test_a_failing_book_shrinks_to_a_small_one() -> None:
    """How far depends on the shrinker; a page of text would be too much to read."""
    shrinking = settings(search, max_examples=200, phases=[Phase.generate, Phase.shrink])
    book = find(books(), SHAPES["an inverse fund"], settings=shrinking)
    assert len(book["accounts"]) + len(book["positions"]) <= 4
    assert len(book["underlyings"]) + len(book["instruments"]) <= 5
