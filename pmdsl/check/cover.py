"""Which rows take which cases, and which cases none takes: exact, over atoms and days.

Cases of what conditions ask about are enumerated; keys that conditions do not ask about are split into the
classes that rows tell apart, so that a table over long lists costs no more than its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

from pmdsl.check.conditions import holds
from pmdsl.check.sheets import Line, Sheet

MOST_CASES = 4096
MOST_HOLES = 200
Box = tuple[int, ...]


@dataclass(frozen=True)
class Hole:
    """Cases that no row takes from one day to another.

    The bits of each dimension that is not taken as a whole.
    """

    begins: date
    ends: date
    cells: Mapping[int, int]


@dataclass(frozen=True)
class Asked:
    """A case of the free values that conditions ask about: the rows that take it, by cases of the others."""

    cells: Mapping[int, int]
    takes: tuple[int, ...]

    @property
    def possibly(self) -> int:
        """The rows that take it for some case of the others."""
        found = 0
        for rows in self.takes:
            found |= rows
        return found

    @property
    def surely(self) -> int:
        """The rows that take it whatever the others are."""
        found = -1
        for rows in self.takes:
            found &= rows
        return found


@dataclass
class Board:
    """A sheet made ready: `exact` where all cases of the conditions are enumerated."""

    sheet: Sheet
    plain: tuple[int, ...]
    cases: tuple[Asked, ...]
    exact: bool
    memo: dict[tuple[object, ...], tuple[Box, ...]] = field(default_factory=dict)

    def without(self, dropped: Iterable[int]) -> Board:
        """The board without keys that no condition asks about, as if every row took all of them."""
        left_out = set(dropped)
        return replace(self, plain=tuple(d for d in self.plain if d not in left_out), memo={})

    def holes(self, rows: int, limits: Mapping[int, int]) -> tuple[Box, ...]:
        """The boxes over the plain dimensions, inside the limits, that none of the rows takes."""
        return self.below(rows, 0, limits, tuple(limits.items()))

    def below(
        self, rows: int, depth: int, limits: Mapping[int, int], known: tuple[tuple[int, int], ...]
    ) -> tuple[Box, ...]:
        rest = self.plain[depth:]
        if not rows:
            return (tuple(limits.get(d, self.sheet.dimensions[d].every) for d in rest),)
        if not rest:
            return ()
        key = (rows, depth, known)
        if key not in self.memo:
            found: list[Box] = []
            for bits, taken in self.classes(rows, depth, limits):
                found.extend((bits, *box) for box in self.below(taken, depth + 1, limits, known))
                if len(found) > MOST_HOLES:
                    break
            self.memo[key] = tuple(found)
        return self.memo[key]

    def classes(self, rows: int, depth: int, limits: Mapping[int, int]) -> list[tuple[int, int]]:
        """The atoms of a dimension put together where the same rows take them: (atoms, rows)."""
        number = self.plain[depth]
        dimension = self.sheet.dimensions[number]
        narrowing = [
            (line.number, line.cells[number]) for line in members(self.sheet, rows) if number in line.cells
        ]
        groups: dict[int, int] = {}
        for atom in each(limits.get(number, dimension.every)):
            taken = rows
            for line_number, bits in narrowing:
                if not bits >> atom & 1:
                    taken &= ~(1 << line_number)
            groups[taken] = groups.get(taken, 0) | 1 << atom
        return [(bits, taken) for taken, bits in groups.items()]


def each(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, from the lowest up."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def members(sheet: Sheet, rows: int) -> Iterator[Line]:
    return (sheet.lines[i] for i in each(rows))


def board_of(sheet: Sheet) -> Board:
    """A board of all dimensions."""
    asked = list(sheet.asked)
    size = 1
    for number in asked:
        size *= len(sheet.dimensions[number].atoms)
    conditions = any(line.when is not None for line in sheet.lines)
    exact = not conditions or size <= MOST_CASES
    if not exact:
        asked = []
    plain = tuple(d for d in range(len(sheet.dimensions)) if d not in asked and d in sheet.keys)
    return Board(sheet, plain, cases_of(sheet, asked) if exact else blurred(sheet), exact)


def blurred(sheet: Sheet) -> tuple[Asked, ...]:
    """One case for all: rows with a condition may take it or not."""
    every = (1 << len(sheet.lines)) - 1
    sure = sum(1 << line.number for line in sheet.lines if line.when is None)
    return (Asked({}, (every, sure)),)


def cases_of(sheet: Sheet, asked: list[int]) -> tuple[Asked, ...]:
    """All cases of what conditions ask about; those of values that are not free are kept together."""
    free = [d for d in asked if sheet.dimensions[d].free]
    bound = [d for d in asked if not sheet.dimensions[d].free]
    found: list[Asked] = []
    for chosen in product(*(range(len(sheet.dimensions[d].atoms)) for d in free)):
        cells = dict(zip(free, chosen, strict=True))
        takes = tuple(
            rows_taking(sheet, {**cells, **dict(zip(bound, other, strict=True))})
            for other in product(*(range(len(sheet.dimensions[d].atoms)) for d in bound))
        )
        found.append(Asked({d: 1 << atom for d, atom in cells.items()}, takes))
    return tuple(found)


def rows_taking(sheet: Sheet, chosen: Mapping[int, int]) -> int:
    """The rows whose condition holds in a case and whose key cells accept it, as bits."""
    case = {sheet.dimensions[d].node: sheet.dimensions[d].atoms[atom] for d, atom in chosen.items()}
    found = 0
    for line in sheet.lines:
        accepts = all(line.cells.get(d, -1) >> atom & 1 for d, atom in chosen.items())
        if accepts and (line.when is None or holds(line.when, case, sheet.nodes)):
            found |= 1 << line.number
    return found


# ---- days --------------------------------------------------------------------------------------------------


def stretches(sheet: Sheet) -> list[tuple[date, date]]:
    """The days that the rule set covers, cut where a row comes into force or ends."""
    start, end = sheet.covers
    cuts = {start}
    for line in sheet.lines:
        after = line.ends + timedelta(days=1) if line.ends < date.max else None
        cuts |= {day for day in (line.begins, after) if day is not None and start < day <= end}
    ordered = sorted(cuts)
    ends = [day - timedelta(days=1) for day in ordered[1:]]
    return list(zip(ordered, [*ends, end], strict=True))


def in_force(sheet: Sheet, day: date) -> int:
    """The rows in force on a day, as bits."""
    return sum(1 << line.number for line in sheet.lines if line.begins <= day <= line.ends)
