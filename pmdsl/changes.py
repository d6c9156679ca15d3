"""Requirements against one another: of the same accounts under another rule set, or after some trades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pmdsl.plan.nodes import Plan, below
from pmdsl.result import Result

USUAL = "maintenance"


@dataclass(frozen=True)
class Change:
    """One requirement of one account before and after; None where it could not be had."""

    account: str
    requirement: str
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """How much more is required."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def saving(self) -> Decimal | None:
        """How much less is required."""
        return None if self.before is None or self.after is None else self.before - self.after

    @property
    def share(self) -> Decimal | None:
        """The change as a part of what was required before; None also where that was nothing."""
        return self.change / self.before if self.change is not None and self.before else None


@dataclass(frozen=True, eq=False)
class Versus:
    """Which requirement of a rule set is held against which of another one, on the same book.

    `names` are pairs as in `requirements`, several where they have sides; none where `apart` says why.
    """

    first: Result = field(repr=False)
    other: Result = field(repr=False)
    names: tuple[tuple[str, str], ...]
    apart: str = ""

    def changes(self, account: str) -> list[Change]:
        """What an account is asked by the first and by the other."""
        old, new = self.first[account].requirements, self.other[account].requirements
        return [Change(account, after, old[before], new[after]) for before, after in self.names]

    def totals(self, accounts: Sequence[str]) -> list[Change]:
        """The same of some accounts together, all of which could be answered."""
        rows = [self.changes(account) for account in accounts]
        return [added_up([row[place] for row in rows]) for place in range(len(self.names))] if rows else []


def versus(first: Result, other: Result) -> Versus:
    """The main requirements of two rule sets, side by side with the same side."""
    old, new = first.rules, other.rules
    before, after = main_requirement(old.plan), main_requirement(new.plan)
    if before is None or after is None:
        return Versus(first, other, (), f"{(old if before is None else new).name} requires nothing")
    if old.currency != new.currency:
        reason = f"{old.name} is in {old.currency} and {new.name} in {new.currency}"
        return Versus(first, other, (), f"{reason}: no saving between currencies")
    sides, others = sides_of(first, before), sides_of(other, after)
    if sides != others:
        reason = f"`{after}` of {new.name} has {told(others)}, and `{before}` of {old.name} has {told(sides)}"
        return Versus(first, other, (), reason)
    return Versus(first, other, tuple((before + side, after + side) for side in sides))


def main_requirement(plan: Plan) -> str | None:
    """The requirement that stands for a rule set where two are compared; None where nothing is required.

    It is `maintenance`, or the last one where that is made from it, as an overlay's; the last where there is
    no `maintenance`.
    """
    found = [output for output in plan.outputs if output.kind == "requirement"]
    if not found:
        return None
    usual = next((output for output in found if output.name == USUAL), found[-1])
    return (found[-1] if usual.node in below(plan.nodes, found[-1].node) else usual).name


def sides_of(result: Result, name: str) -> list[str]:
    """What follows a requirement's name for each of its sides: `.call`; one empty text where it has none."""
    first = next(iter(result), None)
    names = result[first].requirements if first is not None else {}
    return [key[len(name) :] for key in names if key == name or key.startswith(f"{name}.")]


def told(sides: Sequence[str]) -> str:
    words = [side.removeprefix(".") for side in sides if side]
    return f"the sides {', '.join(words)}" if words else "none"


def answered(compared: Sequence[Versus], accounts: Sequence[str]) -> list[str]:
    """The accounts of which every compared requirement could be had."""
    return [
        name
        for name in accounts
        if all(change.change is not None for found in compared for change in found.changes(name))
    ]


def added_up(changes: Sequence[Change]) -> Change:
    """Some changes of one requirement as one, of no account."""
    before = sum((change.before for change in changes if change.before is not None), Decimal(0))
    after = sum((change.after for change in changes if change.after is not None), Decimal(0))
    return Change("", changes[0].requirement, before, after)
