"""The random books of retail CFDs meet every shape that they are meant to meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, settings

from tests.oracle.cfd import FCA, LEVERAGE, cfd_margin, class_of
from tests.oracle.lines import lines_of
from tests.oracle.retail_books import cfd_books

Book = dict[str, Any]

search = settings(
    max_examples=3000,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def holds(condition: Callable[[Any], bool]) -> Callable[[Book], bool]:
    return lambda book: any(condition(line) and line.quantity for line in lines_of(book, FCA.currency))


def of_class(name: str) -> Callable[[Book], bool]:
    return lambda book: any(class_of(book, line, FCA) == name for line in lines_of(book, FCA.currency))


def would_net(book: Book) -> bool:
    """A long and a short line of one instrument in one account."""
    signs = {(p["account"], p["instrument"], p["quantity"] > 0) for p in book["positions"] if p["quantity"]}
    return any((account, instrument, not sign) in signs for account, instrument, sign in signs)


SHAPES: dict[str, Callable[[Book], bool]] = {
    "a pair held outright": holds(lambda line: line.kind == "cash"),
    "a CFD on a future on something": holds(
        lambda line: line.underlying["kind"] == "future" and "tracks" in line.underlying
    ),
    "a CFD on a fund on something": holds(
        lambda line: line.underlying["kind"] == "etf" and "tracks" in line.underlying
    ),
    "a CFD in a currency of its own": holds(
        lambda line: (
            line.instrument.get("currency", line.underlying["currency"]) != line.underlying["currency"]
        )
    ),
    "an option that works like a CFD": holds(lambda line: line.kind == "option"),
    "lines that would net": would_net,
    "positions that are closed": lambda book: any(r.closes for r in cfd_margin(book, FCA).values()),
    "positions that are not closed": lambda book: any(
        r.closes is False for r in cfd_margin(book, FCA).values()
    ),
    "an account that may hold what it holds": lambda book: any(
        r.eligible and r.initial for r in cfd_margin(book, FCA).values()
    ),
    "an account that may not": lambda book: any(r.eligible is False for r in cfd_margin(book, FCA).values()),
    **{f"the class {name}": of_class(name) for name in (*LEVERAGE, "government_bond")},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_books_of_every_shape_are_drawn(shape: str) -> None:
    assert find(cfd_books(home="GBP", dates=("2026-03-02",), restricted=True), SHAPES[shape], settings=search)
