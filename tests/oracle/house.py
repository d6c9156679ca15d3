"""A carrying broker's overlay on customer portfolio margin: the methodology `house.example`.

Source: the overlay's own text (margin committee minutes): wider ranges for names that stand alone, a dated
buffer, a charge for concentration, two alerts; over FINRA Rule 4210(g), the base and the floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tests.oracle.cpm import RANGES, Range, class_group_of, cpm_margin
from tests.oracle.market import Book, BookError, account_ids, as_date, equity_of, net_positions
from tests.oracle.valuation import STEPS, value_after, value_now

# From, to (inclusive, or None for open), value.
Segment = tuple[str, str | None, float]

COVERS_FROM = "2023-01-03"

# The committee's buffer: a later segment ends the earlier one, and nothing resumes.
BUFFER: Sequence[Segment] = (
    ("2023-01-03", None, 0.05),
    ("2025-04-07", "2025-07-31", 0.15),
    ("2025-08-01", None, 0.10),
)

ALONE_FROM = "2025-07-01"
ALONE_RANGE: Range = (-0.20, 0.20)
CRASH_MOVE = -0.25
CONCENTRATION_SHARE = 0.50
USAGE_SHARE = 0.80


@dataclass(frozen=True)
class HouseResult:
    """One account, unrounded. Without its equity there is no house requirement, and `message` says so."""

    account: str
    house: float | None
    maintenance: float
    base_maintenance: float
    concentration: float | None
    buffer: float
    alerts: tuple[str, ...]
    eligible: bool | None
    message: str = ""


def value_on(day: date, segments: Sequence[Segment]) -> float:
    """The segment that began last; a day after its end, or before the first, has no value and is an error."""
    found: Segment | None = None
    for segment in segments:
        if as_date(segment[0]) <= day and (found is None or as_date(segment[0]) >= as_date(found[0])):
            found = segment
    if found is None or (found[1] is not None and day > as_date(found[1])):
        raise BookError(f"no value on {day}")
    return found[2]


def ranges_on(day: date) -> Mapping[str, Range]:
    """The base ranges; from its date on, the overlay's row replaces the base row of equal key."""
    ranges = dict(RANGES)
    if day >= as_date(ALONE_FROM):
        ranges["alone"] = ALONE_RANGE
    return ranges


def crash_losses(book: Book, account: str, steps: int) -> dict[str, float]:
    """By class group: the loss where each of its underlyings falls by a quarter, whatever the leverage."""
    losses: dict[str, float] = {}
    for position in net_positions(book):
        if position.account == account:
            contract = position.contract
            now = value_now(book, contract, steps)
            after = value_after(book, contract, {"crash": CRASH_MOVE}, steps)["crash"]
            group = class_group_of(book, contract.underlying)
            losses[group] = losses.get(group, 0.0) - position.quantity * contract.multiplier * (after - now)
    return losses


def concentration_charge(losses: Mapping[str, float], equity: float) -> float:
    """What each class group would lose beyond half of the equity, added up."""
    limit = CONCENTRATION_SHARE * equity
    charge = 0.0
    for loss in losses.values():
        if loss > limit:
            charge += loss - limit
    return charge


def house_margin(
    book: Book, *, buffer: float | None = None, buffers: Sequence[Segment] = BUFFER, steps: int = STEPS
) -> dict[str, HouseResult]:
    """The house requirement of every account; `buffer`, where given, stands in for the dated ones."""
    day = as_date(book["on"])
    if day < as_date(COVERS_FROM):
        raise BookError(f"house.example begins on {COVERS_FROM}")
    share = value_on(day, buffers) if buffer is None else buffer
    base = cpm_margin(book, steps=steps)
    overlaid = cpm_margin(book, ranges=ranges_on(day), steps=steps)
    results = {}
    for account in account_ids(book):
        wide, floor = overlaid[account].maintenance, base[account].maintenance
        eligible = overlaid[account].eligible
        equity = equity_of(book, account)
        if equity is None:
            message = f"account {account} has no equity"
            results[account] = HouseResult(account, None, wide, floor, None, share, (), eligible, message)
            continue
        concentration = concentration_charge(crash_losses(book, account, steps), equity)
        house = max(wide + concentration, floor) * (1.0 + share)
        alerts = []
        if equity < house:
            alerts.append("margin_call")
        if house > USAGE_SHARE * equity:
            alerts.append("usage")
        results[account] = HouseResult(
            account, house, wide, floor, concentration, share, tuple(alerts), eligible
        )
    return results
