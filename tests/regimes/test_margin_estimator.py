"""`us.reg_t` is never above `margin_estimator` (tastyware, MIT) on the books of its README and of its tests.

The package pairs greedily, nearest expiry first, and rounds each share or contract to the cent before it
multiplies. Its number for a book of spreads is what remains to be paid after the proceeds; that for shorts
alone is the whole requirement. Long options beyond 90 days are left out: what it calls nine months is 90 days
from the day on which it is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from margin_estimator import ETFType, Option, OptionType, Shares, Underlying, calculate_margin

from pmdsl.engine import evaluate
from pmdsl.portfolio import read_portfolio
from tests.regimes.bundled import plan

ON = date(2024, 1, 19)
NEAR, FAR = date(2024, 2, 16), date(2024, 3, 15)


@dataclass(frozen=True)
class Leg:
    """An option on 100 shares: contracts (short below zero), right, strike, price, expiry."""

    quantity: int
    right: str
    strike: str
    price: str
    expiry: date = NEAR


@dataclass(frozen=True)
class Book:
    """Legs on one underlying, whose form is `broad`, `narrow` or a `stock`; shares at their trade price."""

    price: str
    legs: tuple[Leg, ...]
    form: str = "stock"
    leverage: str = "1"
    shares: int = 0
    paid: str = "0"


BOOKS = {
    # README
    "iron condor": Book(
        "587.88",
        (
            Leg(1, "put", "567", "4.78"),
            Leg(-1, "put", "572", "5.61"),
            Leg(-1, "call", "602", "5.23"),
            Leg(1, "call", "607", "3.68"),
        ),
        "broad",
    ),
    "short put": Book("11.03", (Leg(-1, "put", "11", "0.45"),)),
    "short call on a triple fund": Book("77.35", (Leg(-1, "call", "80", "4.45"),), "broad", "3"),
    "covered call": Book("740", (Leg(-1, "call", "780", "4.45"),), shares=100, paid="700.41"),
    # its tests
    "long call": Book("128.5", (Leg(1, "call", "125", "5"),)),
    "put out of the money": Book("95", (Leg(-1, "put", "80", "2"),)),
    "put in the money": Book("19.5", (Leg(-1, "put", "20", "1.5"),)),
    "put, broad": Book("433.35", (Leg(-1, "put", "430", "7.8"),), "broad"),
    "put, broad, at its floor": Book("445.35", (Leg(-1, "put", "410", "0.1"),), "broad"),
    "put on a leveraged fund": Book("460", (Leg(-1, "put", "390", "4"),), "broad", "1.5"),
    "call in the money": Book("128.5", (Leg(-1, "call", "120", "8.4"),)),
    "call at its floor": Book("26.38", (Leg(-1, "call", "30", "0.05"),)),
    "call on a double fund": Book("815.5", (Leg(-1, "call", "810", "10.1"),), "narrow", "2"),
    "put debit spread": Book("255", (Leg(1, "put", "250", "3"), Leg(-1, "put", "240", "0.95"))),
    "put credit spread": Book("433.35", (Leg(1, "put", "425", "6.4"), Leg(-1, "put", "430", "7.8")), "broad"),
    "call credit spread": Book("128.5", (Leg(1, "call", "125", "3.8"), Leg(-1, "call", "120", "8.4"))),
    "calendar, the short one later": Book("75", (Leg(1, "call", "70", "5"), Leg(-1, "call", "70", "8", FAR))),
    "diagonal, the long one later": Book("50", (Leg(-1, "call", "52", "4"), Leg(1, "call", "55", "2", FAR))),
    "straddle": Book("92.63", (Leg(-1, "put", "90", "3.7"), Leg(-1, "call", "90", "7"))),
    "straddle, broad": Book("433.35", (Leg(-1, "put", "435", "7.2"), Leg(-1, "call", "435", "5.5")), "broad"),
    "put butterfly": Book(
        "550", (Leg(1, "put", "540", "5.6"), Leg(-2, "put", "550", "7.2"), Leg(1, "put", "555", "9.8"))
    ),
    "call condor": Book(
        "26.75",
        (
            Leg(1, "call", "22.5", "0.45"),
            Leg(-1, "call", "25", "0.75"),
            Leg(-1, "call", "30", "2.75"),
            Leg(1, "call", "32.5", "4.3"),
        ),
    ),
    # where it pairs or multiplies in its own way
    "two straddles": Book("92.63", (Leg(-2, "put", "90", "3.7"), Leg(-2, "call", "90", "7"))),
    "long box": Book(
        "100",
        (
            Leg(1, "call", "95", "7"),
            Leg(-1, "call", "105", "2"),
            Leg(1, "put", "105", "7"),
            Leg(-1, "put", "95", "2"),
        ),
    ),
    "a long call that one of two shorts needs": Book(
        "100",
        (
            Leg(-1, "call", "120", "0.5"),
            Leg(-1, "call", "100", "4", FAR),
            Leg(1, "call", "105", "3", FAR),
        ),
    ),
}
# It rounds a share to the cent before it multiplies by 100: 350.205 to 350.20, 69.4525 to 69.45,
# 72.2025 to 72.20.
ABOVE = {
    "covered call": Decimal("0.50"),
    "put, broad": Decimal("0.25"),
    "straddle, broad": Decimal("0.25"),
}
# Where it is above by more than its rounding: straddles have their quantity twice, and no pairing is sought.
DEARER = {"two straddles", "long box", "a long call that one of two shorts needs"}


def estimated(book: Book) -> Decimal:
    forms = {"broad": ETFType.BROAD, "narrow": ETFType.NARROW, "stock": None}
    under = Underlying(
        price=Decimal(book.price), etf_type=forms[book.form], leverage_factor=Decimal(book.leverage)
    )
    legs: list[Any] = [
        Option(
            expiration=leg.expiry,
            price=Decimal(leg.price),
            quantity=leg.quantity,
            strike=Decimal(leg.strike),
            type=OptionType.CALL if leg.right == "call" else OptionType.PUT,
        )
        for leg in book.legs
    ]
    if book.shares:
        legs.append(Shares(price=Decimal(book.paid), quantity=book.shares))
    return Decimal(calculate_margin(legs, under).margin_requirement)


def required(book: Book) -> Decimal:
    """What the package answers for: the deposit where options are long and short, else the requirement."""
    name: dict[str, Any] = {"id": "XYZ", "kind": "stock" if book.form == "stock" else "etf"}
    name |= {"price": Decimal(book.price), "leverage": Decimal(book.leverage)}
    name |= {"breadth": "broad" if book.form == "broad" else "narrow"}
    instruments = [
        {
            "id": f"O{k}",
            "kind": "option",
            "underlying": "XYZ",
            "right": leg.right,
            "strike": Decimal(leg.strike),
            "expiry": leg.expiry,
            "price": Decimal(leg.price),
        }
        for k, leg in enumerate(book.legs)
    ]
    positions: list[dict[str, Any]] = [
        {"account": "A", "instrument": f"O{k}", "quantity": leg.quantity} for k, leg in enumerate(book.legs)
    ]
    if book.shares:
        paid = Decimal(book.paid)
        positions.append({"account": "A", "instrument": "XYZ", "quantity": book.shares, "trade_price": paid})
    written = {
        "on": ON,
        "accounts": [{"id": "A"}],
        "underlyings": [name],
        "instruments": instruments,
        "positions": positions,
    }
    found = evaluate(plan("us.reg_t", ON), read_portfolio(written)).requirements("A")
    spread = {leg.quantity > 0 for leg in book.legs} == {True, False}
    amount = found["deposit" if spread else "initial"]
    assert amount is not None
    return amount


@pytest.mark.parametrize("name", BOOKS)
def test_never_above(name: str) -> None:
    theirs, ours = estimated(BOOKS[name]), required(BOOKS[name])
    assert ours <= theirs + ABOVE.get(name, Decimal(0))
    if name in DEARER:
        assert ours < theirs - 100
