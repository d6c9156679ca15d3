"""The partial order of levels: from which level each member has exactly one parent at which other.

`position -> instrument -> underlying` and `position -> class_group -> account` are both chains of it. Going
towards the parent is reading (silent); going the other way is a reduction (said).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmdsl.plan.nodes import Level

SCALAR = ""
BASE_LEVELS: tuple[Level, ...] = (
    Level(SCALAR, "scalar"),
    Level("account", "account"),
    Level("underlying", "entity"),
    Level("instrument", "entity"),
    Level("position", "table"),
)
BASE_PARENTS: Mapping[str, tuple[str, ...]] = {
    SCALAR: (),
    "account": (SCALAR,),
    "underlying": (SCALAR,),
    "instrument": ("underlying",),
    "position": ("instrument", "account"),
}


@dataclass
class Order:
    """The levels declared so far and their direct parents; grows while a program is elaborated."""

    levels: dict[str, Level] = field(default_factory=lambda: {level.name: level for level in BASE_LEVELS})
    parents: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(BASE_PARENTS))

    def add(self, level: Level, parents: tuple[str, ...]) -> None:
        self.levels[level.name] = level
        self.parents[level.name] = parents

    def link(self, fine: str, coarse: str) -> None:
        """Record that each member of the first level has one parent at the second."""
        if coarse not in self.parents[fine]:
            self.parents[fine] = (*self.parents[fine], coarse)

    def above(self, level: str) -> set[str]:
        """The level and everything reachable from it by reading."""
        seen = {level}
        queue = [level]
        while queue:
            for parent in self.parents[queue.pop()]:
                if parent not in seen:
                    seen.add(parent)
                    queue.append(parent)
        return seen

    def reads(self, fine: str, coarse: str) -> bool:
        """Whether a value at `coarse` may be used at `fine` in silence."""
        return fine == coarse or coarse in self.parents[fine] or coarse in self.above(fine)

    def join(self, left: str, right: str) -> str | None:
        """The coarsest level at which both may be used; None where there is none or more than one."""
        if self.reads(left, right):
            return left
        if self.reads(right, left):
            return right
        below = [name for name in self.levels if self.reads(name, left) and self.reads(name, right)]
        tops = [
            name for name in below if not any(other != name and self.reads(name, other) for other in below)
        ]
        return tops[0] if len(tops) == 1 else None

    def owned(self, level: str) -> bool:
        """Whether each member belongs to one account."""
        return self.reads(level, "account")
