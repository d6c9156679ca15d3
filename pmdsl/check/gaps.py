"""The cases of a table that no row takes, put together into as few holes as they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pmdsl.check.cover import MOST_HOLES, Board, Hole, in_force, stretches
from pmdsl.check.dimensions import starts_at_zero
from pmdsl.check.sheets import Sheet


@dataclass(frozen=True)
class Gaps:
    """The holes of a table; `undecided` where a condition leaves it open whether there are more."""

    holes: tuple[Hole, ...]
    undecided: bool


def gaps_of(every: Board) -> Gaps:
    """The holes over everything that can be known before a run.

    Keys with values from outside are left to the run.
    """
    sheet = every.sheet
    board = every.without(open_keys(sheet))
    limits = {d: whole(sheet, d) for d in board.plain if whole(sheet, d) != sheet.dimensions[d].every}
    found: list[Hole] = []
    undecided = False
    for begins, ends in stretches(sheet):
        rows = in_force(sheet, begins)
        for case in board.cases:
            if not all(bits & whole(sheet, d) for d, bits in case.cells.items()):
                continue
            boxes = board.holes(case.possibly & rows, limits)
            found.extend(Hole(begins, ends, {**case.cells, **trimmed(board, box)}) for box in boxes)
            undecided = undecided or (
                not boxes and any(board.holes(taken & rows, limits) for taken in case.takes)
            )
        if len(found) > MOST_HOLES:
            break
    return Gaps(tuple(joined(sheet, found)), undecided)


def open_keys(sheet: Sheet) -> tuple[int, ...]:
    """The keys with values from outside, and numbers named one by one.

    What is not listed is an error of the run.
    """
    dimensions = sheet.dimensions
    return tuple(
        d for d in sheet.keys if d not in sheet.asked and (not dimensions[d].closed or dimensions[d].listed)
    )


def trimmed(board: Board, box: tuple[int, ...]) -> dict[int, int]:
    """A box without the dimensions that it takes as a whole."""
    pairs = zip(board.plain, box, strict=True)
    return {d: bits for d, bits in pairs if bits != whole(board.sheet, d)}


def whole(sheet: Sheet, number: int) -> int:
    """All atoms of a dimension that are meant: a key whose ranges begin at nought is never negative."""
    dimension = sheet.dimensions[number]
    never_negative = number in sheet.keys and starts_at_zero(dimension)
    return dimension.every & ~1 if never_negative else dimension.every


# ---- putting together --------------------------------------------------------------------------------------


def joined(sheet: Sheet, holes: Iterable[Hole]) -> list[Hole]:
    """Holes that differ in one dimension alone, or in their days alone, as one."""
    found = list(holes)
    for number in range(len(sheet.dimensions)):
        groups: dict[object, Hole] = {}
        for hole in found:
            same = without(hole, number)
            groups[same] = union(sheet, groups[same], hole, number) if same in groups else hole
        found = list(groups.values())
    return following(found)


def without(hole: Hole, number: int) -> object:
    return hole.begins, tuple(sorted((d, bits) for d, bits in hole.cells.items() if d != number))


def union(sheet: Sheet, left: Hole, right: Hole, number: int) -> Hole:
    bits = left.cells.get(number, -1) | right.cells.get(number, -1)
    cells = {d: b for d, b in left.cells.items() if d != number}
    if bits & whole(sheet, number) != whole(sheet, number):
        cells[number] = bits
    return replace(left, cells=cells)


def following(holes: Iterable[Hole]) -> list[Hole]:
    """Holes of the same cases on days that follow each other as one."""
    found: list[Hole] = []
    last: dict[object, int] = {}
    for hole in holes:
        same = tuple(sorted(hole.cells.items()))
        place = last.get(same)
        if (
            place is not None
            and found[place].ends < date.max
            and found[place].ends + timedelta(days=1) == hole.begins
        ):
            found[place] = replace(found[place], ends=hole.ends)
        else:
            last[same] = len(found)
            found.append(hole)
    return found
