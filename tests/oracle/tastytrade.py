"""tastytrade's house rules of portfolio margin, position by position, with loops.

Sources: "Portfolio Margin House Rules/Requirements", as the broker publishes it and as it stood under its
older name; "Portfolio Margin Minimum Equity Requirement and Downgrade Process"; "Margin Concentration
Requirements".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tests.oracle.cpm import RANGES, Range, class_group_of, cpm_margin, product_group_of
from tests.oracle.market import (
    Book,
    Contract,
    Position,
    account_ids,
    as_date,
    equity_of,
    net_positions,
    spot_of,
    to_cents,
    underlying_of,
)
from tests.oracle.netting import worst
from tests.oracle.overlays import class_row, group_losses, leverage_of, outermost, spread, totals
from tests.oracle.valuation import STEPS

NEWER = date(2023, 3, 1)
OLDER_SLIDES: Mapping[str, Range] = {"index": (-0.20, 0.15), "equity": (-0.25, 0.20)}
SLIDES: Mapping[str, Range] = {"index": (-0.15, 0.10), "equity": (-0.20, 0.20)}
WILD_INDEX: Range = (-0.20, 0.15)
BIOTECH: Range = (-0.50, 1.00)
EARNINGS_DAYS, EARNINGS_WIDENING = 3, 1.5
UNCOVERED_SHARE = 0.005
MINIMUM_EQUITY, OPENING_EQUITY, CLOSING_EQUITY = 150_000.0, 175_000.0, 100_000.0


@dataclass(frozen=True)
class TastytradeResult:
    """One account, unrounded."""

    account: str
    maintenance: float
    base_maintenance: float
    alternative_minimum: float
    eligible: Mapping[str, bool | None]
    alerts: tuple[str, ...]


def turned_high(closes: Sequence[tuple[str, float]], on: date) -> bool | None:
    """Whether volatility is high: a switch that one close after the other may turn. None: none did."""
    state: bool | None = None
    seen: list[float] = []
    for day, close in sorted(closes):
        if as_date(day) > on:
            break
        seen.append(close)
        five = seen[-5:]
        if close > 30 or (len(five) == 5 and min(five) > 25):
            state = True
        elif close < 20 or (len(five) == 5 and max(five) < 25):
            state = False
    return state


def is_high(book: Book) -> bool:
    """As the book says, or as its closes do."""
    said = book.get("market", {}).get("environment")
    if said is not None:
        return bool(said == "high_volatility")
    rows = book.get("tables", {}).get("vix", [])
    found = turned_high([(row["date"], float(row["close"])) for row in rows], as_date(book["on"]))
    assert found is not None
    return found


def slide_of(book: Book, contract: Contract) -> Range:
    """How far a class group is moved: the schedule, the rule, or what the broker says of a name; earnings."""
    on = as_date(book["on"])
    row = class_row(book, contract)
    stock = row.get("kind") == "stock"
    if row.get("small_cap_biotech"):
        down, up = BIOTECH
    elif stock:
        down, up = (OLDER_SLIDES if on < NEWER else SLIDES)["equity"]
    elif on < NEWER:
        down, up = OLDER_SLIDES["index"]
    else:
        down, up = WILD_INDEX if is_high(book) else SLIDES["index"]
    rule_down, rule_up = RANGES[product_group_of(book, class_group_of(book, contract.underlying))]
    down = min(down, rule_down, -float(str(row.get("extended_fall", 0))))
    up = max(up, rule_up, float(str(row.get("extended_rise", 0))))
    if (stock or row.get("small_cap_biotech")) and "reports_on" in row:
        days = (as_date(str(row["reports_on"])) - on).days
        if 0 <= days <= EARNINGS_DAYS:
            down, up = down * EARNINGS_WIDENING, up * EARNINGS_WIDENING
    return down, up


def uncovered_minimum(book: Book, positions: Sequence[Position], underlying: str) -> float:
    """A share of what uncovered short options on an underlying would deliver."""
    calls = puts = shares = 0.0
    for position in positions:
        contract = position.contract
        if contract.underlying != underlying:
            continue
        units = position.quantity * contract.multiplier
        if contract.kind == "share":
            shares += units
        elif contract.kind == "option" and contract.right == "call":
            calls += units
        elif contract.kind == "option":
            puts += units
    uncovered = 0.0
    if calls < 0:
        uncovered += max(0.0, -calls - max(shares, 0.0))
    if puts < 0:
        uncovered += max(0.0, -puts - max(-shares, 0.0))
    share = float(underlying_of(book, underlying).get("uncovered_share", UNCOVERED_SHARE))
    return uncovered * spot_of(book, underlying) * share


def is_not_concentrated(book: Book, positions: Sequence[Position], equity: float, steps: int) -> bool:
    """No underlying loses more in its expected range than 150% of the equity, or 50,000 more than it."""
    ranges = {
        row["id"]: (-float(row["expected_fall"]), float(row["expected_rise"])) for row in book["underlyings"]
    }
    by_name = totals(
        book, positions, lambda c: spread(ranges[c.underlying]), lambda contract: contract.underlying, steps
    )
    most = max((worst(vector)[0] for vector in by_name.values()), default=0.0)
    return to_cents(most) <= to_cents(min(1.5 * equity, equity + 50_000.0))


def tastytrade_margin(book: Book, *, steps: int = STEPS) -> dict[str, TastytradeResult]:
    """Every listed account."""
    base = cpm_margin(book, steps=steps)
    held = net_positions(book)
    results = {}
    for account in account_ids(book):
        mine = [position for position in held if position.account == account]
        groups = group_losses(
            book, mine, lambda c: spread(slide_of(book, c), leverage=leverage_of(book, c)), steps
        )
        alternatives: dict[str, float] = {}
        for name in {position.contract.underlying for position in mine}:
            contract = next(p.contract for p in mine if p.contract.underlying == name)
            group = outermost(book, contract)
            alternatives[group] = alternatives.get(group, 0.0) + uncovered_minimum(book, mine, name)
        house = sum(max(group.loss, group.floor, alternatives[group.name]) for group in groups)
        results[account] = TastytradeResult(
            account,
            max(base[account].maintenance, house),
            base[account].maintenance,
            sum(alternatives.values()),
            *conditions(book, mine, account, steps),
        )
    return results


def conditions(
    book: Book, positions: Sequence[Position], account: str, steps: int
) -> tuple[dict[str, bool | None], tuple[str, ...]]:
    """What asks for an account's equity: nothing is known of it where the book gives none."""
    equity = equity_of(book, account)
    if equity is None:
        return dict.fromkeys(("opening_equity", "minimum_equity", "not_concentrated")), ()
    known = all("expected_fall" in row and "expected_rise" in row for row in book["underlyings"])
    eligible: dict[str, bool | None] = {
        "opening_equity": equity >= OPENING_EQUITY,
        "minimum_equity": equity >= MINIMUM_EQUITY,
        "not_concentrated": is_not_concentrated(book, positions, equity, steps) if known else None,
    }
    below = {"downgrade": MINIMUM_EQUITY, "closing_only": CLOSING_EQUITY}
    return eligible, tuple(name for name, least in below.items() if equity < least)
