"""Saxo Bank's tiered margins for foreign exchange.

Sources: "New FX margins and simpler tiered margin structure", 27 April 2016: brackets for EURUSD by exposure
in US dollars, each pair by itself, incremental; "Trading with leverage" (Switzerland), examples 1 and 2: the
brackets of USDCAD and the conversion to euros; "FX options margin model": spot and forwards are treated the
same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.lines import in_currency, lines_of
from tests.oracle.market import Book, BookError, account_ids, equity_of

MILLION = 1_000_000.0

# Up to how much, at what rate; the last one has no end.
TIERS: Mapping[tuple[str, str], Sequence[tuple[float, float]]] = {
    ("EUR", "USD"): (
        (3 * MILLION, 0.01),
        (25 * MILLION, 0.02),
        (50 * MILLION, 0.03),
        (float("inf"), 0.06),
    ),
    ("USD", "CAD"): ((3 * MILLION, 0.01), (5 * MILLION, 0.02), (float("inf"), 0.03)),
}


@dataclass(frozen=True)
class SaxoResult:
    """One account: the margin in its currency, whether its equity is below (None: not given), by pair."""

    account: str
    initial: float
    called: bool | None
    by_pair: Mapping[tuple[str, str], float]


def in_parts(exposure: float, tiers: Sequence[tuple[float, float]]) -> float:
    """Each rate on the part of the exposure that lies in its bracket."""
    margin = begun = 0.0
    for end, rate in tiers:
        margin += rate * max(0.0, min(exposure, end) - begun)
        begun = end
    return margin


def saxo_margin(book: Book, *, home: str = "USD") -> dict[str, SaxoResult]:
    """Every account, in the currency `home`."""
    results = {}
    for account in account_ids(book):
        exposures: dict[tuple[str, str], float] = {}
        for line in lines_of(book, home):
            if line.account != account:
                continue
            if line.kind not in ("cash", "forward") or line.underlying["kind"] != "currency":
                raise BookError(f"{line.kind} on {line.underlying['id']} is neither spot nor a forward")
            cross = (line.underlying["base"], line.underlying.get("quote", line.currency))
            spot = line.underlying["price"] if line.kind == "forward" else line.price
            notional = line.quantity * line.multiplier * float(spot or 0.0)
            exposures[cross] = exposures.get(cross, 0.0) + in_currency(book, notional, line.currency, "USD")
        by_pair = {}
        for cross, exposure in exposures.items():
            if cross not in TIERS:
                raise BookError(f"no brackets for {cross[0]}{cross[1]}")
            by_pair[cross] = in_parts(abs(exposure), TIERS[cross])
        initial = in_currency(book, sum(by_pair.values()), "USD", home)
        equity = equity_of(book, account)
        called = None if equity is None else equity < initial
        results[account] = SaxoResult(account, initial, called, by_pair)
    return results
