"""Charles Schwab's portfolio margin, formerly TD Ameritrade's: underlying by underlying, with loops.

Sources: "How Portfolio Margin Works" (point of no return against expected price range); the ticker tape of
August 2016 (indexes -12%/+10%, later twenty points); a customer's account of August 2023 (portfolio stress).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tests.oracle.cpm import RANGES, Range, class_group_of, cpm_margin, product_group_of
from tests.oracle.market import (
    Book,
    BookError,
    Contract,
    Position,
    account_ids,
    as_date,
    equity_of,
    net_positions,
    to_cents,
    underlying_of,
)
from tests.oracle.overlays import Shock, class_row, gains, group_losses, leverage_of, spread
from tests.oracle.valuation import STEPS

INDEX_RANGE: Range = (-0.12, 0.10)
TWENTY_SINCE = date(2021, 1, 1)
TENTHS = tuple(range(1, 11))
MARKS = 40  # 5% of the expected range each: to its end and as far again
INDEX_FALL, VOLATILITY_RISE, BEYOND = 0.20, 0.30, 5_000_000.0
OPENING_EQUITY = 125_000.0


@dataclass(frozen=True)
class SchwabResult:
    """One account. `returns`: by class group, the points of no return down and up."""

    account: str
    maintenance: float
    base_maintenance: float
    returns: Mapping[str, Range]
    concentrated: bool
    passes_stress: bool | None
    opens: bool


def expected(book: Book, contract: Contract) -> Range:
    """The expected price range of what a class group is named after, down and up."""
    row = class_row(book, contract)
    return -float(str(row["expected_fall"])), float(str(row["expected_rise"]))


def loss_at(book: Book, positions: Sequence[Position], part: float, side: int, steps: int) -> float:
    """What positions of one class group lose at a part of the expected range of one side."""
    lost = 0.0
    for position in positions:
        move = part * expected(book, position.contract)[side] * leverage_of(book, position.contract)
        lost -= gains(book, position, {"here": Shock(move)}, steps)["here"]
    return lost


def point_of_no_return(
    book: Book, positions: Sequence[Position], side: int, equity: float, steps: int
) -> tuple[float, bool]:
    """The part of the expected range at which the equity is gone, and whether that is inside of it."""
    before = 0.0
    for mark in range(1, MARKS + 1):
        lost = loss_at(book, positions, mark / 20, side, steps)
        cents = float(to_cents(lost))
        if cents >= equity:
            way = 0.0 if before >= equity else (equity - before) / (cents - before)
            return (mark - 1 + way) / 20, mark <= 20
        before = lost
    return MARKS / 20, False


def range_of(book: Book, contract: Contract, inside: Sequence[bool]) -> Range:
    """The range of an array: the furthest of the rule's, the firm's, a name's, and the expected."""
    product = product_group_of(book, class_group_of(book, contract.underlying))
    row = class_row(book, contract)
    ends = [
        RANGES[product],
        (-float(str(row.get("extended_fall", 0))), float(str(row.get("extended_rise", 0)))),
    ]
    if product != "alone":
        ends.append(INDEX_RANGE)
    likely = expected(book, contract)
    down = [end[0] for end in ends] + ([likely[0]] if inside[0] else [])
    up = [end[1] for end in ends] + ([likely[1]] if inside[1] else [])
    return min(down), max(up)


def grid_of(book: Book, contract: Contract) -> dict[str, Range]:
    """Five points on each side; ten for broad indexes since 2021, where others have none."""
    twenty = as_date(book["on"]) >= TWENTY_SINCE
    broad = product_group_of(book, class_group_of(book, contract.underlying)) != "alone"
    grid: dict[str, Range] = {}
    for tenth in TENTHS:
        counts = tenth % 2 == 0 or (twenty and broad)
        grid[f"down {tenth}"] = (tenth / 10, 0.0) if counts else (0.0, 0.0)
        grid[f"up {tenth}"] = (0.0, tenth / 10) if counts else (0.0, 0.0)
    return grid


def schwab_margin(book: Book, *, steps: int = STEPS) -> dict[str, SchwabResult]:
    """Every listed account; one without an equity is an error."""
    base = cpm_margin(book, steps=steps)
    held = net_positions(book)
    results = {}
    for account in account_ids(book):
        mine = [position for position in held if position.account == account]
        equity = equity_of(book, account)
        if equity is None:
            raise BookError(f"{account} has no equity")
        returns: dict[str, Range] = {}
        inside: dict[str, tuple[bool, bool]] = {}
        for name in sorted({class_group_of(book, p.contract.underlying) for p in mine}):
            members = [p for p in mine if class_group_of(book, p.contract.underlying) == name]
            sides = [point_of_no_return(book, members, side, equity, steps) for side in (0, 1)]
            ends = expected(book, members[0].contract)
            returns[name] = (max(-1.0, sides[0][0] * ends[0]), sides[1][0] * ends[1])
            inside[name] = (sides[0][1], sides[1][1])
        groups = group_losses(
            book,
            mine,
            lambda c, inside=inside: spread(  # type: ignore[misc]
                range_of(book, c, inside[class_group_of(book, c.underlying)]),
                grid_of(book, c),
                leverage_of(book, c),
            ),
            steps,
        )
        house = sum(max(group.loss, group.floor) for group in groups)
        results[account] = SchwabResult(
            account,
            max(base[account].maintenance, house),
            base[account].maintenance,
            returns,
            any(any(sides) for sides in inside.values()),
            passes_stress(book, mine, equity, steps),
            equity >= OPENING_EQUITY,
        )
    return results


def passes_stress(book: Book, positions: Sequence[Position], equity: float, steps: int) -> bool | None:
    """The index 20% down and volatility 30% up; None where a beta is missing."""
    lost = 0.0
    for position in positions:
        row = underlying_of(book, position.contract.underlying)
        if "beta" not in row:
            return None
        shock = Shock(-INDEX_FALL * float(row["beta"]), VOLATILITY_RISE)
        lost -= gains(book, position, {"here": shock}, steps)["here"]
    return to_cents(lost) <= to_cents(equity + BEYOND)
