"""Whole files of real quotes, where they are at hand: every option that can be valued is, and the rest say
why not.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pmdsl.engine import evaluate
from pmdsl.portfolio import read_portfolio
from tests.regimes.bundled import plan

CHAINS = Path(__file__).resolve().parents[3] / "shared" / "data" / "chains"
FILES = [
    ("spx_2023-09-14.csv", "SPX", "european"),
    ("spy_2023-09-14.csv", "SPY", "american"),
    ("xsp_2023-09-14.csv", "XSP", "european"),
]


def two_sided(file: Path) -> list[str]:
    """The symbols of a file that have a bid and an offer and have not expired, as the file spells them."""
    import csv

    found = []
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[4:]
    for row in rows:
        if len(row) < 22 or "2023" not in row[0] + "2023":
            continue
        for symbol, bid, ask in ((row[1], row[4], row[5]), (row[12], row[15], row[16])):
            if 0 < float(bid) <= float(ask) and symbol[-15:-9] > "230914":
                found.append(symbol)
    return found


@pytest.mark.skipif(not CHAINS.is_dir(), reason="the real option chains are not at hand")
@pytest.mark.parametrize(("name", "underlying", "exercise"), FILES)
def test_a_whole_chain_in_one_book(name: str, underlying: str, exercise: str) -> None:
    """Each option alone in an account: its margin is a number, or its account says which quote is
    impossible.
    """
    symbols = two_sided(CHAINS / name)[::5]
    row: dict[str, Any] = {
        "on": "2023-09-14",
        "rate": 0.0545,
        "accounts": [{"id": symbol} for symbol in symbols],
        "underlyings": [
            {
                "id": underlying,
                "kind": "index" if exercise == "european" else "etf",
                "roots": [underlying, f"{underlying}W"],
                "breadth": "broad",
                "capitalization": "high",
                "dividend_yield": 0.0155,
                "option_exercise": exercise,
            },
        ],
        "positions": [{"account": symbol, "instrument": symbol, "quantity": -1} for symbol in symbols],
    }
    found = evaluate(plan("us.finra.cpm", date(2023, 9, 14), 50), read_portfolio(row, quotes=[CHAINS / name]))
    amounts = found.amounts("maintenance")
    had = ~np.isnan(amounts)
    assert had.mean() > 0.85, [str(m) for s in symbols for m in found.account(s).messages][:5]
    assert np.all(amounts[had] >= 37.5)
    for row_number in np.flatnonzero(~had)[:25]:
        messages = found.account(symbols[row_number]).messages
        assert messages
        assert all(symbols[row_number] in m.message for m in messages), [str(m) for m in messages]
