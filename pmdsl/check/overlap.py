"""Proof: no two rows of a unique table fit the same case on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pmdsl.check import wording
from pmdsl.check.cover import Board, each
from pmdsl.check.scope import Target
from pmdsl.check.sheets import Line, Sheet
from pmdsl.diagnostics import Findings, Label
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.syntax import ast

MOST_NAMED = 5


def check_overlap(e: Elaborator, targets: Sequence[Target], findings: Findings) -> None:
    """Every unique table."""
    for target in targets:
        if isinstance(target.declared, ast.TableDecl) and target.declared.policy == "unique":
            check_target(target, findings)


def check_target(target: Target, findings: Findings) -> None:
    board = target.board
    found = 0
    for earlier, later in pairs(target.sheet):
        verdict = can_meet(board, earlier, later)
        if verdict is not None:
            report(target, earlier, later, verdict, findings)
            found += 1
        if found == MOST_NAMED:
            return


def report(target: Target, earlier: Line, later: Line, sure: bool, findings: Findings) -> None:
    """Both rows, and a case that both take."""
    sheet = target.sheet
    begins, ends = (
        max(earlier.begins, later.begins, sheet.covers[0]),
        min(earlier.ends, later.ends, sheet.covers[1]),
    )
    shared = wording.case(common(sheet, earlier, later), sheet.dimensions)
    case = f" where {shared}" if shared else ""
    findings.add(
        "PM411" if sure else "PM412",
        f"two rows of {target.says} {'fit' if sure else 'may fit'} the same case{case}, "
        f"{wording.days(begins, ends)}",
        later.span,
        labels=[Label(earlier.span, "this row fits it as well")],
        hint=(
            "make the rows exclude each other, or declare a `first table`, in which the "
            "first row that fits counts"
        ),
    )


def pairs(sheet: Sheet) -> Iterator[tuple[Line, Line]]:
    """The rows that accept a common value of each key, and are in force on a common day that is covered."""
    takers = [takers_of(sheet, number) for number in range(len(sheet.dimensions))]
    start, end = sheet.covers
    for line in sheet.lines:
        candidates = (1 << line.number) - 1
        for number, bits in line.cells.items():
            fitting = 0
            for atom in each(bits):
                fitting |= takers[number][atom]
            candidates &= fitting
        for other in (sheet.lines[i] for i in each(candidates)):
            if max(line.begins, other.begins, start) <= min(line.ends, other.ends, end):
                yield other, line


def takers_of(sheet: Sheet, number: int) -> list[int]:
    """For each atom of a dimension the rows that accept it, as bits."""
    found = [0] * len(sheet.dimensions[number].atoms)
    anyway = 0
    for line in sheet.lines:
        bits = line.cells.get(number)
        if bits is None:
            anyway |= 1 << line.number
            continue
        for atom in each(bits):
            found[atom] |= 1 << line.number
    return [rows | anyway for rows in found]


def common(sheet: Sheet, left: Line, right: Line) -> dict[int, int]:
    """The values of the keys that both rows accept."""
    found: dict[int, int] = {}
    for number, dimension in enumerate(sheet.dimensions):
        bits = left.cells.get(number, dimension.every) & right.cells.get(number, dimension.every)
        if bits != dimension.every:
            found[number] = bits
    return found


def can_meet(board: Board, left: Line, right: Line) -> bool | None:
    """Whether both conditions can hold in one case.

    True, None for never, False where it cannot be decided.
    """
    if left.when is None and right.when is None:
        return True
    both = 1 << left.number | 1 << right.number
    if not board.exact:
        return False
    if any(case.surely & both == both for case in board.cases):
        return True
    return False if any(taken & both == both for case in board.cases for taken in case.takes) else None
