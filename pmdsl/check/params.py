"""Proof: on every day that a rule set covers each of its parameters has one value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from pmdsl.check.cover import Hole
from pmdsl.check.periods import DAY, Period, check_periods, is_reversed, report_hole, warn_outside
from pmdsl.check.scope import first_line, is_own, place_of
from pmdsl.diagnostics import Findings, Label
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.syntax import ast


def check_params(e: Elaborator, findings: Findings) -> None:
    """The parameters that the rule set declares or overrides."""
    for param in e.program.all(ast.Param):
        if is_own(e, param):
            check_param(e, param, findings)


def check_param(e: Elaborator, param: ast.Param, findings: Findings) -> None:
    """The segments of a parameter."""
    name = f"`{param.name}`"
    written = [Period(segment.start, segment.end, segment.span) for segment in param.segments]
    for before, after in pairwise(written):
        if after.begins < before.begins:
            findings.add(
                "PM417",
                f"the values of {name} are not in the order of their dates",
                first_line(after.span),
                labels=[Label(first_line(before.span), "this one begins later")],
                hint="write the earliest first; `pmdsl fmt` sorts them",
            )
    ordered = sorted(written, key=lambda period: period.begins)
    check_periods(name, ordered, findings)
    for before, after in pairwise(ordered):
        if before.begins == after.begins:
            findings.add(
                "PM416",
                f"{name} is given two values from {after.begins}",
                first_line(after.span),
                labels=[Label(first_line(before.span), "the other one")],
                hint="keep one of them, or let one begin on another day",
            )
    for period in written:
        warn_outside(e, name, period, findings)
    twice = len({period.begins for period in written}) < len(written)
    if not twice and not any(is_reversed(period) for period in written):
        report_silence(e, param, ordered, findings)


def report_silence(e: Elaborator, param: ast.Param, ordered: Sequence[Period], findings: Findings) -> None:
    """The days inside `covers` on which no segment holds."""
    start, end = e.program.covers[0], e.program.covers[1] or date.max
    for before, after in pairwise([None, *ordered, None]):
        begins, ends = silence(before, after, start, end)
        if begins > ends:
            continue
        labels = [
            Label(first_line(p.span), text)
            for p, text in ((before, "ends before"), (after, "begins after"))
            if p
        ]
        hole = Hole(begins, ends, {})
        report_hole(f"`{param.name}` has no value", hole, (start, end), place_of(param), labels, findings)


def silence(before: Period | None, after: Period | None, start: date, end: date) -> tuple[date, date]:
    """The covered days between two periods that follow each other.

    The first after the last where there are none.
    """
    begins, ends = start, end
    if before is not None:
        if before.ends is None or before.ends >= end:
            return date.max, date.min
        begins = max(start, before.ends + DAY)
    if after is not None:
        if after.begins <= start:
            return date.max, date.min
        ends = min(end, after.begins - DAY)
    return begins, ends
