"""The inputs of a pairing at one point of its axes, by what they are, and which of their cells matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.index import Matches
from pmdsl.engine.kernels.site import Site, filled
from pmdsl.engine.pairing import Pool, Scan, room
from pmdsl.engine.words import Array, Codes, Number, Truth
from pmdsl.plan.nodes import Level, Pattern

Point = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Inputs:
    """The values of the inputs at a point: R rows of matches, P positions, W slots.

    `at` has for each input the values at that point, with one dimension for each axis that the node loses.
    """

    site: Site
    block: Block
    at: tuple[Any, ...]

    @property
    def params(self) -> Mapping[str, Any]:
        return self.site.params

    @property
    def level(self) -> Level:
        return self.site.plan.levels[self.site.node.level]

    @property
    def matches(self) -> Matches:
        return self.block.index.matches(self.level.name)

    @cached_property
    def pattern(self) -> Codes:
        """The number of the pattern of each row, -1 for none. Shape (R,)."""
        low, high = self.block.span(self.level.name)
        return self.matches.pattern[low:high]

    @cached_property
    def slots(self) -> Codes:
        """The positions of each row. Shape (R, W)."""
        return self.block.slots(self.level.name)

    @property
    def group(self) -> Codes:
        """The group of each row. Shape (R,)."""
        return self.block.parent(self.level.name, self.level.within)

    @property
    def home(self) -> Codes:
        """The group of each position, below zero for none. Shape (P,)."""
        return self.block.parent(self.level.of, self.level.within)

    def row(self, place: int) -> Array:
        """An input with one value a match. Shape (R,)."""
        value = self.at[place]
        return filled(value, len(self.pattern)).reshape(len(self.pattern))

    @cached_property
    def held(self) -> Number:
        """Shape (P,)."""
        value = self.at[self.params["held"]]
        found: Number = filled(value, len(self.home)).reshape(len(self.home))
        return found

    def of_patterns(self, which: Callable[[Pattern], bool]) -> Truth:
        """The rows of the patterns for which a function is true. Shape (R,)."""
        known = [which(pattern) for pattern in self.level.patterns]
        return np.array([*known, False])[self.pattern]

    @cached_property
    def single(self) -> Truth:
        """The rows of one slot that are in no pool. Shape (R,)."""
        return self.of_patterns(is_single)

    @cached_property
    def possible(self) -> Truth:
        """The rows of patterns that may be used, of positions that are held. Shape (R,)."""
        held = (self.slots < 0) | (self.held[np.maximum(self.slots, 0)] != 0)
        found: Truth = self.of_patterns(lambda p: p.name in self.params["allowed"]) & held.all(axis=1)
        return found

    @cached_property
    def admitted(self) -> Truth:
        """Those of them that are admitted. Shape (R,)."""
        place = self.params["admitted"]
        return self.possible if place < 0 else self.possible & (self.row(place) == 1)

    @cached_property
    def taken(self) -> Number:
        """Contracts of each slot in one match, NaN for no slot. Shape (R, W)."""
        found = np.full(self.slots.shape, np.nan)
        for slot, place in enumerate(self.params["taken"]):
            found[:, slot] = np.where(self.slots[:, slot] >= 0, self.row(place), np.nan)
        return found

    @cached_property
    def usable(self) -> Truth:
        """The rows for which what is held is enough: of one slot for a part, of several once. Shape (R,)."""
        held = self.held[np.maximum(self.slots, 0)]
        with np.errstate(invalid="ignore", divide="ignore"):
            short = (self.slots >= 0) & (room(held / self.taken) < 1) & ~self.single[:, None]
        return self.admitted & ~short.any(axis=1)

    @cached_property
    def placed(self) -> Truth:
        """The usable rows, those of pools where they are members: alone they would balance nothing."""
        inside = ~self.of_patterns(lambda pattern: pattern.pool)
        for number in range(len(self.params["pools"])):
            inside |= self.members(number)
        found: Truth = self.usable & inside
        return found

    def members(self, number: int) -> Truth:
        """The rows of a pool; of one that is balanced, where both sides are there. Shape (R,)."""
        pool = self.params["pools"][number]
        sides = [self.usable & self.of_patterns(named(pool[side])) for side in ("long", "short")]
        if not pool["balanced"]:
            return sides[0] | sides[1]
        group = self.pool_group(number)
        both = np.ones(self.block.size(pool["level"]), dtype=bool)
        for side in sides:
            both &= np.bincount(group[side & (group >= 0)], minlength=len(both)) > 0
        kept = np.append(both, True)[np.maximum(group, -1)]
        found: Truth = (sides[0] | sides[1]) & kept
        return found

    def pool_group(self, number: int) -> Codes:
        """The group of a pool that each row is in, below zero for none. Shape (R,)."""
        return self.block.parent(self.level.name, self.params["pools"][number]["level"])

    def pool(self, number: int) -> Pool:
        """A pool as a question has it."""
        pool = self.params["pools"][number]
        return Pool(
            group=np.where(self.members(number), self.pool_group(number), -1),
            long=self.of_patterns(named(pool["long"])),
            short=self.of_patterns(named(pool["short"])),
            size=self.row(pool["size"]),
            balanced=tuple(self.row(place) for place in pool["balanced"]),
            same=tuple(self.row(place) for place in pool["same"]),
            bound=None if pool["bound"] < 0 else self.row(pool["bound"]),
            upward=pool["op"] == "ge",
        )

    def scan(self, place: int, number: int) -> Scan:
        """A worst case as a question has it, at the points that are no padding."""
        axis = self.params["axes"][str(place)]
        value = filled(self.at[place], len(self.pattern))
        values = flat(value)
        real = np.ones(values.shape, dtype=bool)
        if self.site.plan.axes[axis].kind == "distinct":
            real = self.block.real_points(axis, self.level.name) == 1
        counts = [k for k, o in enumerate(self.params["objectives"]) if place in o["scans"]]
        return Scan(number, tuple(counts), np.broadcast_to(values, real.shape), real)

    def scans(self) -> Iterator[tuple[int, Scan]]:
        """All worst cases, each with the place of its input."""
        for number, pool in enumerate(self.params["pools"]):
            for place in pool["scans"]:
                yield place, self.scan(place, number)

    def mattering(self) -> Iterator[tuple[int, Any]]:
        """Places of inputs at the level of the matches, each with the rows (R,) or cells that matter."""
        if self.params["admitted"] >= 0:
            yield self.params["admitted"], self.possible
        for slot, place in enumerate(self.params["taken"]):
            yield place, self.admitted & (self.slots[:, slot] >= 0)
        for objective in self.params["objectives"]:
            yield objective["linear"], self.usable
        for number, pool in enumerate(self.params["pools"]):
            members = self.members(number)
            bound = (pool["bound"],) if pool["bound"] >= 0 else ()
            for place in (pool["size"], *pool["balanced"], *pool["same"], *bound):
                yield place, members
        for place, scan in self.scans():
            yield place, scan.real & self.members(scan.pool)[:, None]


def is_single(pattern: Pattern) -> bool:
    """Whether a pattern takes a position by itself."""
    return len(pattern.slots) == 1 and not pattern.pool


def named(name: str) -> Callable[[Pattern], bool]:
    """Whether a pattern has a name."""
    return lambda pattern: pattern.name == name


def flat(x: Any) -> Any:
    """All axes of a value as one. Shapes (rows, ...) -> (rows, cells)."""
    return x.reshape(len(x), int(np.prod(x.shape[1:])))


def inputs_at(site: Site, block: Block, xs: list[Any], point: Point) -> Inputs:
    """The inputs at one point of the node's axes, lined up over the frame of axes as kernels get them."""
    index = dict(zip(site.node.axes, point, strict=True))
    found = []
    for x in xs:
        where = [index.get(axis, slice(None)) for axis in site.frame]
        fixed = [0 if isinstance(w, int) and x.shape[d] == 1 else w for d, w in enumerate(where, start=1)]
        found.append(x[(slice(None), *fixed)])
    return Inputs(site, block, tuple(found))
