"""Measuring several contenders in one process, in turns, and what a goal makes of it.

A goal is a ratio within one run: both sides do the same work in the same process, one after the other in
every round, so that what else happens on the machine meets both. `others` says how many processors everything
else on the machine burned meanwhile. A module of benchmarks offers

    def rows(quick: bool = False) -> Iterator[Row]: ...

and `python -m benchmarks` prints them all. Where a peer is not installed it yields `missing(…)`.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter, process_time
from typing import Literal

Clock = Literal["wall", "processor"]

ROUNDS = 5
# The system counts in hundredths of a second: what is shorter than this says nothing of others.
COUNTED = 0.5
STAT = Path("/proc/stat")


@dataclass(frozen=True)
class Measured:
    """Medians of one contender in seconds: by the wall, and of the processor (all threads, ended children).

    `others` are the processors that other processes burned during the whole measurement, None where the
    machine does not say. `times` are the wall times of the rounds.
    """

    name: str
    wall: float
    processor: float
    others: float | None
    times: tuple[float, ...] = ()

    def seconds(self, clock: Clock) -> float:
        return self.wall if clock == "wall" else self.processor

    def per(self, count: float) -> Measured:
        """The same for one of `count` pieces of work."""
        return replace(
            self,
            wall=self.wall / count,
            processor=self.processor / count,
            times=tuple(t / count for t in self.times),
        )


@dataclass(frozen=True)
class Wanted:
    """What a goal asks: at least so many times faster than the peer, or at most so many times its cost."""

    bound: float
    at_most: bool = False

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:g}"


@dataclass(frozen=True)
class Row:
    """One line of the table. `ours` and `theirs` are in `unit`; None where they were not measured.

    The ratio is theirs / ours, so more is better, unless the goal says at most: then it is ours / theirs.
    `goal` is the number of the goal, empty for a figure that no goal is about.
    """

    goal: str
    what: str
    ours: float | None
    peer: str
    theirs: float | None
    wanted: Wanted | None = None
    note: str = ""
    unit: str = "s"
    others: float | None = None

    @property
    def ratio(self) -> float | None:
        if self.ours is None or self.theirs is None:
            return None
        at_most = self.wanted is not None and self.wanted.at_most
        up, down = (self.ours, self.theirs) if at_most else (self.theirs, self.ours)
        return up / down if down else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is no goal or no figure."""
        if self.wanted is None or self.ratio is None:
            return None
        return self.ratio <= self.wanted.bound if self.wanted.at_most else self.ratio >= self.wanted.bound


def at_least(times: float) -> Wanted:
    """The peer takes at least so many times our time."""
    return Wanted(times)


def at_most(times: float) -> Wanted:
    """We take at most so many times the peer's time."""
    return Wanted(times, at_most=True)


def against(
    goal: str,
    what: str,
    ours: Measured,
    theirs: Measured,
    wanted: Wanted | None,
    clock: Clock,
    note: str = "",
) -> Row:
    """The row of two contenders of one measurement."""
    times = ours.seconds(clock), theirs.seconds(clock)
    return Row(goal, what, times[0], theirs.name, times[1], wanted, note, others=ours.others)


def by_wall(goal: str, what: str, ours: Measured, theirs: Measured, wanted: Wanted | None) -> Row:
    """A row of wall times that says the ratio of processor times too: other work disturbs that one less."""
    note = f"{theirs.processor / ours.processor:#.3g} by processor time"
    return against(goal, what, ours, theirs, wanted, "wall", note)


def missing(goal: str, what: str, peer: str, install: str, wanted: Wanted | None = None) -> Row:
    """The row of a peer that is not installed."""
    return Row(goal, what, None, peer, None, wanted, f"not measured: pip install {install}")


def interleaved(
    contenders: Mapping[str, Callable[[], object]], rounds: int = ROUNDS, warm: int = 1
) -> dict[str, Measured]:
    """Medians of all contenders, each run once a round in turns after `warm` rounds that do not count.

    Every second round goes the other way round, so that none always follows the same one. What a contender
    returns is dropped before the next one runs.
    """
    names = list(contenders)
    wall: dict[str, list[float]] = {name: [] for name in names}
    spent: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(warm):
        for name in names:
            contenders[name]()
    with no_collector(), others_counted() as told:
        for number in range(rounds):
            gc.collect()
            for name in names if number % 2 == 0 else reversed(names):
                begun, busy = perf_counter(), own_seconds()
                contenders[name]()
                spent[name].append(own_seconds() - busy)
                wall[name].append(perf_counter() - begun)
    return {
        name: Measured(name, median(wall[name]), median(spent[name]), told.others, tuple(wall[name]))
        for name in names
    }


def repeated(call: Callable[[], object], times: int) -> Callable[[], None]:
    """A contender that calls a short one so many times: divide its figures with `Measured.per`."""

    def run() -> None:
        for _ in range(times):
            call()

    return run


@contextmanager
def no_collector() -> Iterator[None]:
    """No garbage collection inside of the block."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass
class Told:
    """What `others_counted` found, once its block has ended."""

    others: float | None = None


@contextmanager
def others_counted() -> Iterator[Told]:
    """Counts the processors that others burn while the block runs."""
    told = Told()
    begun, busy, own = perf_counter(), busy_seconds(), own_seconds()
    yield told
    after, passed = busy_seconds(), perf_counter() - begun
    if busy is not None and after is not None and passed > COUNTED:
        told.others = max(0.0, (after - busy) - (own_seconds() - own)) / passed


def busy_seconds() -> float | None:
    """Processor seconds of everything on the machine since it started; None where it does not say."""
    if not STAT.exists():
        return None
    user, nice, system, _, _, irq, softirq, *rest = map(int, STAT.read_text().split("\n", 1)[0].split()[1:])
    stolen = rest[0] if rest else 0
    return (user + nice + system + irq + softirq + stolen) / os.sysconf("SC_CLK_TCK")


def own_seconds() -> float:
    """Processor seconds of this process and its children that have ended."""
    children = getrusage(RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime
