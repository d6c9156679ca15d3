"""Proof: a table has a row for every case that can be known before a run."""

from __future__ import annotations

from collections.abc import Sequence

from pmdsl.check import wording
from pmdsl.check.cover import Hole
from pmdsl.check.scope import Target
from pmdsl.diagnostics import Findings
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.syntax import ast

MOST_NAMED = 3


def check_completeness(e: Elaborator, targets: Sequence[Target], findings: Findings) -> None:
    """Every table that must have a row for everything."""
    for target in targets:
        if must_be_complete(target.declared):
            check_target(target, findings)


def must_be_complete(declared: ast.Declaration) -> bool:
    """Rows given at run time come on top of those written.

    A model that is missing is an error of the instrument.
    """
    if isinstance(declared, ast.TableDecl):
        return declared.policy != "collect" and declared.outside is None
    return isinstance(declared, ast.PairDecl)


def check_target(target: Target, findings: Findings) -> None:
    """Holes on all days that are covered; those on some of the days are a matter of dates."""
    gaps = target.gaps
    lasting = [hole for hole in gaps.holes if is_lasting(hole, target)]
    for hole in lasting[:MOST_NAMED]:
        missing = wording.case(hole.cells, target.sheet.dimensions)
        message = f"{target.says} has no row where {missing}" if missing else f"{target.says} has no row"
        findings.add("PM409", message, target.span, hint=hint(target))
    if len(lasting) > MOST_NAMED:
        more = len(lasting) - MOST_NAMED
        findings.add(
            "PM409", f"{target.says} has no row for {more} more such cases", target.span, hint=hint(target)
        )
    if gaps.undecided and not lasting:
        findings.add(
            "PM410",
            f"whether some row of {target.says} always fits cannot be decided from its conditions",
            target.span,
            hint="end it with a row whose keys and `when` are `any`, which takes whatever is left",
        )


def is_lasting(hole: Hole, target: Target) -> bool:
    return (hole.begins, hole.ends) == target.sheet.covers


def hint(target: Target) -> str:
    if target.sheet.first:
        return "add a row for it, or end the table with a row whose keys and `when` are `any`"
    return (
        "add a row for it; `any` in a key cell takes every value, and no two rows of a "
        "unique table may both fit"
    )
