"""Proof: every row of an ordered table is the first that fits for some case."""

from __future__ import annotations

from collections.abc import Sequence

from pmdsl.check import wording
from pmdsl.check.cover import Asked, Board, stretches
from pmdsl.check.scope import Target
from pmdsl.check.sheets import Line
from pmdsl.diagnostics import Findings, Label
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.syntax import ast

MOST_LABELS = 3


def check_masked(e: Elaborator, targets: Sequence[Target], findings: Findings) -> None:
    """Rows that never count.

    Of `first` tables, of the pricing table, of the cases of a pair; impossible rows of any table.
    """
    for target in targets:
        board = target.board
        for line in target.sheet.lines:
            if never_fits(board, line):
                report_impossible(target, line, findings)
            elif is_ordered(target) and is_masked(board, line):
                report_masked(target, board, line, findings)


def is_ordered(target: Target) -> bool:
    return not isinstance(target.declared, ast.TableDecl) or target.declared.policy == "first"


def never_fits(board: Board, line: Line) -> bool:
    """Whether no value fits a key cell, or the condition holds in no case."""
    if any(bits == 0 for bits in line.cells.values()):
        return True
    return board.exact and not any(taken >> line.number & 1 for case in board.cases for taken in case.takes)


def is_masked(board: Board, line: Line) -> bool:
    """Whether earlier rows take every case of a row, on every day that it is in force."""
    days = [begins for begins, _ in stretches(board.sheet) if line.begins <= begins <= line.ends]
    limits = {d: bits for d, bits in line.cells.items() if d in board.plain}
    for day in days:
        before = sum(
            1 << other.number
            for other in board.sheet.lines[: line.number]
            if other.begins <= day <= other.ends
        )
        if any(
            board.holes(rows & before, limits) for case in board.cases for rows in taking(board, case, line)
        ):
            return False
    return bool(days)


def taking(board: Board, case: Asked, line: Line) -> tuple[int, ...]:
    """For each case in which the row fits, the rows that fit it."""
    if not board.exact:
        return (case.surely,)
    return tuple(rows for rows in case.takes if rows >> line.number & 1)


def report_masked(target: Target, board: Board, line: Line, findings: Findings) -> None:
    """The row, and the earlier rows that take its cases."""
    takers = [other for other in board.sheet.lines[: line.number] if meets(board, other, line)]
    alone = [other for other in takers if is_alone(board, other, line)]
    named = alone[:1] or takers[:MOST_LABELS]
    findings.add(
        "PM413",
        f"{wording.row(line)} of {target.says} is never reached: earlier rows take every case of it",
        line.span,
        labels=[Label(other.span, "this row comes first") for other in named],
        hint="put the narrower row before the wider one, or remove the row",
    )


def meets(board: Board, other: Line, line: Line) -> bool:
    """Whether an earlier row takes some case of a row."""
    if max(other.begins, line.begins) > min(other.ends, line.ends):
        return False
    if not all(bits & other.cells.get(d, bits) for d, bits in line.cells.items()):
        return False
    both = 1 << other.number | 1 << line.number
    return any(rows & both == both for case in board.cases for rows in case.takes)


def is_alone(board: Board, other: Line, line: Line) -> bool:
    """Whether one earlier row by itself takes every case of a row."""
    limits = {d: bits for d, bits in line.cells.items() if d in board.plain}
    alone = 1 << other.number
    longer = other.begins <= max(line.begins, board.sheet.covers[0]) and other.ends >= min(
        line.ends, board.sheet.covers[1]
    )
    return longer and not any(
        board.holes(rows & alone, limits) for case in board.cases for rows in taking(board, case, line)
    )


def report_impossible(target: Target, line: Line, findings: Findings) -> None:
    for number, bits in line.cells.items():
        if bits == 0:
            dimension = target.sheet.dimensions[number]
            words = ", ".join(atom.says for atom in dimension.atoms)
            findings.add(
                "PM414",
                f"{wording.row(line)} of {target.says} fits nothing: no "
                f"`{dimension.name}` is what its cell says",
                line.span,
                hint=f"it can be {words}"
                if dimension.base == "text"
                else "a range runs from its lower to its higher end",
            )
            return
    findings.add(
        "PM414",
        f"{wording.row(line)} of {target.says} fits nothing: its condition never holds",
        line.span,
        hint="the condition contradicts itself or the row's key cells",
    )
