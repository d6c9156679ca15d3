"""Circles: a declaration that is asked for while it is being worked out needs itself, which is said once."""

from __future__ import annotations

from collections.abc import Callable

from pmdsl.diagnostics import Label
from pmdsl.plan.lower.elaborator import Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.source import Span


def unless_busy(e: Elaborator, name: str, span: Span, make: Callable[[], Value | None]) -> Value | None:
    """What `make` gives; None, with a report, where `name` is being worked out already."""
    if any(busy == name for busy, _ in e.busy):
        report(e, name, span)
        return None
    e.busy.append((name, span))
    try:
        return make()
    finally:
        e.busy.pop()


def once(
    e: Elaborator, key: tuple[str, ...], name: str, span: Span, make: Callable[[], Value | None]
) -> Value | None:
    """What `make` gives, worked out at the first use."""
    if key not in e.memo:
        made = unless_busy(e, name, span, make)
        if any(busy == name for busy, _ in e.busy):
            return None  # the first use, further out, is not over
        e.memo[key] = made
    return e.memo[key]


def report(e: Elaborator, name: str, span: Span) -> None:
    """The circle, with the places at which each of its parts is needed."""
    names = [busy for busy, _ in e.busy]
    ring = [*names[names.index(name) :], name]
    places = [Label(place, f"`{busy}` is needed here") for busy, place in e.busy[names.index(name) :]]
    e.error(
        "PM217",
        f"`{name}` needs itself: {' -> '.join(ring)}",
        span,
        labels=places,
        hint="a rule set has no loops",
    )
