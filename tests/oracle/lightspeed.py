"""Lightspeed's risk guidance for portfolio margin accounts, test by test, with loops.

Source: "Risk and Margin", portfolio margin accounts, risk guidance: what may be lost over four price ranges,
relative to liquidating equity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.cpm import Range, class_group_of, cpm_margin, product_group_of
from tests.oracle.market import Book, Contract, Position, account_ids, equity_of, net_positions, to_cents
from tests.oracle.netting import Vector, added, worst
from tests.oracle.overlays import Shocks, leverage_of, spread, totals
from tests.oracle.valuation import STEPS

VIX_NAMES = ("VIX", "SVXY", "UVXY")
RANGES = {"broad_index": (-0.15, 0.10), "name": (-0.25, 0.25), "volatility": (-0.25, 2.00)}
WIDE = (-0.25, 0.25)


@dataclass(frozen=True)
class LightspeedResult:
    """One account: the rule's margin, the most that is lost in each test, and which tests it passes."""

    account: str
    maintenance: float
    losses: Mapping[str, float]
    eligible: Mapping[str, bool | None]


def kind_of(book: Book, name: str) -> str:
    """Which test a class group is put to."""
    row = next((r for r in book["underlyings"] if r["id"] == name), None)
    row = row or next(r for r in book["underlyings"] if r.get("tracks") == name)
    if row.get("volatility_product", row["id"] in VIX_NAMES):
        return "volatility"
    return "name" if product_group_of(book, name) == "alone" else "broad_index"


def limits(equity: float) -> dict[str, float]:
    """What may be lost, by test."""
    return {
        "broad_index": equity,
        "name": equity,
        "volatility": equity,
        "broad_index_wide": min(2.0 * equity, equity + 2_500_000.0),
        "portfolio": 1.25 * equity,
    }


def moved(
    book: Book, positions: Sequence[Position], ranges: Mapping[str, Range], steps: int
) -> dict[str, Vector]:
    """The gains of each class group over the range of its kind, times the factor of a fund."""

    def shocks(contract: Contract) -> Shocks:
        kind = kind_of(book, class_group_of(book, contract.underlying))
        return spread(ranges[kind], leverage=leverage_of(book, contract))

    return totals(book, positions, shocks, lambda c: class_group_of(book, c.underlying), steps)


def lightspeed_margin(book: Book, *, steps: int = STEPS) -> dict[str, LightspeedResult]:
    """Every listed account."""
    base = cpm_margin(book, steps=steps)
    held = net_positions(book)
    results = {}
    for account in account_ids(book):
        mine = [position for position in held if position.account == account]
        losses = dict.fromkeys(limits(0.0), 0.0)
        tested, wide = moved(book, mine, RANGES, steps), moved(book, mine, dict.fromkeys(RANGES, WIDE), steps)
        for name, vector in tested.items():
            which = kind_of(book, name)
            losses[which] = max(losses[which], worst(vector)[0])
            if which == "broad_index":
                losses["broad_index_wide"] = max(losses["broad_index_wide"], worst(wide[name])[0])
        if wide:
            losses["portfolio"] = worst(added(list(wide.values()), list(next(iter(wide.values())))))[0]
        equity = equity_of(book, account)
        eligible: dict[str, bool | None] = dict.fromkeys(losses)
        if equity is not None:
            allowed = limits(equity)
            eligible = {test: to_cents(loss) <= to_cents(allowed[test]) for test, loss in losses.items()}
        results[account] = LightspeedResult(account, base[account].maintenance, losses, eligible)
    return results
