"""Random small books of Canadian clients as plain dicts: an equity or an index with a chain of options, and
one combination among them with a few lines beside it; shares by fifty.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

Row = dict[str, Any]
EXPIRIES = ("2024-03-15", "2024-10-18", "2024-10-21")

# Quantities along a chain of five strikes; of lots of shares, a put and a call at the middle strike.
ALONG = (
    (1, -2, 1, 0, 0), (1, 0, -2, 0, 1), (-1, 2, -1, 0, 0), (1, -2, 0, 1, 0), (1, -1, -1, 1, 0),
    (1, -1, 0, -1, 1), (-1, 1, 1, -1, 0), (0, 1, -1, 0, 0), (0, -1, 1, 0, 0),
)  # fmt: skip
WITH_SHARES = ((-2, 1, 0), (-2, 0, 1), (2, -1, 0), (2, 1, -1), (2, -1, 1), (0, 1, 1), (0, -1, -1))


def underlying(draw: DrawFn) -> tuple[Row, float]:
    """An underlying, and how far its strikes are apart."""
    row: Row = {"id": "X", "currency": "CAD"}
    kind = draw(st.sampled_from(("stock", "stock", "penny", "index", "etf")))
    if kind == "penny":
        price = draw(st.sampled_from((0.2, 0.25, 1.49, 1.5, 1.75, 1.99, 2)))
        return row | {"kind": "stock", "price": price, "reduced_margin": draw(st.booleans())}, 0.1
    row |= {"kind": kind, "price": 50 + draw(st.integers(-8, 8)) / 2}
    if kind == "stock":
        return row | {"reduced_margin": draw(st.booleans())}, 5
    if kind == "etf":
        row["form"] = draw(st.sampled_from(("participation_unit", "debt", "currency")))
    return row | {"published_rate": draw(st.sampled_from((0.04, 0.125)))}, 5


def option(draw: DrawFn, name: str, right: str, strike: float, expiry: str, size: int) -> Row:
    price = round(draw(st.integers(1, 60)) * strike / 200, 3)
    return {
        "id": name, "kind": "option", "underlying": "X", "right": right, "strike": round(strike, 2),
        "expiry": expiry, "multiplier": size, "price": price,
    }  # fmt: skip


def any_option(draw: DrawFn, name: str, middle: float, step: float) -> Row:
    """An option of any right, day and size."""
    right, expiry = draw(st.sampled_from(("call", "put"))), draw(st.sampled_from(EXPIRIES))
    size = draw(st.sampled_from((100, 100, 150)))
    return option(draw, name, right, middle + step * draw(st.integers(-2, 2)), expiry, size)


@st.composite
def ciro_books(draw: DrawFn) -> Row:
    """A book of one or two accounts."""
    under, step = underlying(draw)
    middle = 1.0 if step < 1 else 50.0
    right, expiry = draw(st.sampled_from(("call", "put"))), draw(st.sampled_from(EXPIRIES))
    chain = [
        option(draw, f"K{number}", right, middle + step * (number - 2), expiry, 100) for number in range(5)
    ]
    pair = [option(draw, f"{side}1", side, middle, expiry, 100) for side in ("put", "call")]
    others = [any_option(draw, f"O{number}", middle, step) for number in range(draw(st.integers(0, 2)))]
    instruments = [*chain, *pair, *others]
    accounts = draw(
        st.sampled_from(([{"id": "A1"}], [{"id": "A1", "cash": 2500}, {"id": "A2", "cash": -900}]))
    )
    held: dict[str, int] = dict(
        zip((row["id"] for row in chain), draw(st.sampled_from(ALONG)), strict=True)
        if under["kind"] == "index" or draw(st.booleans())
        else zip(("X", "put1", "call1"), draw(st.sampled_from(WITH_SHARES)), strict=True)
    )
    positions = [{"account": "A1", "instrument": name, "quantity": n} for name, n in held.items() if n]
    names = [row["id"] for row in instruments] + ([] if under["kind"] == "index" else ["X"])
    line = st.fixed_dictionaries({
        "account": st.sampled_from([row["id"] for row in accounts]),
        "instrument": st.sampled_from(names),
        "quantity": st.integers(-2, 2).filter(bool),
    })  # fmt: skip
    positions += draw(st.lists(line, max_size=3))
    for row in positions:
        row["quantity"] *= 50 if row["instrument"] == "X" else 1
    return {
        "on": "2024-01-19", "accounts": accounts, "underlyings": [under], "instruments": instruments,
        "positions": positions,
    }  # fmt: skip
