"""Axes of distinct values: each group has points of its own, so nobody can ask which they are in general."""

from __future__ import annotations

from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.source import Span
from pmdsl.syntax import ast


def shared(e: Elaborator, name: str, but: str, span: Span, hint: str) -> bool:
    """Whether all groups have the same points of an axis; says what cannot be had where each has its own."""
    if e.axes[name].kind != "distinct":
        return True
    declared = e.program.get(ast.Scenarios, name)
    within = declared.content.within if declared and isinstance(declared.content, ast.Distinct) else "group"
    e.error("PM326", f"each {within} has points of its own on `{name}`: {but}", span, hint=hint)
    return False


def follow(e: Elaborator, name: str, span: Span) -> bool:
    """Whether the points of an axis follow one another, the same for all groups."""
    hint = "weigh the days of a history: `scenarios day from returns.date`"
    return shared(e, name, "none of them comes before another", span, hint)
