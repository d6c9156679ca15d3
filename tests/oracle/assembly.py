"""Puts independent parts together to a book: names, references by place, prices that a model gives.

A part refers to another by a number, taken modulo how many there are, so that parts may be left out one by
one and what remains is still a book.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests.oracle.models import Terms
from tests.oracle.valuation import option_value

Row = dict[str, Any]

POINTS = ("d5", "d4", "d3", "d2", "d1", "u1", "u2", "u3", "u4", "u5")
MARKET = ("kind", "price", "volatility", "daily_volatility", "dividend_yield")
DESCRIBED = ("breadth", "capitalization")


def picked(rows: Sequence[Row], place: int) -> Row:
    """The row at a place, counted round and round."""
    return rows[place % len(rows)]


def underlyings_of(parts: Sequence[Row]) -> list[Row]:
    """Indexes first, then funds on them or on an index that the book does not list, then single names.

    A fund repeats the attributes of its index, or leaves them out where the index is listed, whose own hold.
    """
    unlisted: Row = {
        "id": "OUT",
        "breadth": parts[0]["breadth"],
        "capitalization": parts[0]["capitalization"],
    }
    indexes: list[Row] = []
    funds: list[Row] = []
    names: list[Row] = []
    for part in parts:
        if part["kind"] == "index":
            indexes.append({"id": f"I{len(indexes)}", **{key: part[key] for key in MARKET + DESCRIBED}})
    for part in parts:
        market = {key: part[key] for key in MARKET}
        if part["kind"] == "stock":
            names.append({"id": f"S{len(names)}", **market})
        if part["kind"] == "etf":
            index = picked([*indexes, unlisted], part["follows"])
            fund = {"id": f"F{len(funds)}", **market, "tracks": index["id"]}
            if index is unlisted or part["says"]:
                fund |= {key: index[key] for key in DESCRIBED}
            if part["leverage"] != 1:
                fund["leverage"] = part["leverage"]
            funds.append(fund)
    return indexes + funds + names


def option_of(part: Row, name: str, on: date, rate: float, underlyings: Sequence[Row], steps: int) -> Row:
    """An option whose value comes from where `source` says.

    One known by its price is out of the money with a month to run, so that one volatility gives that price.
    """
    underlying = picked(underlyings, part["underlying"])
    source, distance, days, right = part["source"], part["distance"], part["days"], part["right"]
    if source == "expired":
        days = 0
    if source == "price":
        distance, days = round(distance * 15 / 40), days % 400 + 30
        right = "call" if distance >= 0 else "put"
    row: Row = {
        "id": name,
        "kind": "option",
        "underlying": underlying["id"],
        "right": right,
        "strike": round(underlying["price"] * (100 + distance) / 100, 2),
        "expiry": (on + timedelta(days=days)).isoformat(),
        "exercise": part["exercise"],
    }
    if part["multiplier"] != 100:
        row["multiplier"] = part["multiplier"]
    if source in ("volatility", "expired"):
        row["implied_volatility"] = part["sigma"]
    if source == "given" or (part["priced"] and "implied_volatility" in row):
        row["price"] = part["price"]
    if source == "price":
        american = row["exercise"] == "american"
        dividend_yield = underlying["dividend_yield"]
        terms = Terms(right, row["strike"], days / 365, rate, dividend_yield, american, steps)
        price = round(option_value(terms, underlying["price"], part["sigma"]), 6)
        # A tree of few steps may find nothing at all, and no volatility gives a price of nothing.
        row |= {"price": price} if price > 0 else {"implied_volatility": part["sigma"]}
    return row


def future_of(part: Row, name: str, underlyings: Sequence[Row]) -> Row:
    """A future a little above or below its underlying, with a price of its own."""
    underlying = picked(underlyings, part["underlying"])
    price = round(underlying["price"] * (100 + part["basis"]) / 100, 2)
    row = {"id": name, "kind": "future", "underlying": underlying["id"]}
    return row | {"multiplier": part["multiplier"], "price": price}


def book_of(
    on: str,
    rate: float,
    account_parts: Sequence[Row],
    underlying_parts: Sequence[Row],
    option_parts: Sequence[Row],
    future_parts: Sequence[Row],
    position_parts: Sequence[Row],
    steps: int,
) -> Row:
    """The book. Where nothing can be held no position is; one marked as closed is held and given back."""
    day = date.fromisoformat(on)
    underlyings = underlyings_of(underlying_parts)
    accounts = [{"id": f"A{n}", **part} for n, part in enumerate(account_parts, start=1)]
    options = [option_of(part, f"O{n}", day, rate, underlyings, steps) for n, part in enumerate(option_parts)]
    futures = [future_of(part, f"U{n}", underlyings) for n, part in enumerate(future_parts)]
    values = {
        f"O{n}": dict(zip(POINTS, part["values"], strict=True))
        for n, part in enumerate(option_parts)
        if part["source"] == "given"
    }
    outright = [row for row in underlyings if row["kind"] != "index"]
    pools = [pool for pool in (outright, options + futures) if pool]
    positions: list[Row] = []
    for part in position_parts if pools else ():
        instrument = picked(pools[part["pool"] % len(pools)], part["place"])["id"]
        account = picked(accounts, part["account"])["id"]
        quantities = (part["quantity"], -part["quantity"]) if part["closed"] else (part["quantity"],)
        positions += [{"account": account, "instrument": instrument, "quantity": q} for q in quantities]
    return {
        "on": on,
        "rate": rate,
        "accounts": accounts,
        "underlyings": underlyings,
        "instruments": options + futures,
        "positions": positions,
        "values": values,
    }
