"""Interactive Brokers' portfolio margin, group by group, with loops.

Sources: "Portfolio Margin" as relayed by Place Trade (moves of five standard deviations, implied volatility
by 15%); the notice of October 2015 on concentration (two names at 30%, all others at 5%); Reporting Guide,
Portfolio Margin Details (the higher of margin and extreme for each group, and an additional charge).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tests.oracle.cpm import RANGES, class_group_of, cpm_margin, product_group_of
from tests.oracle.market import Book, Contract, account_ids, equity_of, net_positions
from tests.oracle.netting import worst
from tests.oracle.overlays import Shock, Shocks, class_row, group_losses, leverage_of, spread, totals
from tests.oracle.valuation import STEPS

DEVIATIONS = 5
VOLATILITY = 0.15
CONCENTRATED, OTHERS = 0.30, 0.05
SESSIONS = 30
OPENING_EQUITY = 110_000.0


@dataclass(frozen=True)
class IbkrResult:
    """One account, unrounded; margin and extreme by outermost group."""

    account: str
    maintenance: float
    base_maintenance: float
    margin: Mapping[str, float]
    extreme: Mapping[str, float]
    additional: float
    opens: bool | None


def volatility_of_sessions(rows: Sequence[Mapping[str, float]]) -> float:
    """Garman and Klass: half the squared range less (2 ln 2 - 1) of the squared way from open to close."""
    total = 0.0
    for row in rows:
        high_to_low = math.log(row["high"]) - math.log(row["low"])
        open_to_close = math.log(row["close"]) - math.log(row["open"])
        total += 0.5 * high_to_low**2 - (2.0 * math.log(2.0) - 1.0) * open_to_close**2
    return math.sqrt(total / len(rows))


def daily_volatility(book: Book, contract: Contract) -> float:
    """Of what the class group is named after: as given, or of the last 30 sessions."""
    row = class_row(book, contract)
    if "daily_volatility" in row:
        return float(str(row["daily_volatility"]))
    found = [s for s in book["tables"]["ohlc"] if s["underlying"] == row["id"]]
    assert len(found) >= SESSIONS
    return volatility_of_sessions(sorted(found, key=lambda s: str(s["date"]))[-SESSIONS:])


def stresses(book: Book, contract: Contract) -> Shocks:
    """The rule's ten moves, five standard deviations either way and no move, each with volatility moved."""
    down, up = RANGES[product_group_of(book, class_group_of(book, contract.underlying))]
    far = DEVIATIONS * daily_volatility(book, contract)
    moves = [part * down / 5 for part in range(5, 0, -1)] + [part * up / 5 for part in range(1, 6)]
    found = {}
    for number, move in enumerate([*moves, -far, far, 0.0]):
        for change in (-VOLATILITY, 0.0, VOLATILITY) if number in (10, 11) else (-VOLATILITY, VOLATILITY):
            found[f"{number}:{change}"] = Shock(move * leverage_of(book, contract), change)
    return found


def concentration(book: Book, concentrated: Mapping[str, float], others: Mapping[str, float]) -> float:
    """The most that two names or fewer can bring where they are moved by 30% and all others by 5%."""
    names = [name for name in concentrated if product_group_of(book, name) == "alone"]
    chosen = [(), *combinations(names, 1), *combinations(names, 2)]
    return max(sum(concentrated[n] if n in pair else loss for n, loss in others.items()) for pair in chosen)


def ibkr_margin(book: Book, *, steps: int = STEPS) -> dict[str, IbkrResult]:
    """Every listed account."""
    base = cpm_margin(book, steps=steps)
    held = net_positions(book)
    results = {}
    for account in account_ids(book):
        mine = [position for position in held if position.account == account]
        margin = {group.group: group.amount for group in base[account].groups}
        groups = group_losses(book, mine, lambda c: stresses(book, c), steps)
        extreme = {group.name: group.loss for group in groups}
        standard = sum(max(margin[name], extreme[name]) for name in extreme)
        by_range = []
        for reach in (CONCENTRATED, OTHERS):
            found = totals(
                book,
                mine,
                lambda c, reach=reach: spread((-reach, reach), leverage=leverage_of(book, c)),  # type: ignore[misc]
                lambda c: class_group_of(book, c.underlying),
                steps,
            )
            by_range.append({name: worst(vector)[0] for name, vector in found.items()})
        additional = max(0.0, concentration(book, *by_range) - standard)
        equity = equity_of(book, account)
        results[account] = IbkrResult(
            account,
            standard + additional,
            base[account].maintenance,
            margin,
            extreme,
            additional,
            None if equity is None else equity >= OPENING_EQUITY,
        )
    return results
