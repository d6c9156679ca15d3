"""Random books of retail CFDs and currency pairs as plain dicts, small and easy to shrink.

What they meet: pairs of major and minor currencies, gold, indices, shares, bonds, coins, futures on any of
them and on nothing; classes that the book says and classes that it leaves to the kind; CFDs in the currency
of their underlying and in another; lines that would net if anything did; several currencies with a rate
either way round; prices of a line's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.oracle.assembly import Row, picked
from tests.oracle.books import cents

CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF", "CAD", "AUD", "SEK", "HUF")
# What one unit of each is worth in a money that no book has.
WORTH = {"EUR": 1.1, "USD": 1.0, "GBP": 1.25, "JPY": 0.007, "CHF": 1.15, "CAD": 0.72, "AUD": 0.65}
WORTH |= {"SEK": 0.1, "HUF": 0.003}
KINDS = ("currency", "index", "commodity", "stock", "crypto", "bond", "etf", "future")
ASSETS = ("gold", "major_index", "minor_index", "commodity", "equity", "crypto", "other", "government_bond")


def rate(base: str, quote: str) -> float:
    """The price of one unit of a currency in another."""
    return round(WORTH[base] / WORTH[quote], 6)


def underlying_parts() -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "kind": st.sampled_from(KINDS),
            "price": cents(1, 500),
            "base": st.sampled_from(CURRENCIES),
            "currency": st.sampled_from(CURRENCIES),
            "quote": st.one_of(st.none(), st.sampled_from(CURRENCIES)),
            "asset": st.one_of(st.none(), st.none(), st.sampled_from(ASSETS)),
            "tracks": st.one_of(st.none(), st.integers(0, 7)),
        }
    )


def cfd_parts() -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "underlying": st.integers(0, 7),
            "multiplier": st.sampled_from((1, 10, 0.1)),
            "currency": st.one_of(st.none(), st.sampled_from(CURRENCIES)),
            "price": st.one_of(st.none(), cents(1, 500)),
        }
    )


def restricted_parts() -> SearchStrategy[Row]:
    """An option that works like a CFD: what it is worth itself plays no part."""
    return st.fixed_dictionaries(
        {
            "underlying": st.integers(0, 7),
            "right": st.sampled_from(("call", "put")),
            "strike": cents(1, 500),
            "multiplier": st.sampled_from((1, 100)),
            "price": cents(0, 50),
        }
    )


def line_parts() -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "account": st.integers(0, 2),
            "place": st.integers(0, 11),
            "quantity": st.integers(-100, 100),
            "trade_price": cents(1, 500),
        }
    )


def underlyings_of(parts: Sequence[Row]) -> list[Row]:
    """The underlyings; a pair has a price in its second currency, a future may follow one before it."""
    rows: list[Row] = []
    for number, part in enumerate(parts):
        row: Row = {"id": f"U{number}", "kind": part["kind"], "currency": part["currency"]}
        row["price"] = rate(part["base"], part["currency"]) if part["kind"] == "currency" else part["price"]
        if part["kind"] == "currency":
            row["base"] = part["base"]
            if part["quote"] is not None:
                row["quote"] = part["quote"]
        if part["asset"] is not None:
            row["asset"] = part["asset"]
        spot = [other for other in rows if other["kind"] != "future"]
        if part["tracks"] is not None and spot:
            row["tracks"] = picked(spot, part["tracks"])["id"]
        rows.append(row)
    return rows


def rates_of(home: str, turned: Sequence[bool]) -> dict[str, float]:
    """A rate of every currency in one, each of them one way round or the other."""
    others = [name for name in CURRENCIES if name != home]
    return {
        (home + other if turn else other + home): (rate(home, other) if turn else rate(other, home))
        for other, turn in zip(others, turned, strict=True)
    }


@st.composite
def cfd_books(draw: DrawFn, *, home: str, dates: Sequence[str], restricted: bool = False) -> Row:
    """A book of CFDs and of pairs held outright. `home`: the rule set's currency, in which every other has a
    rate; `dates`: of which one is the book's; `restricted`: options that work like CFDs as well.
    """
    underlyings = underlyings_of(draw(st.lists(underlying_parts(), min_size=1, max_size=7)))
    instruments: list[Row] = []
    for number, part in enumerate(draw(st.lists(cfd_parts(), min_size=1, max_size=5))):
        row = {"id": f"C{number}", "kind": "cfd", "underlying": picked(underlyings, part["underlying"])["id"]}
        row |= {key: part[key] for key in ("multiplier", "currency", "price") if part[key] is not None}
        instruments.append(row)
    options = draw(st.lists(restricted_parts(), max_size=2)) if restricted else []
    for number, part in enumerate(options):
        row = {"id": f"O{number}", "kind": "option", "expiry": "2030-12-20", "restricted": True, **part}
        instruments.append(row | {"underlying": picked(underlyings, part["underlying"])["id"]})
    held = [row["id"] for row in instruments]
    held += [row["id"] for row in underlyings if row["kind"] == "currency"]
    accounts = [{"id": f"A{n}", "equity": draw(cents(-500, 50_000))} for n in range(draw(st.integers(1, 3)))]
    positions = [
        {
            "account": picked(accounts, part["account"])["id"],
            "instrument": held[part["place"] % len(held)],
            "quantity": part["quantity"],
            "trade_price": part["trade_price"],
        }
        for part in draw(st.lists(line_parts(), max_size=10))
    ]
    turned = draw(st.lists(st.booleans(), min_size=len(CURRENCIES) - 1, max_size=len(CURRENCIES) - 1))
    return {
        "on": draw(st.sampled_from(dates)),
        "accounts": accounts,
        "underlyings": underlyings,
        "instruments": instruments,
        "positions": positions,
        "fx": rates_of(home, turned),
    }


def forward_parts() -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {
            "underlying": st.integers(0, 3),
            "multiplier": st.sampled_from((1, 100_000)),
            "price": st.one_of(st.none(), cents(1, 2)),
        }
    )


@st.composite
def tiered_books(draw: DrawFn) -> Row:
    """A book of spot and forwards in two pairs, of sizes in each bracket and on their edges."""
    spot = {"EURUSD": draw(cents(1, 2)), "USDCAD": draw(cents(1, 2))}
    underlyings: list[Row] = [
        {"id": f"{name}{n}", "kind": "currency", "base": name[:3], "currency": name[3:], "price": price}
        for name, price in spot.items()
        for n in range(draw(st.integers(1, 2)))
    ]
    instruments: list[Row] = []
    for number, part in enumerate(draw(st.lists(forward_parts(), max_size=3))):
        row = {
            "id": f"F{number}",
            "kind": "forward",
            "expiry": "2030-06-19",
            "multiplier": part["multiplier"],
        }
        row |= {} if part["price"] is None else {"price": part["price"]}
        instruments.append(row | {"underlying": picked(underlyings, part["underlying"])["id"]})
    held = [(row["id"], 1) for row in underlyings]
    held += [(row["id"], row["multiplier"]) for row in instruments]
    accounts = [{"id": f"A{n}", "equity": draw(cents(0, 900_000))} for n in range(draw(st.integers(1, 3)))]
    positions = []
    for _ in range(draw(st.integers(0, 8))):
        name, multiplier = draw(st.sampled_from(held))
        quantity = draw(st.sampled_from((0.5, 1, 3, 5, 10, 25, 50, -1, -3, -8, -25, -60))) * 1_000_000
        account = draw(st.sampled_from(accounts))["id"]
        positions.append({"account": account, "instrument": name, "quantity": quantity / multiplier})
    return {
        "on": draw(st.sampled_from(("2016-04-25", "2026-03-02"))),
        "accounts": accounts,
        "underlyings": underlyings,
        "instruments": instruments,
        "positions": positions,
        "fx": spot,
    }


FOREX = (*CURRENCIES, "NZD", "NOK", "DKK", "MXN", "RUB", "BRL", "ZAR", "TRY", "SGD")
NOTICE_DAYS = ("2010-10-18", "2015-01-25", "2016-11-07", "2016-12-05", "2018-09-24", "2020-03-22")
NOTICE_DAYS += ("2021-08-09", "2021-08-10", "2023-03-12", "2023-03-13", "2026-03-02")


def pair_parts() -> SearchStrategy[Row]:
    return st.fixed_dictionaries(
        {"base": st.sampled_from(FOREX), "currency": st.sampled_from(FOREX), "price": cents(1, 200)}
    ).filter(lambda part: part["base"] != part["currency"])


@st.composite
def forex_books(draw: DrawFn) -> Row:
    """A book of spot, forwards and options on pairs of any two currencies, on a day of any notice."""
    pairs = draw(st.lists(pair_parts(), min_size=1, max_size=4))
    underlyings: list[Row] = [{"id": f"P{n}", "kind": "currency", **part} for n, part in enumerate(pairs)]
    instruments: list[Row] = []
    for number, part in enumerate(draw(st.lists(forward_parts(), max_size=2))):
        row = {
            "id": f"F{number}",
            "kind": "forward",
            "expiry": "2030-06-19",
            "multiplier": part["multiplier"],
        }
        instruments.append(row | {"underlying": picked(underlyings, part["underlying"])["id"], "price": 1})
    for number, part in enumerate(draw(st.lists(restricted_parts(), max_size=3))):
        row = {"id": f"O{number}", "kind": "option", "expiry": "2030-06-19", "exercise": "european", **part}
        instruments.append(row | {"underlying": picked(underlyings, part["underlying"])["id"]})
    held = [row["id"] for row in [*underlyings, *instruments]]
    accounts = [{"id": f"A{n}", "equity": draw(cents(0, 900_000))} for n in range(draw(st.integers(1, 3)))]
    positions = []
    for _ in range(draw(st.integers(0, 8))):
        row = {"account": draw(st.sampled_from(accounts))["id"], "instrument": draw(st.sampled_from(held))}
        row["quantity"] = draw(st.integers(-1000, 1000))
        if draw(st.booleans()):
            row["trade_price"] = draw(cents(0, 5))
        positions.append(row)
    others = [name for name in FOREX if name != "USD"]
    return {
        "on": draw(st.sampled_from(NOTICE_DAYS)),
        "accounts": accounts,
        "underlyings": underlyings,
        "instruments": instruments,
        "positions": positions,
        "fx": {f"{name}USD": draw(cents(0.01, 3)) for name in others},
    }
