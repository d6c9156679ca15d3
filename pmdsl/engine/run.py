"""The interpreter: nodes become calls bound to their inputs, run once a market or once a block."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from pmdsl.engine.alarm import Alarm, without_infinities
from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.site import Kernel, Plain, Site, number, poison_of
from pmdsl.engine.levels import add_group, add_key
from pmdsl.engine.machine import machine
from pmdsl.engine.matches import add_matches
from pmdsl.engine.pairs import add_pairs
from pmdsl.engine.schedule import Phase, Schedule, Step
from pmdsl.engine.world import World
from pmdsl.plan.nodes import Plan

Values = list[Any]
Reshape = tuple[slice | None, ...] | None
Inputs = tuple[tuple[int, Reshape], ...]
Work = Callable[[Block, Values], Any]

# What has a row for each of its level, however few its inputs have.
ROWED = frozenset(
    [
        "down",
        "agree",
        "fold_into",
        "weighed_sum",
        "aligned",
        "cascade",
        "net_into",
        "aggregate",
        "key",
        "input",
        "model",
        "volatility",
        "revalue",
        "model_delta",
        "market_price",
        "distinct",
        "matrix",
        "pattern",
        "contracts",
        "pairing",
    ]
)

PRICED = ("volatility", "revalue", "model_delta")


class Call(NamedTuple):
    """What is done for one node: its value from those of others, and which of these may go then.

    `node` is -1 where a level is built.
    """

    node: int
    work: Work
    free: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Program:
    """Calls in running order."""

    calls: tuple[Call, ...]


def compile_steps(
    world: World, todo: Schedule, phase: Phase, kept: Iterable[int], free: bool = True
) -> Program:
    """The program for a phase; values that are not in `kept` go after their last use where `free` is set."""
    steps = todo.steps[phase]
    last: dict[int, int] = {}
    for at, step in enumerate(steps):
        for i in inputs_of(world.plan, step):
            last[i] = at
    mine = {step.node for step in steps}
    going: dict[int, list[int]] = {}
    stay = set(kept)
    for node, at in last.items():
        if free and node in mine and node not in stay:
            going.setdefault(at, []).append(node)
    calls = [_compile(world, step, phase, tuple(going.get(at, ()))) for at, step in enumerate(steps)]
    return Program(tuple(calls))


def inputs_of(plan: Plan, step: Step) -> tuple[int, ...]:
    """The nodes whose values a step reads."""
    if step.node >= 0:
        return plan.nodes[step.node].inputs
    return plan.levels[step.level].keys


def _compile(world: World, step: Step, phase: Phase, free: tuple[int, ...]) -> Call:
    if step.node < 0:
        return Call(-1, partial(build, step.level))
    plan = world.plan
    node = plan.nodes[step.node]
    site = Site.of(world, node)
    lined_up = tuple((i, reshape(plan.nodes[i].axes, site.frame)) for i in node.inputs)
    kernel = machine(world.engine).makers[node.op](site)
    if phase is Phase.MARKET and node.op in PRICED:
        kernel = once(world.prices, step.node, kernel)
    widen = _widen(site)
    if widen is None:
        return Call(step.node, _plain(site, kernel, lined_up) or _work(kernel, lined_up), free)
    narrow = _work(kernel, lined_up)
    return Call(step.node, lambda block, values: widen(block, [narrow(block, values)]), free)


def _plain(site: Site, kernel: Kernel, inputs: Inputs) -> Work | None:
    """A function of numpy of two values; a constant is a number to it, which is twice as quick."""
    if not isinstance(kernel, Plain) or len(inputs) != 2:
        return None
    function, ((a, of_a), (b, of_b)) = kernel.function, inputs
    x, y = (number(node) for node in site.inputs)
    if y is not None and of_a is None:
        return lambda block, values: function(values[a], y)
    if x is not None and of_b is None:
        return lambda block, values: function(x, values[b])
    if of_a is None and of_b is None:
        return lambda block, values: function(values[a], values[b])
    return None


def _work(kernel: Kernel, inputs: Inputs) -> Work:
    """A kernel with the values it takes."""
    if any(r is not None for _, r in inputs):
        return lambda block, values: kernel(
            block, [values[i] if r is None else values[i][r] for i, r in inputs]
        )
    if not inputs:
        return lambda block, values: kernel(block, [])
    if len(inputs) == 1:
        only = inputs[0][0]
        return lambda block, values: kernel(block, [values[only]])
    several = itemgetter(*(i for i, _ in inputs))
    return lambda block, values: kernel(block, several(values))


def once(prices: dict[int, Any], node: int, kernel: Kernel) -> Kernel:
    """A kernel of the market whose value is kept for other jobs of the same market."""

    def run(block: Block, xs: list[Any]) -> Any:
        if node not in prices:
            prices[node] = kernel(block, xs)
        return prices[node]

    return run


def reshape(own: tuple[str, ...], frame: tuple[str, ...]) -> Reshape:
    """How a value is given a dimension for each axis of the frame; None where it has them all."""
    if own == frame:
        return None
    return (slice(None), *(slice(None) if axis in own else None for axis in frame))


def _widen(site: Site) -> Kernel | None:
    """What brings a result to the full shape of its node where no input has that shape."""
    node = site.node
    few_rows = node.level != "" and node.op not in ROWED and all(i.level != node.level for i in site.inputs)
    covered = set().union(*(i.axes for i in site.inputs)) if site.inputs else set(node.axes)
    if not few_rows and covered >= set(node.axes):
        return None
    axes = [site.world.axes[axis].size if axis in site.world.axes else 1 for axis in node.axes]

    def widen(block: Block, xs: list[Any]) -> Any:
        return np.broadcast_to(xs[0], np.broadcast_shapes(xs[0].shape, (block.size(node.level), *axes)))

    return widen


# ---- running -----------------------------------------------------------------------------------------------


def execute(program: Program, block: Block, values: Values) -> None:
    """Run a program; `values` has an entry for each node and is filled. Data never raises: it poisons."""
    alarm = Alarm()
    with alarm.listening():
        for node, work, free in program.calls:
            found = work(block, values)
            if node < 0:
                continue
            if alarm.raised:
                alarm.raised = False
                found = without_infinities(found)
            values[node] = found
            for i in free:
                values[i] = None


def build(name: str, block: Block, values: Values) -> None:
    """Add a level whose parts have been worked out."""
    index = block.index
    level = index.plan.levels[name]
    if name in index.levels:
        return
    if level.kind == "group":
        keys = [seen(block, level.of, node, values) for node in level.keys]
        add_group(index, name, keys[0] if keys else None)
    elif level.kind == "pair":
        add_pairs(index, name)
    elif level.kind == "match":
        add_matches(index, name, [seen(block, level.of, node, values) for node in level.keys])
    else:
        add_key(index, name, tuple(values[node] for node in level.keys))


def seen(block: Block, fine: str, node: int, values: Values) -> Any:
    """The value of a node as each row of a finer level sees it. Shape (rows of the finer level,)."""
    found, own = values[node], block.index.plan.nodes[node]
    if own.level in ("", fine):
        return np.broadcast_to(found, (block.size(fine),))
    parent, poison = block.parent(fine, own.level), poison_of(own)
    if len(found) == 0:
        return np.full(len(parent), poison)
    return np.where(parent < 0, poison, found.take(parent, mode="clip"))
