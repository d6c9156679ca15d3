"""Random books of margin trading in Japan as plain dicts: purchases, sales and collateral of shares,
leveraged funds and bonds, the same share in several lines.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.oracle.shinyo import COLLATERAL

Row = dict[str, Any]
DAYS = ("2006-03-01", "2022-12-30", "2023-01-10", "2024-03-01")
OPENED = ("2022-12-30", "2023-01-09", "2023-01-10", "2024-02-29")


@st.composite
def shinyo_books(draw: DrawFn, days: tuple[str, ...] = DAYS) -> Row:
    """A book of up to three accounts."""
    day = draw(st.sampled_from(days))
    kinds = draw(st.lists(st.sampled_from(("stock", "etf", "bond")), min_size=1, max_size=4))
    underlyings: list[Row] = []
    instruments: list[Row] = []
    for number, kind in enumerate(kinds):
        row: Row = {"id": f"U{number}", "kind": kind, "currency": "JPY", "price": draw(st.integers(1, 9000))}
        if kind == "etf":
            row["leverage"] = draw(st.sampled_from((1, 2, -1, -2, 0.5)))
        if kind == "bond":
            row["collateral_class"] = draw(st.sampled_from(sorted(COLLATERAL)))
            instruments.append({"id": f"B{number}", "kind": "bond", "underlying": row["id"], "price": 100})
        underlyings.append(row)
    names = [f"{'B' if kind == 'bond' else 'U'}{number}" for number, kind in enumerate(kinds)]
    accounts = [
        {"id": f"A{number}"} | draw(st.fixed_dictionaries({}, optional={
            "cash": st.integers(0, 3_000_000),
            "realised": st.integers(-200_000, 200_000),
            "costs": st.integers(0, 9_999),
        }))
        for number in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    margin = st.fixed_dictionaries(
        {
            "account": st.sampled_from([row["id"] for row in accounts]),
            "instrument": st.sampled_from(names),
            "quantity": st.integers(-900, 900),
            "trade_price": st.integers(1, 9000),
        },
        optional={
            "purpose": st.just("margin"),
            "opened": st.sampled_from([d for d in OPENED if d <= day] or [day]),
        },
    )
    collateral = st.fixed_dictionaries(
        {
            "account": st.sampled_from([row["id"] for row in accounts]),
            "instrument": st.sampled_from(names),
            "quantity": st.integers(0, 2000),
            "purpose": st.just("collateral"),
        }
    )
    positions = draw(st.lists(st.one_of(margin, margin, collateral), max_size=8))
    return {
        "on": day, "accounts": accounts, "underlyings": underlyings, "instruments": instruments,
        "positions": positions,
    }  # fmt: skip
