"""What is said beside the numbers: prices held at zero, sources that were read long ago."""

from __future__ import annotations

from datetime import timedelta

from pmdsl.diagnostics import Finding
from pmdsl.engine.job import Run
from pmdsl.engine.world import World

A_YEAR = timedelta(days=365)


def floored(world: World, run: Run, account: int) -> list[Finding]:
    """A note for each underlying of an account that some shock would take below zero."""
    if not world.floored or "position" not in run.index.levels:
        return []
    index = run.index
    first = index.first_rows("position")
    held = index.parent("position", "instrument")[int(first[account]) : int(first[account + 1])]
    named: dict[str, None] = {}
    for instrument in sorted(set(held.tolist()) & world.floored):
        under = int(index.parent("instrument", "underlying")[instrument])
        level, row = ("underlying", under) if under >= 0 else ("instrument", instrument)
        named[f"{level} {index.label(level, row)}"] = None
    return [
        Finding("PM724", f"a shock takes {name} below zero: its price is held at 0 there") for name in named
    ]


def stale(world: World) -> list[Finding]:
    """A warning where the valuation is more than a year after the newest source of the rules was read."""
    read_on, on = world.plan.newest_read_on, world.book.on
    if read_on is None or on - read_on <= A_YEAR:
        return []
    message = f"the newest source of `{world.plan.name}` was read on {read_on}, more than a year before {on}"
    return [Finding("PM725", message, hint="look whether its numbers still hold")]
