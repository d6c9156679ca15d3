"""Proof: a table has a row for each of its cases on every day that the rule set covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from pmdsl.check import wording
from pmdsl.check.cover import Board, Hole, in_force, stretches
from pmdsl.check.gaps import open_keys
from pmdsl.check.periods import (
    DAY,
    Period,
    check_periods,
    is_reversed,
    report_hole,
    span_of_days,
    warn_outside,
)
from pmdsl.check.scope import Target
from pmdsl.check.sheets import Line
from pmdsl.diagnostics import Findings, Label
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.lower.tables import day
from pmdsl.syntax import ast

MOST_NAMED = 3


def check_dates(e: Elaborator, targets: Sequence[Target], findings: Findings) -> None:
    """The periods of rows, and the days on which a case has none."""
    check_covers(e, findings)
    for target in targets:
        check_rows(target, findings)
        for line, period in zip(target.sheet.lines, periods_of(target), strict=True):
            if period is not None:
                warn_outside(e, target.says, Period(line.begins, line.ends, line.span), findings)


def check_covers(e: Elaborator, findings: Findings) -> None:
    """A child speaks for no day that its parent is silent on."""
    covers = e.program.declared.get((ast.Covers, ""))
    if not isinstance(covers, ast.Covers) or e.program.base is None:
        return
    start, end = e.program.base.covers
    late = end is not None and (covers.end is None or covers.end > end)
    if covers.start < start or late:
        parent = e.program.base.declared.get((ast.Covers, ""))
        findings.add(
            "PM423",
            f"this covers days that `{e.program.base.name}` does not: it covers {span_of_days(start, end)}",
            covers.span,
            labels=[Label(parent.span, "the parent says so here")] if parent is not None else [],
            hint="cover no more days than the parent, whose values are inherited",
        )


# ---- tables ------------------------------------------------------------------------------------------------


def check_rows(target: Target, findings: Findings) -> None:
    """The periods of rows with equal keys, and the days on which cases have no row."""
    written = periods_of(target)
    board = target.board
    left_open = open_keys(target.sheet)
    for same in same_cases(target):
        found = [(i, period) for i in same if (period := written[i]) is not None]
        found.sort(key=lambda pair: pair[1].begins)
        check_periods(target.says, [period for _, period in found], findings)
        if left_open:
            report_pauses(target, board, [target.sheet.lines[i] for i, _ in found], findings)
    reversed_ = any(period is not None and is_reversed(period) for period in written)
    if (
        not reversed_
        and isinstance(target.declared, ast.TableDecl)
        and target.declared.outside is None
        and target.declared.policy != "collect"
    ):
        report_partial(target, findings)


def periods_of(target: Target) -> list[Period | None]:
    """What each row says of its days; None where it says nothing."""
    found: list[Period | None] = []
    for row, span in zip(target.layout.rows, target.layout.spans, strict=True):
        start, end = day(row.get("from")), day(row.get("to"))
        found.append(Period(start or date.min, end, span) if start or end else None)
    return found


def same_cases(target: Target) -> Iterator[list[int]]:
    """The numbers of rows with equal key cells and conditions."""
    groups: dict[object, list[int]] = {}
    keys = [k for k in target.layout.rows[0] if k in target.layout.keys] if target.layout.rows else []
    for number, row in enumerate(target.layout.rows):
        groups.setdefault(tuple(row.get(key) for key in (*keys, "when")), []).append(number)
    return iter(groups.values())


def report_pauses(target: Target, board: Board, lines: Sequence[Line], findings: Findings) -> None:
    """Days between two rows of equal keys on which no other row takes their cases.

    Keys from outside have no other proof.
    """
    for before, after in pairwise(lines):
        if before.ends >= date.max or before.ends < before.begins or before.ends + DAY >= after.begins:
            continue
        pause = Hole(before.ends + DAY, after.begins - DAY, {})
        limits = {d: bits for d, bits in before.cells.items() if d in board.plain}
        inside = [day for day, _ in stretches(target.sheet) if pause.begins <= day <= pause.ends]
        if any(
            board.holes(case.possibly & in_force(target.sheet, day), limits)
            for day in inside
            for case in board.cases
        ):
            labels = [Label(before.span, "ends before"), Label(after.span, "begins after")]
            report_hole(
                f"{target.says} has no row like these two",
                pause,
                target.sheet.covers,
                target.span,
                labels,
                findings,
            )


def report_partial(target: Target, findings: Findings) -> None:
    """Cases that have a row on some of the days that are covered and none on others."""
    covers = target.sheet.covers
    holes = [hole for hole in target.gaps.holes if (hole.begins, hole.ends) != covers]
    for hole in holes[:MOST_NAMED]:
        missing = wording.case(hole.cells, target.sheet.dimensions)
        what = f"{target.says} has no row where {missing}" if missing else f"{target.says} has no row"
        report_hole(what, hole, covers, target.span, list(neighbours(target, hole)), findings)


def neighbours(target: Target, hole: Hole) -> Iterator[Label]:
    """The rows that take the cases of a hole just before it and just after it."""
    lines = [
        line
        for line in target.sheet.lines
        if all(bits & hole.cells.get(d, bits) for d, bits in line.cells.items())
    ]
    before = [line for line in lines if line.ends < hole.begins]
    after = [line for line in lines if line.begins > hole.ends]
    if before:
        yield Label(max(before, key=lambda line: line.ends).span, "ends before")
    if after:
        yield Label(min(after, key=lambda line: line.begins).span, "begins after")
