"""The type of a value: what it holds, its unit, its level and its axes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pmdsl.types.units import NONE, Unit

# What messages call values of some units; the others are called as they are written.
SAID = {
    "number": "a plain number",
    "price": "a price",
    "contracts": "a number of contracts",
    "multiplier": "units per contract",
}


@dataclass(frozen=True)
class Type:
    """`base` is number, bool, date, moment, text or point.

    `kind` is the closed kind of a word, the axis of a point, the entity of an id, or "" for free text.
    `loose`: a bare 0 ("zero", fits every unit) or a money literal ("money", fits money per anything).
    `currency`: "" where there is no money in it, an ISO code, or "native" for the currency of the instrument.
    `partial`: the kind of instrument outside of which the value does not exist ("" everywhere).
    """

    base: str = "number"
    unit: Unit = NONE
    kind: str = ""
    level: str = ""
    axes: tuple[str, ...] = ()
    loose: str = ""
    currency: str = ""
    partial: str = ""

    def at(self, level: str, axes: tuple[str, ...]) -> Type:
        """The same type at another level with other axes."""
        return replace(self, level=level, axes=axes)

    def describe(self) -> str:
        """How a message names the type: `money`, `a plain number`, ``a word of `breadth` ``, `a date`."""
        if self.base == "number":
            return SAID.get(str(self.unit), str(self.unit))
        if self.base == "text":
            return f"a word of `{self.kind}`" if self.kind else "a text"
        point = f"a point of `{self.kind}`"
        return {"bool": "a condition", "date": "a date", "moment": "a moment", "point": point}[self.base]


def common_unit(left: Type, right: Type) -> Unit | None:
    """The unit that two numbers share, or None: bare 0 fits all, a money literal fits money per anything."""
    if left.unit == right.unit:
        return left.unit
    for loose, other in ((left, right), (right, left)):
        if loose.loose == "zero" or (loose.loose == "money" and other.unit.is_money):
            return other.unit
    return None
