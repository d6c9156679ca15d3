"""Stretches of days with a value: how they follow each other, and the days that they leave without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from pmdsl.check import wording
from pmdsl.check.cover import Hole
from pmdsl.check.scope import first_line
from pmdsl.diagnostics import Findings, Label
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.source import Span

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A stretch of days as written, with its place."""

    begins: date
    ends: date | None
    span: Span


def is_reversed(period: Period) -> bool:
    """Whether a period ends before it begins."""
    return period.ends is not None and period.ends < period.begins


def check_periods(name: str, ordered: Sequence[Period], findings: Findings) -> None:
    """Periods of one value.

    Each ends after it begins, and before the next begins where it says when it ends.
    """
    for period in ordered:
        if is_reversed(period):
            findings.add(
                "PM415",
                f"a value of {name} ends on {period.ends}, before it begins on {period.begins}",
                first_line(period.span),
                hint="both dates are inclusive: a value for one day has the same date twice",
            )
    for before, after in pairwise(ordered):
        alike = before.span.source is after.span.source
        if alike and before.ends is not None and before.begins < after.begins <= before.ends:
            findings.add(
                "PM418",
                f"a value of {name} is to hold to {before.ends}, and the next begins on {after.begins}",
                first_line(before.span),
                labels=[Label(first_line(after.span), "the next one")],
                hint=(
                    f"write `to {after.begins - DAY}`, or leave the end out: a later value "
                    "ends an earlier one"
                ),
            )


def warn_outside(e: Elaborator, name: str, period: Period, findings: Findings) -> None:
    """A value that holds on no day that is covered."""
    start, end = e.program.covers[0], e.program.covers[1] or date.max
    if period.begins > end or (period.ends is not None and period.begins <= period.ends < start):
        findings.add(
            "PM422",
            f"a value of {name} holds on no day that the rule set covers ({span_of_days(*e.program.covers)})",
            first_line(period.span),
            hint="remove it, or widen `covers`",
        )


def report_hole(
    what: str, hole: Hole, covers: tuple[date, date], span: Span, labels: list[Label], findings: Findings
) -> None:
    """Days without a value: at the beginning of what is covered, at its end, or between."""
    clipped = replace(hole, begins=max(hole.begins, covers[0]), ends=min(hole.ends, covers[1]))
    if clipped.begins > clipped.ends:
        return
    begins, ends = clipped.begins == covers[0], clipped.ends == covers[1]
    code = "PM420" if begins else "PM421" if ends else "PM419"
    hints = {
        "PM419": "say what holds in between: nothing resumes by itself",
        "PM420": "say what holds from the first day that is covered, or let `covers` begin later",
        "PM421": "say what holds afterwards, or end `covers` there",
    }
    findings.add(
        code, f"{what} {wording.days(clipped.begins, clipped.ends)}", span, labels=labels, hint=hints[code]
    )


def span_of_days(start: date, end: date | None) -> str:
    return f"{start} onward" if end is None else f"{start} to {end}"
