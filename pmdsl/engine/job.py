"""Some nodes of a plan as a job: compiled, the market's part worked out, ready for any holdings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from pmdsl.diagnostics import Finding, Findings, PmdslError
from pmdsl.engine.blocks import Block, OwnedColumn, cut, ranges_of, rows_for, whole
from pmdsl.engine.data import axis_points, data_rows
from pmdsl.engine.engines import Engine
from pmdsl.engine.index import Index, Rows
from pmdsl.engine.inputs import Holdings, Reader, wanted
from pmdsl.engine.lean import lean
from pmdsl.engine.levels import add_entity, by_text
from pmdsl.engine.machine import machine
from pmdsl.engine.owned import hold
from pmdsl.engine.run import Program, Values, compile_steps, execute
from pmdsl.engine.schedule import Phase, Schedule, schedule
from pmdsl.engine.words import Codes, Interner
from pmdsl.engine.world import World
from pmdsl.memory import ACCOUNTS, keep_freed_memory
from pmdsl.plan.limits import BLOCK_ROWS
from pmdsl.plan.nodes import Plan
from pmdsl.portfolio.book import Book, Table
from pmdsl.threads import each

Columns = dict[tuple[str, str], OwnedColumn]


@dataclass(eq=False)
class Job:
    """Some nodes of a plan, scheduled and compiled, with the market's part of their values."""

    world: World
    schedule: Schedule
    index: Index
    values: Values
    shared: Program
    owned: Program
    sliced: tuple[int, ...]

    @cached_property
    def points(self) -> int:
        """The largest number of points that a value of an account has."""
        plan, axes = self.world.plan, self.world.axes
        mine = (plan.nodes[n] for n, phase in self.schedule.phase.items() if phase is Phase.BLOCK)
        sizes = (prod(axes[a].size for a in node.axes if a in axes) for node in mine)
        return max(sizes, default=1)

    @cached_property
    def in_blocks(self) -> list[int]:
        """The targets that are worked out block by block, each once."""
        phase = self.schedule.phase
        return [target for target in dict.fromkeys(self.schedule.targets) if phase[target] is Phase.BLOCK]


@dataclass(eq=False)
class Run:
    """Holdings in a job: the index of their levels, and the values that all blocks share.

    `findings` say what is wrong with the holdings as the plan reads them.
    """

    job: Job
    holdings: Holdings
    index: Index
    columns: Columns
    values: Values
    findings: Findings

    def rows(self, threads: int) -> int:
        """How many positions a block has, at the most, for so many threads."""
        return rows_for(self.job.points, machine(self.job.world.engine).rows(threads))

    def blocks(self, rows: int | None = None) -> Iterator[Block]:
        """The accounts in blocks of about so many rows of their finest tables, as one thread likes them."""
        levels = self.job.world.plan.levels
        engine = machine(self.job.world.engine)
        rows = rows or self.rows(1)
        base = [name for name, level in levels.items() if level.kind in ("table", "match")]
        ranges = ranges_of(self.index, [name for name in base if name in self.index.levels], rows)
        return cut(self.index, self.columns, ranges, engine.runs)

    def block(self, account: int) -> Block:
        """One account as a block of its own."""
        runs = machine(self.job.world.engine).runs
        return next(cut(self.index, self.columns, [(account, account + 1)], runs))

    def execute(self, block: Block) -> Values:
        """The values of all nodes that are kept, for the accounts of a block."""
        values = list(self.values)
        for node in self.job.sliced:
            low, high = block.span(self.job.world.plan.nodes[node].level)
            values[node] = values[node][low:high]
        execute(self.job.owned, block, values)
        return values


def world_of(
    plan: Plan,
    book: Book,
    data: Mapping[str, Table],
    engine: Engine = "numpy",
    interner: Interner | None = None,
) -> World:
    """A plan with the book and the tables it may read. Raises PmdslError for a plan of another date."""
    if plan.on is not None and plan.on != book.on:
        message = f"`{plan.name}` was made ready for {plan.on}, and the book is of {book.on}"
        raise PmdslError([Finding("PM707", message)])
    if any(node.op == "dated" for node in plan.nodes):
        raise PmdslError([Finding("PM707", f"`{plan.name}` was not made ready for a date")])
    reader = Reader(book, interner or Interner())
    world = World(
        plan, book, reader, axis_points(plan, book, data, reader), data_rows(plan, book, data, reader)
    )
    world.tables = data
    world.engine = engine
    world.given = frozenset(data)
    return world


def market_index(world: World) -> Index:
    """The entities of a book, in the order of their ids."""
    index = Index(world.plan, world.interner)
    for name, level in world.plan.levels.items():
        if level.kind == "entity":
            table = {"underlying": world.book.underlyings, "instrument": world.book.instruments}.get(name)
            table = table or world.book.tables.get(name) or Table(name, 0, {})
            ids = table.text("id").tolist()
            add_entity(index, name, ids, by_text(ids))
    if "instrument" in index.levels and "underlying" in index.levels:
        _link(index, world.book.instrument_underlying)
    return index


