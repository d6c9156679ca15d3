"""Random books of the Indian cash market as plain dicts: groups, funds, published rates, volatilities and
histories, several settlements, snapshots, trades that net.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

Row = dict[str, Any]
DAYS = (
    "2005-05-30", "2020-04-30", "2020-05-01", "2020-08-31", "2020-09-01", "2020-11-30", "2020-12-01",
    "2021-02-28", "2021-03-01", "2021-05-31", "2021-06-01", "2021-08-31", "2021-09-01", "2024-11-21",
)  # fmt: skip
HISTORY = ("2005-05-27", "2005-05-29", "2020-04-29", "2020-08-30", "2021-05-30", "2024-11-20", "2024-11-21")


def thousandths(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low, high).map(lambda n: n / 1000)


@st.composite
def underlyings(draw: DrawFn) -> tuple[list[Row], list[Row]]:
    """Securities, and the returns of those that have a history."""
    found: list[Row] = []
    returns: list[Row] = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(("stock", "etf")))
        row: Row = {
            "id": f"S{number}",
            "kind": kind,
            "currency": "INR",
            "price": draw(st.integers(1, 400_000)) / 100,
            "liquidity": draw(st.sampled_from(("group_1", "group_2", "group_3"))),
            "traded_weekly": draw(st.booleans()),
            "half_year_deviation": draw(thousandths(5, 60)),
        }
        if kind == "etf":
            row["broad_etf"] = draw(st.booleans())
        source = draw(st.sampled_from(("given", "history", "published")))
        if source == "given":
            row["daily_volatility"] = draw(thousandths(1, 90))
        if source == "published":
            row["var_rate"] = draw(thousandths(60, 1000))
            row["extreme_loss_rate"] = draw(thousandths(0, 50))
        moves = [draw(thousandths(-90, 90)) for _ in HISTORY]
        returns += [
            {"underlying": row["id"], "date": day, "move": move}
            for day, move in zip(HISTORY, moves, strict=True)
        ]
        found.append(row)
    return found, returns


@st.composite
def sebi_books(draw: DrawFn) -> Row:
    """A book of up to three clients."""
    unders, returns = draw(underlyings())
    accounts = [
        {
            "id": f"C{number}",
            "days_short": draw(st.integers(0, 4)),
            "days_short_in_month": draw(st.integers(0, 6)),
        }
        | draw(st.fixed_dictionaries({}, optional={"collected": st.integers(0, 2_000_000)}))
        for number in range(draw(st.integers(1, 3)))
    ]
    line = st.fixed_dictionaries(
        {
            "account": st.sampled_from([row["id"] for row in accounts]),
            "instrument": st.sampled_from([row["id"] for row in unders]),
            "quantity": st.integers(-900, 900),
        },
        optional={
            "settlement": st.sampled_from(("T", "T-1")),
            "taken": st.sampled_from(("first", "second", "third", "fourth", "close")),
            "trade_price": st.integers(1, 400_000).map(lambda n: n / 100),
        },
    )
    return {
        "on": draw(st.sampled_from(DAYS)),
        "market": {"index_volatility": draw(thousandths(5, 40))},
        "accounts": accounts,
        "underlyings": unders,
        "positions": draw(st.lists(line, max_size=9)),
        "tables": {"returns": returns},
    }
