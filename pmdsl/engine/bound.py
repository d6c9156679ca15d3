"""A plan bound to one market: its part is worked out once, then any holdings can be run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pmdsl.diagnostics import Findings
from pmdsl.engine.answer import Answer
from pmdsl.engine.blocks import BLOCK_ROWS
from pmdsl.engine.inputs import Holdings
from pmdsl.engine.job import Job, Run, collect, job_for, resume, start
from pmdsl.engine.world import World
from pmdsl.plan.nodes import Output, Plan


@dataclass(eq=False)
class Bound:
    """A plan bound to a book's market. `findings` say what is wrong with the book as this plan reads it."""

    world: World
    jobs: dict[tuple[tuple[int, ...], bool], Job] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.world.plan

    @property
    def findings(self) -> Findings:
        return self.world.reader.findings

    def run(self, holdings: Holdings | None = None, rows: int = BLOCK_ROWS) -> Answer:
        """The answer for some holdings, the book's own by default, in blocks of about `rows` positions."""
        targets = tuple(out.node for out in self.plan.outputs)
        started = start(self.job(targets), holdings or Holdings.of(self.world.book))
        found = collect(started, targets, rows)
        accounts = started.index.size("account")
        values = {k: self._wide(out, found[out.node], accounts) for k, out in enumerate(self.plan.outputs)}
        return Answer(self, started, values)

    def _wide(self, out: Output, value: Any, accounts: int) -> Any:
        """A value for the whole run as one for each account; a report stays as it is."""
        if self.plan.nodes[out.node].level != "" or out.kind == "report":
            return value
        return np.broadcast_to(value, (accounts, *value.shape[1:]))

    def job(self, targets: Iterable[int], keep: bool = False) -> Job:
        """The job for some nodes; made once."""
        key = (tuple(dict.fromkeys(targets)), keep)
        if key not in self.jobs:
            self.jobs[key] = job_for(self.world, key[0], keep)
        return self.jobs[key]

    def again(self, run: Run, targets: Sequence[int], keep: bool = False) -> Run:
        """The same holdings for other nodes. `keep` keeps the value of every node."""
        return resume(self.job(targets, keep), run)
