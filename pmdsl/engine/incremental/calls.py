"""Nodes that look at one row at a time, ready to run on rows of any number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pmdsl.engine.incremental.scope import FOLDS, Scope
from pmdsl.engine.kernels import MAKERS
from pmdsl.engine.kernels.site import Kernel, Site, frame_of
from pmdsl.engine.run import Reshape, reshape
from pmdsl.engine.world import World

Value = Callable[[int], Any]


@dataclass(frozen=True, eq=False)
class Local:
    """A node with its kernel, its inputs and how they are lined up, and the sizes of its axes."""

    node: int
    kernel: Kernel | None
    inputs: tuple[tuple[int, Reshape], ...]
    axes: tuple[int, ...]


def local(world: World, scope: Scope, number: int) -> Local:
    """A node of a scope; what reads levels (`down`, folds, columns) has a kernel of its own elsewhere."""
    plan = scope.plan
    node = plan.nodes[number]
    frame = frame_of(plan, node)
    read = node.inputs if number not in scope.chosen else scope.inputs(number)
    lined_up = tuple((i, reshape(plan.nodes[i].axes, frame)) for i in read)
    axes = tuple(world.axes[axis].size for axis in node.axes)
    if len(read) != len(node.inputs):
        return one_input(Local(number, None, lined_up, axes))
    if node.op in ("down", "input", *FOLDS):
        return Local(number, None, lined_up, axes)
    return Local(number, MAKERS[node.op](Site.of(world, node)), lined_up, axes)


def one_input(call: Local) -> Local:
    """A node that is its first input."""
    return replace(call, kernel=lambda block, xs: xs[0], inputs=call.inputs[:1])


def lined_up(call: Local, value: Value) -> list[Any]:
    """The inputs of a node, each with a dimension for every axis."""
    return [value(i) if r is None else value(i)[r] for i, r in call.inputs]


def run_local(call: Local, value: Value, rows: int) -> Any:
    """The value of a node for some rows. Shape (rows, sizes of its axes)."""
    assert call.kernel is not None
    # Kernels of single rows do not look at the block.
    found = call.kernel(None, lined_up(call, value))  # type: ignore[arg-type]
    shape = (rows, *call.axes)
    return found if found.shape == shape else np.broadcast_to(found, shape)
