"""The marks `stricter higher` and `stricter lower`: what they say, and whether they are well formed."""

from __future__ import annotations

from pmdsl.check.scope import is_own
from pmdsl.diagnostics import Findings, did_you_mean, listed
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.lower.tables import layout_of
from pmdsl.syntax import ast

DIRECTIONS = ("higher", "lower")


def mark_of(stricter: ast.Stricter | None, column: str | None) -> str | None:
    """The mark of a column, or of a parameter; None where it has none."""
    marks = dict(stricter.marks) if stricter is not None else {}
    found = marks.get(column, marks.get(None))
    return found if found in DIRECTIONS else None


def check_marks(e: Elaborator, findings: Findings) -> None:
    """The marks of the rule set's own parameters and tables."""
    for declared in e.program.declared.values():
        if not is_own(e, declared):
            continue
        if isinstance(declared, ast.Param) and declared.stricter is not None:
            check_directions(declared.stricter, [], f"`{declared.name}`", findings)
        elif (
            isinstance(declared, ast.TableDecl)
            and declared.body is not None
            and declared.body.stricter is not None
        ):
            columns = list(layout_of(declared).values)
            check_directions(declared.body.stricter, columns, f"`{declared.name}`", findings)


def check_directions(stricter: ast.Stricter, columns: list[str], says: str, findings: Findings) -> None:
    for column, direction in stricter.marks:
        if direction not in DIRECTIONS:
            findings.add(
                "PM505",
                f"`{direction}` is no mark: a value is stricter where it is higher or where it is lower",
                stricter.span,
                hint=did_you_mean(direction, DIRECTIONS) or "write `stricter higher` or `stricter lower`",
            )
        if column is not None and column not in columns:
            has = (
                f"its columns are {listed(columns)}"
                if columns
                else "it has no columns: write `stricter higher` alone"
            )
            findings.add(
                "PM505",
                f"{says} has no column `{column}`",
                stricter.span,
                hint=did_you_mean(column, columns, findings) or has,
            )
