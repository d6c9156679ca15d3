"""What an operation is told about the place where it stands, once, before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.columns import TRUTHS
from pmdsl.engine.words import POISON, Array, Number
from pmdsl.engine.world import World
from pmdsl.plan.nodes import Node, Plan

Kernel = Callable[[Block, list[Any]], Any]
Maker = Callable[["Site"], Kernel]


@dataclass(frozen=True, eq=False)
class Plain:
    """A kernel that is a function of numpy of its inputs, and of nothing else."""

    function: Callable[..., Any]

    def __call__(self, block: Block, xs: list[Any]) -> Any:
        return self.function(*xs)


@dataclass(frozen=True, eq=False)
class Site:
    """A node, its inputs, and the axes that its inputs are spread over, in the order of the plan.

    A kernel gets its inputs with one dimension for each axis of `frame` (of size one where an input lacks
    it).
    """

    world: World
    node: Node
    inputs: tuple[Node, ...]
    frame: tuple[str, ...]

    @classmethod
    def of(cls, world: World, node: Node) -> Site:
        """The site of a node of the world's plan."""
        plan = world.plan
        return cls(world, node, tuple(plan.nodes[i] for i in node.inputs), frame_of(plan, node))

    @property
    def plan(self) -> Plan:
        return self.world.plan

    @property
    def params(self) -> Mapping[str, Any]:
        return self.node.params

    def dimension(self, axis: str) -> int:
        """The dimension of an axis in the inputs."""
        return 1 + self.frame.index(axis)

    def constant(self, text: Any, node: Node) -> float:
        """A constant of a pattern or a cell in the type of a node: its code, its index, its number."""
        return constant(self.world, text, node)


def frame_of(plan: Plan, node: Node) -> tuple[str, ...]:
    """The axes that a node or its inputs have, in the order of the plan."""
    union = set(node.axes).union(*(plan.nodes[i].axes for i in node.inputs))
    return tuple(axis for axis in plan.axes if axis in union)


def constant(world: World, text: Any, node: Node) -> float:
    """A text of the plan as a value of the base of `node`: number, code, date, truth value or point."""
    if node.base == "text":
        return world.interner.code(str(text))
    if node.base == "date":
        return float(date.fromisoformat(str(text)).toordinal())
    if node.base == "bool":
        return TRUTHS[str(text).lower()]
    if node.base == "point":
        return world.point(point_axis(world.plan, node), str(text))
    return float(Fraction(str(text)))


def point_axis(plan: Plan, node: Node) -> str:
    """The axis that a point-valued node points into: its unit, or else that of where its value comes from."""
    if node.unit in plan.axes:
        return node.unit
    if "of" in node.params:
        return str(node.params["of"])
    if node.op in ("point", "arg_over", "choose_over", "axis_column"):
        return str(node.params["axis"])
    skip = 1 if node.op in ("if", "select") else 0
    return point_axis(plan, plan.nodes[node.inputs[skip]])


def number(node: Node) -> Number | None:
    """The number that a node is whatever is held, as numpy takes it most quickly; None where it is none.

    Shape ().
    """
    if node.op != "const" or node.base != "number":
        return None
    return np.array(float(Fraction(str(node.params["value"]))))


def poison_of(node: Node) -> float:
    """Poison as a value of the node's base."""
    return POISON if is_code(node) else np.nan


def is_code(node: Node) -> bool:
    """Whether the node's values are integers."""
    return node.base in ("text", "point", "row")


def dtype_of(node: Node) -> Any:
    """The numpy type of the node's values."""
    return np.int64 if is_code(node) else np.float64


def bad(x: Any) -> Any:
    """Where a value is poison. Shape of `x`."""
    return x < 0 if x.dtype.kind == "i" else np.isnan(x)


def filled(x: Array, size: int) -> Array:
    """A value with `size` rows, whatever it had. Shapes (1 or size, ...) -> (size, ...)."""
    return x if len(x) == size else np.broadcast_to(x, (size, *x.shape[1:]))
