"""A plain stress test: every underlying moves by the same percentage at once, and the worst loss takes a
buffer.

Source: "Portfolio Margining Approaches for Futures Traders", Risk Calculation Methodologies, scenario-based
stress testing: moves of 5% and 10% up and down, the largest loss, often plus a buffer. It gives no number
for the buffer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.oracle.market import Book, account_ids, net_positions, underlying_of
from tests.oracle.netting import worst
from tests.oracle.valuation import STEPS, value_after, value_now

MOVES: Mapping[str, float] = {"down_10": -0.10, "down_5": -0.05, "up_5": 0.05, "up_10": 0.10}
BUFFER = 0.10


@dataclass(frozen=True)
class StressResult:
    """One account: its profit at each scenario, the worst loss with its scenario, the loss with buffer."""

    account: str
    maintenance: float
    worst_loss: float
    by: str | None
    vector: dict[str, float]


def stress_margin(
    book: Book,
    *,
    moves: Mapping[str, float] = MOVES,
    buffer: float = BUFFER,
    leverage: bool = False,
    steps: int = STEPS,
) -> dict[str, StressResult]:
    """Every account netted over all it holds. `leverage`: a fund moves by its factor (not in the source)."""
    results = {}
    held = net_positions(book)
    for account in account_ids(book):
        vector = dict.fromkeys(moves, 0.0)
        for position in held:
            if position.account != account:
                continue
            contract = position.contract
            factor = float(underlying_of(book, contract.underlying).get("leverage", 1.0)) if leverage else 1.0
            now = value_now(book, contract, steps)
            after = value_after(book, contract, {name: move * factor for name, move in moves.items()}, steps)
            for name in moves:
                vector[name] += position.quantity * contract.multiplier * (after[name] - now)
        loss, by = worst(vector)
        results[account] = StressResult(account, loss * (1.0 + buffer), loss, by, vector)
    return results
