"""Reading a portfolio file that is already a plain dict, line by line, in many currencies.

For firms that charge every open trade by itself or every currency pair: nothing is netted here. Meanings:
docs/books.md (what is not written is taken from where it stands, an underlying held outright, rates either
way round).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.oracle.market import Book, BookError, account_ids

# What a position is that names an underlying and no instrument.
OUTRIGHT = {"stock": "share", "etf": "share", "currency": "cash", "crypto": "cash", "commodity": "cash"}


@dataclass(frozen=True)
class Line:
    """One line of the book: the account, what is held, its underlying's row, and how many (short below 0)."""

    account: str
    kind: str
    underlying: Mapping[str, Any]
    instrument: Mapping[str, Any]
    quantity: float
    multiplier: float
    price: float | None
    trade_price: float | None
    currency: str


def row_of(book: Book, section: str, name: str) -> Mapping[str, Any] | None:
    """The row of a section with an id, or None."""
    return next((dict(row) for row in book.get(section, []) if row["id"] == name), None)


def lines_of(book: Book, home: str) -> list[Line]:
    """Every line of the book; `home` is the currency of what says none."""
    only = account_ids(book)[0]
    found = []
    for row in book.get("positions", []):
        instrument = row_of(book, "instruments", row["instrument"]) or {}
        underlying = row_of(book, "underlyings", instrument.get("underlying", row["instrument"]))
        if underlying is None:
            raise BookError(f"no underlying for {row['instrument']}")
        kind = instrument.get("kind") or OUTRIGHT[underlying["kind"]]
        price = row.get("price", instrument.get("price"))
        if price is None and kind != "option":
            price = underlying.get("price")
        found.append(
            Line(
                account=str(row.get("account", only)),
                kind=kind,
                underlying=underlying,
                instrument=instrument,
                quantity=float(row["quantity"]),
                multiplier=float(instrument.get("multiplier", 100 if kind == "option" else 1)),
                price=price,
                trade_price=row.get("trade_price"),
                currency=instrument.get("currency") or underlying.get("currency") or home,
            )
        )
    return found


def in_currency(book: Book, amount: float, source: str, target: str) -> float:
    """Money of one currency in another, at the book's rate, whichever way round that was given."""
    if source == target:
        return amount
    rates = book.get("fx", {})
    if source + target in rates:
        return amount * float(rates[source + target])
    if target + source in rates:
        return amount / float(rates[target + source])
    raise BookError(f"no rate of {source} in {target}")
