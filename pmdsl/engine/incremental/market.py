"""What instruments alone decide of a trade: their groups, and the values that no quantity enters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pmdsl.engine.alarm import arithmetic, without_infinities
from pmdsl.engine.incremental.calls import Local, local, one_input, run_local
from pmdsl.engine.incremental.scope import ACCOUNT, FOLDS, POSITION, Scope, scope_of
from pmdsl.engine.index import UNKNOWN, Index, agreed, key_of
from pmdsl.engine.job import Job
from pmdsl.engine.kernels.site import poison_of
from pmdsl.engine.owned import instrument_ranks
from pmdsl.engine.words import Codes, Truth
from pmdsl.plan.nodes import Node, Plan

# Of values no larger than this no product of a plan overflows; what is larger takes another way.
TAME = 1e30


@dataclass(frozen=True, eq=False)
class Market:
    """A plan's scope with what the market says about every instrument.

    `keys` has for each group of the chain the key of each instrument, `rank` the place of each instrument
    inside an account. Trades in instruments that are not `usable` are not followed: a group of theirs is not
    known, or its members may disagree about what the plan reads of them. `fixed` are the values of nodes that
    the instrument alone decides, a row for each instrument, of those nodes that others read.
    Shapes (instruments, ...). `folded` has the level that each fold takes.
    """

    job: Job
    scope: Scope
    keys: Mapping[str, Codes]
    rank: Codes
    usable: Truth
    fixed: Mapping[int, Any]
    locals: Mapping[int, Local]
    folded: Mapping[int, str]

    @property
    def plan(self) -> Plan:
        return self.scope.plan

    def constant(self, number: int) -> Any:
        """A value of the market that stands for all rows. Shape (1, ...)."""
        return self.job.values[number]

    @cached_property
    def tame(self) -> Truth:
        """The instruments whose values are of a usual size, and sound along points. Shape (instruments,)."""
        found = np.ones(len(self.rank), dtype=bool)
        for values in self.fixed.values():
            size = np.abs(values.reshape(len(found), -1)).max(axis=1, initial=0.0)
            found &= (size <= TAME) | (np.isnan(size) if values.ndim == 1 else False)
        return found

    @cached_property
    def reads(self) -> Mapping[int, int]:
        """How often a node is read by those that a trade can change, or as an output."""
        read = [i for n in self.scope.moved for i, _ in self.locals[n].inputs]
        return Counter([*read, *self.scope.targets])

    @property
    def nothing(self) -> bool:
        """Whether no trade can be followed."""
        return self.scope.why_not != ""


def market_of(job: Job, targets: tuple[int, ...]) -> Market:
    """The scope of some outputs and everything that it needs of a market."""
    scope = scope_of(job, targets)
    none = np.zeros(0, dtype=np.int64)
    if scope.why_not:
        return Market(job, scope, {}, none, none.astype(bool), {}, {}, {})
    names = scope.chain[1:-1]
    keys = {name: job.index.parent("instrument", key_of(scope.plan, name)) for name in names}
    locals_ = {n: local(job.world, scope, n) for n in (*scope.fixed, *scope.moved)}
    fixed = _fixed(job, scope, locals_)
    rank = instrument_ranks(job.index)
    usable = _usable(job, scope, keys)
    locals_.update((n, one_input(locals_[n])) for n in _plain(job, scope, fixed, usable))
    folded = {n: scope.folded(n) for n in scope.moved if scope.plan.nodes[n].op in FOLDS}
    return Market(job, scope, keys, rank, usable, fixed, locals_, folded)


def _plain(job: Job, scope: Scope, fixed: Mapping[int, Any], usable: Truth) -> Iterator[int]:
    """The nodes that hold every instrument to one currency, where every one of them has it."""
    for number in scope.moved:
        node = scope.plan.nodes[number]
        if node.op == "currency" and node.inputs[1] in fixed:
            wanted = job.world.interner.code(node.params["currency"])
            if (fixed[node.inputs[1]][usable] == wanted).all():
                yield number


def _usable(job: Job, scope: Scope, keys: Mapping[str, Codes]) -> Truth:
    """Instruments whose groups are known, and agree with all their possible members about what is read."""
    plan, index = scope.plan, job.index
    found = np.ones(index.size("instrument"), dtype=bool)
    for codes in keys.values():
        found &= codes >= 0
    above = [
        (fine, key_of(plan, coarse)) for fine, coarse in zip(scope.chain, scope.chain[1:-1], strict=False)
    ]
    read = [(plan.nodes[n].level, plan.nodes[plan.nodes[n].inputs[0]].level) for n in _downs(scope)]
    for fine, coarse in dict.fromkeys((*above, *read)):
        if fine not in (POSITION, ACCOUNT) and coarse not in ("", ACCOUNT):
            found &= _agree(index, keys[fine], index.parent("instrument", coarse), found, key_of(plan, fine))
    return found


def _downs(scope: Scope) -> list[int]:
    return [n for n in (*scope.fixed, *scope.moved) if scope.plan.nodes[n].op == "down"]


def _agree(index: Index, groups: Codes, values: Codes, known: Truth, key: str) -> Truth:
    """Whether all instruments of each one's group have its value. Shape (instruments,)."""
    if index.size(key) == 0:
        return np.zeros(len(groups), dtype=bool)
    one = agreed(values, np.where(known, groups, UNKNOWN), index.size(key))
    found: Truth = known & (one.take(groups, mode="clip") == values)
    return found


def _fixed(job: Job, scope: Scope, locals_: Mapping[int, Local]) -> dict[int, Any]:
    """The values of fixed nodes that moved ones read, for every instrument."""
    plan, size = scope.plan, job.index.size("instrument")
    order = [s.node for steps in job.schedule.steps.values() for s in steps if s.node in scope.fixed]
    found: dict[int, Any] = {}
    with arithmetic() as alarm:
        for number in order:
            node = plan.nodes[number]
            if node.op == "down":
                found[number] = _seen(job, node)
                continue
            value = run_local(locals_[number], lambda i: found[i] if i in found else job.values[i], size)
            if alarm.raised:
                alarm.raised = False
                value = without_infinities(value)
            found[number] = value
    read = {i for n in scope.moved for i in scope.inputs(n)} | {*scope.targets}
    return {number: value for number, value in found.items() if number in read}


def _seen(job: Job, node: Node) -> Any:
    """What each instrument sees of a level of the market. Shape (instruments, ...)."""
    number, size = node.inputs[0], job.index.size("instrument")
    values, coarse = job.values[number], job.world.plan.nodes[number].level
    if coarse == "":
        return np.broadcast_to(values, (size, *values.shape[1:]))
    if coarse == "instrument":
        return values
    parent = job.index.parent("instrument", coarse)
    if len(values) == 0:
        return np.full((size, *values.shape[1:]), poison_of(node))
    found = values.take(parent, axis=0, mode="clip")
    found[parent < 0] = poison_of(node)
    return found
