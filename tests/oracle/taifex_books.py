"""Random small books of the Taiwan Futures Exchange as plain dicts: options of one or two products, futures
of three sizes, several strikes and days of expiry.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.oracle.taifex import STAGES

Row = dict[str, Any]
EXPIRIES = ("2025-11-26", "2025-12-17", "2026-01-21")
SIZES = (10, 50, 200)


def amounts(draw: DrawFn, row: Row) -> None:
    """A, B and C: worked out, or given in part."""
    if draw(st.booleans()):
        row |= {"point_value": 50, "risk_coefficient": draw(st.sampled_from(("0.0437", "0.05", "0.0511")))}
    else:
        row["a_clearing"] = 1000 * draw(st.integers(20, 90))
    for stage in STAGES[1:]:
        if draw(st.booleans()):
            row[f"a_{stage}"] = 1000 * draw(st.integers(20, 120))
    for stage in STAGES:
        if draw(st.booleans()):
            row[f"b_{stage}"] = 500 * draw(st.integers(10, 120))
        if draw(st.booleans()):
            row[f"c_{stage}"] = 100 * draw(st.integers(0, 99))


@st.composite
def taifex_books(draw: DrawFn) -> Row:
    """A book of one or two accounts with up to six lines each."""
    unders: list[Row] = []
    instruments: list[Row] = []
    for name, kind in draw(st.sampled_from(((("TXO", "index"),), (("TXO", "index"), ("2330", "stock"))))):
        under: Row = {"id": name, "kind": kind, "currency": "TWD"}
        if kind == "stock":
            under |= {"price": 900 + draw(st.integers(0, 200))}
            under |= draw(st.sampled_from(({}, {"risk_group": "two"}, {"risk_group": "three"})))
        else:
            under["price"] = 23_000 + 10 * draw(st.integers(0, 200))
            amounts(draw, under)
        unders.append(under)
        step, middle = (200, 24_000) if kind == "index" else (20, 1000)
        for number in range(draw(st.integers(2, 6))):
            row: Row = {
                "id": f"{name}-{number}",
                "underlying": name,
                "expiry": draw(st.sampled_from(EXPIRIES)),
            }
            if kind == "index" and draw(st.integers(0, 4)) == 0:
                size = draw(st.sampled_from(SIZES))
                row |= {"kind": "future", "multiplier": size, "price": 24_000}
                margins = draw(st.permutations((900, 1190, 1610)))
                row |= {f"future_{stage}": size * n for stage, n in zip(STAGES, margins, strict=True)}
            else:
                row |= {
                    "kind": "option",
                    "right": draw(st.sampled_from(("call", "put"))),
                    "strike": middle + step * draw(st.integers(-4, 4)),
                    "multiplier": 50 if kind == "index" else draw(st.sampled_from((1000, 2000))),
                    "price": draw(st.integers(1, 400)),
                }
            instruments.append(row)
    accounts = draw(st.sampled_from(([{"id": "A1"}], [{"id": "A1"}, {"id": "A2", "pays_c": False}])))
    line = st.fixed_dictionaries({
        "account": st.sampled_from([row["id"] for row in accounts]),
        "instrument": st.sampled_from([row["id"] for row in instruments]),
        "quantity": st.integers(-4, 4).filter(bool),
    })  # fmt: skip
    return {
        "on": "2025-11-20",
        "accounts": accounts,
        "underlyings": unders,
        "instruments": instruments,
        "positions": draw(st.lists(line, max_size=8)),
    }
