"""Customer portfolio margin in the United States, group by group, with loops.

Sources: FINRA Rule 4210(g); OCC, RBH and CPM User Guide; OCC, Customer Portfolio Margin; SEC Rule 15c3-1a.
Percentages of offset, the level at which the minimum bites and the spacing of an asymmetric range are not
settled by them: they are arguments here. Price moves (g)(2), minimum per contract (g)(7), equity (g)(4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.oracle.market import (
    Book,
    BookError,
    Position,
    account_ids,
    equity_of,
    net_positions,
    underlying_of,
)
from tests.oracle.netting import Vector, added, netted, worst
from tests.oracle.valuation import STEPS, market_price, value_after, value_now

Range = tuple[float, float]

# Scenario id: the share of the downward range and the share of the upward range. Five equal parts each
# side, no zero move.
GRID: Mapping[str, Range] = {
    "d5": (1.0, 0.0),
    "d4": (0.8, 0.0),
    "d3": (0.6, 0.0),
    "d2": (0.4, 0.0),
    "d1": (0.2, 0.0),
    "u1": (0.0, 0.2),
    "u2": (0.0, 0.4),
    "u3": (0.0, 0.6),
    "u4": (0.0, 0.8),
    "u5": (0.0, 1.0),
}

# Another reading of "equidistant points": eleven even moves from end to end, less the middle one.
ELEVEN_GRID: Mapping[str, Range] = {
    point: (1.0 - along, along)
    for point, along in zip(GRID, (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0), strict=True)
}

# FINRA Rule 4210(g)(2): how far down and how far up.
RANGES: Mapping[str, Range] = {
    "high_cap_index": (-0.08, 0.06),
    "broad_index": (-0.10, 0.10),
    "alone": (-0.15, 0.15),
}

# The share of a gain that pays for a loss: within the product group, and across product groups.
OFFSETS: Mapping[str, Range] = {
    "high_cap_index": (0.90, 0.75),
    "broad_index": (0.90, 0.75),
    "alone": (1.0, 1.0),
}

PORTFOLIO_GROUPS: Mapping[str, str] = {"high_cap_index": "indexes", "broad_index": "indexes"}
CONTRACT_MINIMUM = 0.375
MINIMUM_EQUITY = 100_000.0


@dataclass(frozen=True)
class GroupResult:
    """One outermost group: its amount, and what bound it: a point, `minimum`, or None where nothing did."""

    group: str
    alone: bool
    amount: float
    by: str | None
    scan: float
    floor: float
    vector: Vector


@dataclass(frozen=True)
class AccountResult:
    """The requirement of one account, unrounded, as the sum of its groups."""

    account: str
    maintenance: float
    groups: tuple[GroupResult, ...]
    eligible: bool | None
    messages: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Parameters:
    """The arguments of `cpm_margin`, carried together."""

    ranges: Mapping[str, Range]
    offsets: Mapping[str, Range]
    portfolios: Mapping[str, str]
    minimum: float
    minimum_at: str
    cap_long: bool
    security_futures: bool
    minimum_equity: float
    grid: Mapping[str, Range]
    steps: int


def class_group_of(book: Book, underlying: str) -> str:
    """An index, its funds, and all options and futures on either (RBH and CPM User Guide, class groups)."""
    return str(underlying_of(book, underlying).get("tracks", underlying))


def product_group_of(book: Book, class_group: str) -> str:
    """By the attributes of the index, or of its funds where the book lists no index: then they must agree."""
    described = [row for row in book["underlyings"] if row["id"] == class_group]
    if not described:
        described = [row for row in book["underlyings"] if row.get("tracks") == class_group]
    found = {(row.get("breadth", "narrow"), row.get("capitalization", "other")) for row in described}
    if len(found) != 1:
        raise BookError(f"the members of {class_group} do not agree on breadth and capitalization")
    breadth, capitalization = found.pop()
    if breadth != "broad":
        return "alone"
    return "high_cap_index" if capitalization == "high" else "broad_index"


def moves_of(book: Book, underlying: str, ranges: Mapping[str, Range], grid: Mapping[str, Range]) -> Vector:
    """The move at each point, times the leverage of the fund: an inverse fund rises where its index falls."""
    down, up = ranges[product_group_of(book, class_group_of(book, underlying))]
    leverage = float(underlying_of(book, underlying).get("leverage", 1.0))
    return {
        point: (down_part * down + up_part * up) * leverage for point, (down_part, up_part) in grid.items()
    }


def profit(book: Book, position: Position, moves: Vector, steps: int) -> Vector:
    """Gain (positive) or loss at each point: quantity x multiplier x (value there - value now)."""
    now = value_now(book, position.contract, steps)
    after = value_after(book, position.contract, moves, steps)
    size = position.quantity * position.contract.multiplier
    return {point: size * (after[point] - now) for point in moves}


def contract_floor(book: Book, position: Position, rules: Parameters) -> float:
    """FINRA Rule 4210(g)(7): per unit, long or short; a long option's is at most its market value.

    Options and, where asked for, security futures: those on an underlying that is not broad.
    """
    contract = position.contract
    broad = underlying_of(book, contract.underlying).get("breadth", "narrow") == "broad"
    security_future = contract.kind == "future" and not broad
    if contract.kind != "option" and not (security_future and rules.security_futures):
        return 0.0
    units = abs(position.quantity) * contract.multiplier
    if position.quantity > 0.0 and contract.kind == "option" and rules.cap_long:
        return min(units * rules.minimum, units * market_price(book, contract, rules.steps))
    return units * rules.minimum


def possible_bindings(group: GroupResult, tolerance: float = 0.005) -> set[str]:
    """Everything that binds to within `tolerance`: points and `minimum`. Empty where nothing is charged."""
    if group.amount <= tolerance:
        return set()
    points = {
        point for point, gain_or_loss in group.vector.items() if -gain_or_loss >= group.amount - tolerance
    }
    return points | ({"minimum"} if group.floor >= group.amount - tolerance else set())


def group_result(name: str, alone: bool, vector: Vector, floor: float, shortfall: float) -> GroupResult:
    """FINRA Rule 4210(g)(7): the greater of the worst loss and the minimum; never their sum.

    `shortfall` is nothing, unless the minimum is taken by class group: what its members lack of theirs.
    """
    scan, point = worst(vector)
    amount = max(scan, floor) + shortfall
    by = "minimum" if floor > scan or (scan == 0.0 and amount > 0.0) else point
    return GroupResult(name, alone, amount, by, scan, floor, vector)


def cpm_account(book: Book, account: str, positions: Sequence[Position], rules: Parameters) -> AccountResult:
    """One account: positions into class, product and portfolio groups, then their sum."""
    points = list(rules.grid)
    class_vectors: dict[str, list[Vector]] = {}
    class_floors: dict[str, float] = {}
    messages: list[str] = []
    for position in positions:
        underlying = position.contract.underlying
        moves = moves_of(book, underlying, rules.ranges, rules.grid)
        if any(move < -1.0 for move in moves.values()):
            messages.append(f"{underlying} would fall below zero and is held there")
        group = class_group_of(book, underlying)
        class_vectors.setdefault(group, []).append(profit(book, position, moves, rules.steps))
        class_floors[group] = class_floors.get(group, 0.0) + contract_floor(book, position, rules)

    # Outermost groups, a name that stands alone or a portfolio group: their product groups with members.
    members: dict[tuple[bool, str], dict[str, list[Vector]]] = {}
    floors: dict[tuple[bool, str], float] = {}
    shortfalls: dict[tuple[bool, str], float] = {}
    for class_group, vectors in class_vectors.items():
        vector, floor = added(vectors, points), class_floors[class_group]
        product_group = product_group_of(book, class_group)
        alone = product_group == "alone"
        key = (alone, class_group if alone else rules.portfolios[product_group])
        members.setdefault(key, {}).setdefault(product_group, []).append(vector)
        by_class = rules.minimum_at == "class_group"
        floors[key] = floors.get(key, 0.0) + (0.0 if by_class else floor)
        lacking = max(0.0, floor - worst(vector)[0]) if by_class else 0.0
        shortfalls[key] = shortfalls.get(key, 0.0) + lacking

    groups: list[GroupResult] = []
    for key, product_groups in members.items():
        portfolio_vector = dict.fromkeys(points, 0.0)
        for product_group, vectors in product_groups.items():
            within, across = rules.offsets[product_group]
            product_vector = netted(vectors, points, within)
            credited = netted([product_vector], points, across)
            portfolio_vector = added([portfolio_vector, credited], points)
        groups.append(group_result(key[1], key[0], portfolio_vector, floors[key], shortfalls[key]))

    equity = equity_of(book, account)
    eligible = None if equity is None else equity >= rules.minimum_equity
    maintenance = sum(group.amount for group in groups)
    return AccountResult(account, maintenance, tuple(groups), eligible, tuple(dict.fromkeys(messages)))


def cpm_margin(
    book: Book,
    *,
    ranges: Mapping[str, Range] = RANGES,
    offsets: Mapping[str, Range] = OFFSETS,
    portfolios: Mapping[str, str] = PORTFOLIO_GROUPS,
    minimum: float = CONTRACT_MINIMUM,
    minimum_at: str = "portfolio_group",
    cap_long: bool = True,
    security_futures: bool = True,
    minimum_equity: float = MINIMUM_EQUITY,
    grid: Mapping[str, Range] = GRID,
    steps: int = STEPS,
) -> dict[str, AccountResult]:
    """Every listed account. Ranges are (down, up), offsets (within, across), grid points parts of a range."""
    minimums = (minimum, minimum_at, cap_long, security_futures, minimum_equity)
    rules = Parameters(ranges, offsets, portfolios, *minimums, grid, steps)
    held = net_positions(book)
    results = {}
    for account in account_ids(book):
        mine = [position for position in held if position.account == account]
        results[account] = cpm_account(book, account, mine, rules)
    return results
