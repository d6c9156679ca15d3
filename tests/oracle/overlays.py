"""What the overlays of brokers have in common: a second revaluation of an account, under moves of their own.

Each position gets its own move at each point (and, where asked for, another volatility); gains and losses
then go through the three levels of customer portfolio margin, with the shares of gains of the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.cpm import (
    CONTRACT_MINIMUM,
    MINIMUM_EQUITY,
    OFFSETS,
    PORTFOLIO_GROUPS,
    RANGES,
    Parameters,
    Range,
    class_group_of,
    contract_floor,
    product_group_of,
)
from tests.oracle.market import Book, Contract, Position, spot_of, underlying_of
from tests.oracle.netting import Vector, added, netted, worst
from tests.oracle.valuation import option_value, shifted, terms_of, value_now, volatility_of

TENTHS: Mapping[str, Range] = {
    "down_100": (1.0, 0.0),
    "down_80": (0.8, 0.0),
    "down_60": (0.6, 0.0),
    "down_40": (0.4, 0.0),
    "down_20": (0.2, 0.0),
    "up_20": (0.0, 0.2),
    "up_40": (0.0, 0.4),
    "up_60": (0.0, 0.6),
    "up_80": (0.0, 0.8),
    "up_100": (0.0, 1.0),
}


@dataclass(frozen=True)
class Shock:
    """A move of the price of an underlying, and of volatility: by a part of it, and by an amount."""

    move: float = 0.0
    volatility_by: float = 0.0
    volatility_plus: float = 0.0


@dataclass(frozen=True)
class GroupLoss:
    """An outermost group: the worst of its points, and the minimum of its contracts under the rule."""

    name: str
    loss: float
    by: str | None
    floor: float
    vector: Vector


Shocks = Mapping[str, Shock]


def rules_of(steps: int) -> Parameters:
    """The rule as published, for what an overlay reads of it."""
    minimums = (CONTRACT_MINIMUM, "portfolio_group", True, True, MINIMUM_EQUITY)
    return Parameters(RANGES, OFFSETS, PORTFOLIO_GROUPS, *minimums, {}, steps)


def spread(ends: Range, grid: Mapping[str, Range] = TENTHS, leverage: float = 1.0) -> Shocks:
    """The points of a range (down, up), times the leverage of a fund."""
    down, up = ends
    return {point: Shock((part * down + rise * up) * leverage) for point, (part, rise) in grid.items()}


def leverage_of(book: Book, contract: Contract) -> float:
    """The factor of a fund, with its sign."""
    return float(underlying_of(book, contract.underlying).get("leverage", 1.0))


def class_row(book: Book, contract: Contract) -> Mapping[str, object]:
    """The row of what a class group is named after, or that of the underlying where the book lists none."""
    name = class_group_of(book, contract.underlying)
    listed = [row for row in book["underlyings"] if row["id"] == name]
    return listed[0] if listed else underlying_of(book, contract.underlying)


def value_under(book: Book, contract: Contract, shock: Shock, steps: int) -> float:
    """What one unit is worth after a shock."""
    if contract.kind != "option":
        return shifted(value_now(book, contract, steps), shock.move)
    sigma = max(0.0, volatility_of(book, contract, steps) * (1.0 + shock.volatility_by))
    sigma = max(0.0, sigma + shock.volatility_plus)
    spot = shifted(spot_of(book, contract.underlying), shock.move)
    return option_value(terms_of(book, contract, steps), spot, sigma)


def gains(book: Book, position: Position, shocks: Shocks, steps: int) -> Vector:
    """Gain (positive) or loss of a position at each point."""
    now = value_now(book, position.contract, steps)
    size = position.quantity * position.contract.multiplier
    return {
        point: size * (value_under(book, position.contract, shock, steps) - now)
        for point, shock in shocks.items()
    }


def totals(
    book: Book,
    positions: Sequence[Position],
    shocks_of: Callable[[Contract], Shocks],
    key_of: Callable[[Contract], str],
    steps: int,
) -> dict[str, Vector]:
    """The gains of all positions of one key together, at each point."""
    found: dict[str, Vector] = {}
    for position in positions:
        mine = gains(book, position, shocks_of(position.contract), steps)
        before = found.get(key_of(position.contract), dict.fromkeys(mine, 0.0))
        found[key_of(position.contract)] = added([before, mine], list(mine))
    return found


def group_losses(
    book: Book, positions: Sequence[Position], shocks_of: Callable[[Contract], Shocks], steps: int
) -> list[GroupLoss]:
    """The outermost groups of an account: class groups alone, and the portfolio group of the indexes."""
    by_class = totals(
        book, positions, shocks_of, lambda contract: class_group_of(book, contract.underlying), steps
    )
    floors: dict[str, float] = {}
    for position in positions:
        name = outermost(book, position.contract)
        floors[name] = floors.get(name, 0.0) + contract_floor(book, position, rules_of(steps))
    products: dict[tuple[str, str], list[Vector]] = {}
    for name, vector in by_class.items():
        product = product_group_of(book, name)
        key = (name, product) if product == "alone" else (PORTFOLIO_GROUPS[product], product)
        products.setdefault(key, []).append(vector)
    groups: dict[str, list[Vector]] = {}
    for (name, product), vectors in products.items():
        within, across = OFFSETS[product]
        points = list(vectors[0])
        groups.setdefault(name, []).append(netted([netted(vectors, points, within)], points, across))
    found = []
    for name, parts in groups.items():
        vector = added(parts, list(parts[0]))
        loss, by = worst(vector)
        found.append(GroupLoss(name, loss, by, floors[name], vector))
    return found


def outermost(book: Book, contract: Contract) -> str:
    """The outermost group of a contract."""
    name = class_group_of(book, contract.underlying)
    product = product_group_of(book, name)
    return name if product == "alone" else PORTFOLIO_GROUPS[product]
