"""Reading a portfolio file that is already a plain dict: who holds how many of what.

Meanings: the portfolio file of the interfaces (symbols, default multipliers, defaults of price) and the
language reference, "Exact meanings" and "Values" (netting, day count, rates).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Book = Mapping[str, Any]

OSI = re.compile(r"^([A-Z0-9.]{1,6}?) *(\d{6})([CP])(\d{8})$")


class BookError(ValueError):
    """The book lacks something that a rule needs, or says two things at once."""


@dataclass(frozen=True)
class Contract:
    """One instrument: a share, a future or an option, with what the book says of it."""

    id: str
    kind: str
    underlying: str
    multiplier: float = 1.0
    price: float | None = None
    implied_volatility: float | None = None
    right: str = ""
    strike: float = 0.0
    expiry: date | None = None
    exercise: str = ""


@dataclass(frozen=True)
class Position:
    """What one account holds of one instrument after netting; quantity in contracts, short is negative."""

    account: str
    contract: Contract
    quantity: float


def as_date(value: str | date) -> date:
    """A date from a date, a timestamp or ISO text; the hour plays no part (calendar days)."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return datetime.fromisoformat(value).date()


def to_cents(amount: float) -> Decimal:
    """Half up to the cent, as a requirement is rounded where its rule set is silent."""
    return Decimal(repr(round(amount, 8))).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def account_ids(book: Book) -> list[str]:
    """Every listed account in the order of the file; where none is listed, the one the positions name."""
    if book.get("accounts"):
        return [str(row["id"]) for row in book["accounts"]]
    named = sorted({str(row["account"]) for row in book.get("positions", []) if "account" in row})
    if len(named) > 1:
        raise BookError("accounts may be left out only where there is one")
    return named or ["account"]


def equity_of(book: Book, account: str) -> float | None:
    """The equity of an account, or None where the book does not give it."""
    for row in book.get("accounts", []):
        if row["id"] == account and row.get("equity") is not None:
            return float(row["equity"])
    return None


def underlying_of(book: Book, name: str) -> Mapping[str, Any]:
    """The row of an underlying, by its id."""
    for row in book["underlyings"]:
        if row["id"] == name:
            if row.get("currency", "USD") != "USD":
                raise BookError(f"{name} is in {row['currency']}: this oracle knows one currency")
            return dict(row)
    raise BookError(f"no underlying {name}")


def spot_of(book: Book, name: str) -> float:
    """The price of an underlying."""
    row = underlying_of(book, name)
    if row.get("price") is None:
        raise BookError(f"underlying {name} has no price")
    return float(row["price"])


def years_to(book: Book, expiry: date) -> float:
    """ACT/365F in calendar days from the valuation date; a date in the past is an error."""
    days = (expiry - as_date(book["on"])).days
    if days < 0:
        raise BookError(f"expired on {expiry}")
    return days / 365.0


def rate_for(book: Book, years: float) -> float:
    """The continuous zero rate: one number, or a curve, linear in tenor and flat beyond its ends."""
    rate = book.get("rate")
    if rate is None:
        raise BookError("the book has no rate")
    if isinstance(rate, int | float):
        return float(rate)
    curve = sorted((float(point["tenor"]), float(point["rate"])) for point in rate)
    if years <= curve[0][0]:
        return curve[0][1]
    for (t0, r0), (t1, r1) in itertools.pairwise(curve):
        if years <= t1:
            return r0 + (r1 - r0) * (years - t0) / (t1 - t0)
    return curve[-1][1]


def contract_of(book: Book, symbol: str) -> Contract:
    """What a position names: a listed instrument, an underlying held outright, or an OSI option symbol."""
    for row in book.get("instruments", []):
        if row["id"] == symbol:
            return listed_contract(book, row)
    for row in book["underlyings"]:
        if row["id"] == symbol:
            return Contract(symbol, "share", symbol, price=spot_of(book, symbol))
    found = OSI.match(symbol)
    if found is None:
        raise BookError(f"no instrument {symbol}")
    root, day, right, strike = found.groups()
    for row in book["underlyings"]:
        if root == row["id"] or root in row.get("roots", []):
            if "option_exercise" not in row:
                raise BookError(f"underlying {row['id']} does not say how its options are exercised")
            return Contract(
                id=f"{root:<6}{day}{right}{strike}",
                kind="option",
                underlying=str(row["id"]),
                multiplier=100.0,
                right="call" if right == "C" else "put",
                strike=int(strike) / 1000.0,
                expiry=datetime.strptime(day, "%y%m%d").date(),
                exercise=str(row["option_exercise"]),
            )
    raise BookError(f"no underlying for the option root {root}")


def listed_contract(book: Book, row: Mapping[str, Any]) -> Contract:
    """An instrument as the file lists it; a share or future without a price takes its underlying's."""
    option = row["kind"] == "option"
    price = row.get("price")
    if price is None and not option:
        price = spot_of(book, row["underlying"])
    sigma = row.get("implied_volatility")
    return Contract(
        id=str(row["id"]),
        kind=str(row["kind"]),
        underlying=str(row["underlying"]),
        multiplier=float(row.get("multiplier", 100 if option else 1)),
        price=None if price is None else float(price),
        implied_volatility=None if sigma is None else float(sigma),
        right=str(row.get("right", "")),
        strike=float(row.get("strike", 0.0)),
        expiry=as_date(row["expiry"]) if "expiry" in row else None,
        exercise=str(row.get("exercise", "")),
    )


def net_positions(book: Book) -> list[Position]:
    """Positions of equal account and instrument added up; a position's price overrides its instrument's."""
    accounts = account_ids(book)
    netted: dict[tuple[str, str], Position] = {}
    for row in book.get("positions", []):
        account = str(row.get("account", accounts[0]))
        if account not in accounts or ("account" not in row and len(accounts) > 1):
            raise BookError(f"which account holds {row['instrument']}?")
        contract = contract_of(book, row["instrument"])
        if row.get("price") is not None:
            contract = replace(contract, price=float(row["price"]))
        before = netted.get((account, contract.id))
        if before is not None and before.contract != contract:
            raise BookError(f"{contract.id} has two prices in account {account}")
        quantity = float(row["quantity"]) + (before.quantity if before is not None else 0.0)
        netted[(account, contract.id)] = Position(account, contract, quantity)
    return list(netted.values())
