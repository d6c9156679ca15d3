"""Random books of futures as plain dicts: products with and without a code of their own, several months,
longs that meet shorts, accounts of both kinds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.oracle.outright import Rate

Row = dict[str, Any]


@st.composite
def days_of_rates(draw: DrawFn, rates: list[Rate]) -> date:
    """A day on which a rate begins, the one before it, or any day between the first and the last."""
    start = draw(st.sampled_from(sorted({rate.start for rate in rates})))
    last = max(rate.to for rate in rates if rate.to is not None)
    return min(max(start + timedelta(draw(st.integers(-1, 40))), date(2000, 1, 1)), last)


@st.composite
def futures_books(draw: DrawFn, rates: list[Rate]) -> Row:
    """A book in products that have a rate on its day."""
    day = draw(days_of_rates(rates))
    products = sorted({rate.product for rate in rates if rate.start <= day})
    held = draw(st.lists(st.sampled_from(products), min_size=1, max_size=4))
    coded = draw(st.lists(st.booleans(), min_size=len(held), max_size=len(held)))
    instruments: list[Row] = []
    for number, (product, own) in enumerate(zip(held, coded, strict=True)):
        plain = {"id": f"F{number}", "kind": "future", "multiplier": draw(st.sampled_from((1, 50, 1000)))}
        where = {"underlying": "SPOT", "product": product} if own else {"underlying": product}
        instruments.append(plain | where)
    accounts = [
        {"id": f"A{number}"}
        | draw(st.sampled_from(({}, {"rate_type": "speculator"}, {"rate_type": "hedger_or_member"})))
        | draw(st.one_of(st.just({}), st.builds(lambda n: {"equity": n / 100}, st.integers(0, 20_000_000))))
        for number in range(draw(st.integers(1, 3)))
    ]
    positions = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "account": st.sampled_from([row["id"] for row in accounts]),
                    "instrument": st.sampled_from([row["id"] for row in instruments]),
                    "quantity": st.integers(-20, 20),
                }
            ),
            max_size=10,
        )
    )
    names = ["SPOT", *dict.fromkeys(held)]
    return {
        "on": day.isoformat(),
        "accounts": accounts,
        "underlyings": [{"id": name, "kind": "index", "price": 100.0} for name in names],
        "instruments": instruments,
        "positions": positions,
    }
