"""A plan bound to one market: its part is worked out once, then any holdings can be run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np

from pmdsl.diagnostics import Findings
from pmdsl.engine.answer import Answer
from pmdsl.engine.blocks import Block
from pmdsl.engine.inputs import Holdings
from pmdsl.engine.job import Job, Run, collect, job_for, resume, same_levels, start, world_of
from pmdsl.engine.world import World
from pmdsl.plan.nodes import Output, Plan
from pmdsl.portfolio.book import Book


@dataclass(eq=False)
class Bound:
    """A plan bound to a book's market; threads may share it.

    `findings` say what is wrong with the book as this plan reads it.
    """

    world: World
    jobs: dict[tuple[tuple[int, ...], bool], Job] = field(default_factory=dict)
    making: Lock = field(default_factory=Lock, repr=False)

    @property
    def plan(self) -> Plan:
        return self.world.plan

    @property
    def findings(self) -> Findings:
        return self.world.reader.findings

    def under(self, book: Book) -> Bound:
        """The same plan and tables bound to the market of another book. Raises PmdslError."""
        old = self.world
        return Bound(world_of(old.plan, book, old.tables, old.engine, old.interner))

    @cached_property
    def targets(self) -> tuple[int, ...]:
        """The nodes of the outputs."""
        return tuple(out.node for out in self.plan.outputs)

    @cached_property
    def numbers(self) -> Mapping[tuple[str, str], int]:
        """The number of each output by its kind and name."""
        return {(out.kind, out.name): k for k, out in enumerate(self.plan.outputs)}

    def __repr__(self) -> str:
        return f"<Bound {self.world.plan.name} on {self.world.book.on}>"

    def run(self, holdings: Holdings | None = None, rows: int | None = None, threads: int = 1) -> Answer:
        """The answer for some holdings, the book's own by default, in blocks of about `rows` positions."""
        started = self._start(holdings)
        return self.answer(started, started.blocks(rows or started.rows(threads)), threads)

    def hold(self, holdings: Holdings | None = None) -> Held:
        """Holdings laid out once, to be run again and again, under this market or another one."""
        return Held(self, self._start(holdings))

    def _start(self, holdings: Holdings | None) -> Run:
        return start(self.job(self.targets), holdings or Holdings.of(self.world.book))

    def answer(self, started: Run, blocks: Iterable[Block], threads: int = 1) -> Answer:
        """The answer for holdings that are laid out."""
        found = collect(started, self.targets, blocks, threads)
        accounts = started.index.size("account")
        values = {k: self._wide(out, found[out.node], accounts) for k, out in enumerate(self.plan.outputs)}
        return Answer(self, started, values)

    def _wide(self, out: Output, value: Any, accounts: int) -> Any:
        """A value for the whole run as one for each account; a report stays as it is."""
        if self.plan.nodes[out.node].level != "" or out.kind == "report":
            return value
        return np.broadcast_to(value, (accounts, *value.shape[1:]))

    def job(self, targets: Iterable[int], keep: bool = False) -> Job:
        """The job for some nodes; made once. Whatever is worked out for the market is worked out here."""
        key = (tuple(dict.fromkeys(targets)), keep)
        found = self.jobs.get(key)
        if found is None:
            with self.making:
                found = self.jobs.get(key) or job_for(self.world, key[0], keep)
                self.jobs[key] = found
        return found

    def again(self, run: Run, targets: Sequence[int], keep: bool = False) -> Run:
        """The same holdings for other nodes. `keep` keeps the value of every node."""
        return resume(self.job(targets, keep), run)


@dataclass(frozen=True, eq=False)
class Held:
    """Holdings laid out under a market: sorted, grouped and cut into blocks that stay in the cache."""

    bound: Bound
    started: Run
    cuts: dict[bool, tuple[Block, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Held {self.started.holdings.accounts.size} accounts under {self.bound}>"

    def run(self, threads: int = 1) -> Answer:
        """The answer. Only the operations of the rules run; nothing is sorted or grouped again."""
        return self.bound.answer(self.started, self.blocks(threads), threads)

    def blocks(self, threads: int) -> tuple[Block, ...]:
        """Blocks for one thread or for several, cut when first asked for."""
        several = threads > 1
        if several not in self.cuts:
            self.cuts[several] = tuple(self.started.blocks(self.started.rows(threads)))
        return self.cuts[several]

    def under(self, book: Book) -> Held:
        """The same holdings in the market of another book, whose instruments are the same in the same order.

        Where their groups are the same too, as when only prices moved, the layout is kept.
        """
        bound = self.bound.under(book)
        job = bound.job(bound.targets)
        if not same_levels(self.started.job.index, job.index):
            return bound.hold(self.started.holdings)
        started = resume(job, self.started)
        index = started.index
        cuts = {
            several: tuple(replace(block, index=index, points={}) for block in blocks)
            for several, blocks in self.cuts.items()
        }
        return Held(bound, started, cuts)