def _link(index: Index, underlying: Codes) -> None:
    """The edge from instruments to underlyings, from the book's order to the engine's."""
    instruments, underlyings = index.levels["instrument"], index.levels["underlying"]
    assert instruments.source is not None
    assert underlyings.source is not None
    row = np.full(underlyings.size + 1, -1, dtype=np.int64)
    row[underlyings.source] = np.arange(underlyings.size)
    index.edges["instrument", "underlying"] = row[underlying[instruments.source]]


def job_for(world: World, targets: Iterable[int], keep: bool = False) -> Job:
    """Schedule and compile some nodes, and run what depends on the market alone. `keep` keeps every value."""
    wanted = tuple(targets)
    if not keep:
        world = replace(world, plan=lean(world.plan, wanted, world.given, world.engine))
    plan, index = world.plan, market_index(world)
    todo = schedule(plan, wanted)
    needed = _needed_later(plan, todo)
    market = compile_steps(world, todo, Phase.MARKET, needed[Phase.MARKET], not keep)
    shared = compile_steps(world, todo, Phase.SHARED, needed[Phase.SHARED], not keep)
    owned = compile_steps(world, todo, Phase.BLOCK, todo.targets, not keep)
    values: Values = [None] * len(plan.nodes)
    execute(market, whole(index, {}), values)
    # Every block fetches rows of these, and numpy copies the whole of what is not contiguous each time.
    values = [None if value is None else np.ascontiguousarray(value) for value in values]
    kept = todo.phase if keep else needed[Phase.SHARED]
    sliced = tuple(n for n in kept if todo.phase[n] is Phase.SHARED and index.owned(plan.nodes[n].level))
    return Job(world, todo, index, values, shared, owned, sliced)


def _needed_later(plan: Plan, todo: Schedule) -> Mapping[Phase, set[int]]:
    """The nodes of each phase that the outputs or a later phase read."""
    needed = {phase: set(todo.targets) for phase in Phase}
    for node, phase in todo.phase.items():
        for i in plan.nodes[node].inputs:
            if todo.phase[i] is not phase:
                needed[todo.phase[i]].add(i)
    for level in plan.levels.values():
        for i in level.keys:
            if i in todo.phase:
                needed[todo.phase[i]].add(i)
    return needed


def start(job: Job, holdings: Holdings) -> Run:
    """Bring holdings into a job: their levels, and what all accounts share but depends on them."""
    if max(holdings.positions.size, holdings.accounts.size) > BLOCK_ROWS:
        keep_freed_memory(ACCOUNTS)
    reader = replace(job.world.reader, findings=Findings())
    index, columns = hold(job.world, reader, job.index, holdings, wanted(job.world.plan.nodes))
    return _shared(job, holdings, index, columns, reader.findings)


def resume(job: Job, run: Run) -> Run:
    """The holdings of a run in another job of the same plan and market: their levels are not built again."""
    index = job.index.copy()
    index.levels.update(run.index.levels)
    index.edges.update(run.index.edges)
    index.runs.update(run.index.runs)
    return _shared(job, run.holdings, index, run.columns, run.findings)


def same_levels(one: Index, other: Index) -> bool:
    """Whether the levels of two markets have the same rows, and these the same parents."""
    if one.levels.keys() != other.levels.keys() or one.edges.keys() != other.edges.keys():
        return False
    for name, rows in one.levels.items():
        mine, others = rows, other.levels[name]
        if list(mine.names) != list(others.names) or len(mine.parts) != len(others.parts):
            return False
        if not all(map(np.array_equal, mine.parts, others.parts)):
            return False
        if mine.size != others.size or not _same_source(mine, others):
            return False
    return all(np.array_equal(one.edge(*pair), other.edge(*pair)) for pair in one.edges)


def _same_source(one: Rows, other: Rows) -> bool:
    if one.source is None or other.source is None:
        return one.source is other.source
    return np.array_equal(one.source, other.source)


def _shared(job: Job, holdings: Holdings, index: Index, columns: Columns, findings: Findings) -> Run:
    values = list(job.values)
    execute(job.shared, whole(index, columns), values)
    return Run(job, holdings, index, columns, values, findings)


def collect(run: Run, targets: Sequence[int], blocks: Iterable[Block], threads: int = 1) -> dict[int, Any]:
    """The values of some nodes for all accounts. Shapes (rows of their level, ...).

    Blocks have nothing to do with each other, and their values are put together in the order of the accounts:
    the number of threads changes no bit.
    """
    mine = run.job.in_blocks

    def work(block: Block) -> list[Any]:
        values = run.execute(block)
        return [values[target] for target in mine]

    if not mine:
        return {target: run.values[target] for target in targets}
    parts = each(work, blocks, threads)
    found = dict(zip(mine, parts[0], strict=True)) if len(parts) == 1 else _joined(mine, parts)
    return {target: found[target] if target in found else run.values[target] for target in targets}


def _joined(targets: list[int], parts: list[list[Any]]) -> dict[int, Any]:
    return {target: np.concatenate(of) for target, of in zip(targets, zip(*parts, strict=True), strict=True)}
