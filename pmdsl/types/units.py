"""Units: quotients of money, contracts and units of the underlying, and whatever else a rule set counts in.

A quantity is in contracts, a multiplier in units per contract, a price in money per unit; their product is
money. Percent, factor and count have no dimension.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NAMED: Mapping[str, tuple[tuple[str, int], ...]] = {
    "money": (("money", 1),),
    "price": (("money", 1), ("unit", -1)),
    "contracts": (("contract", 1),),
    "multiplier": (("contract", -1), ("unit", 1)),
    "percent": (),
    "factor": (),
    "count": (),
    "years": (),
    "number": (),
}


@dataclass(frozen=True)
class Unit:
    """Powers of base units, sorted by name: money per contract is (("contract", -1), ("money", 1))."""

    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """The product (sign 1) or the quotient (sign -1) of two units."""
        total = dict(self.powers)
        for name, power in other.powers:
            total[name] = total.get(name, 0) + sign * power
        return Unit(tuple(sorted((name, power) for name, power in total.items() if power)))

    def root(self) -> Unit | None:
        """The square root, or None where a power is odd."""
        if any(power % 2 for _, power in self.powers):
            return None
        return Unit(tuple((name, power // 2) for name, power in self.powers))

    @property
    def is_money(self) -> bool:
        """Whether money stands in it once: money itself, a price, money per contract."""
        return ("money", 1) in self.powers

    def __str__(self) -> str:
        for name, powers in NAMED.items():
            if powers and tuple(sorted(powers)) == self.powers:
                return name
        above = [f"{name}^{power}" if power > 1 else name for name, power in self.powers if power > 0]
        below = [f"{name}^{-power}" if power < -1 else name for name, power in self.powers if power < 0]
        return (
            " ".join([" ".join(above) or "1", *(f"per {name}" for name in below)])
            if self.powers
            else "number"
        )


NONE = Unit()
MONEY = Unit(NAMED["money"])
PRICE = Unit(tuple(sorted(NAMED["price"])))
CONTRACTS = Unit(NAMED["contracts"])
MULTIPLIER = Unit(NAMED["multiplier"])


def unit_of(name: str, per: str | None) -> Unit | None:
    """The unit of a written type such as `money per contract`, or None where the name is no unit."""
    if name not in NAMED:
        return None
    unit = Unit(tuple(sorted(NAMED[name])))
    return unit.times(Unit(((per, 1),)), -1) if per else unit
