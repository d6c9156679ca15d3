"""The growing graph: nodes are added once however often they are asked for, so common parts are shared
from the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pmdsl.plan.nodes import Node, Origin
from pmdsl.types.levels import Order
from pmdsl.types.values import Type


@dataclass(frozen=True)
class Value:
    """A node and what it is."""

    node: int
    type: Type


@dataclass
class Graph:
    """Nodes in running order, the levels they live on, and the axes in the order in which they were
    declared.
    """

    nodes: list[Node] = field(default_factory=list)
    order: Order = field(default_factory=Order)
    axes: list[str] = field(default_factory=list)
    known: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(
        self,
        op: str,
        inputs: tuple[int, ...],
        type_: Type,
        params: Mapping[str, Any] | None = None,
        origin: Origin | None = None,
    ) -> Value:
        """The value of an operation; an equal node is used again."""
        node = Node(
            op,
            inputs,
            dict(params or {}),
            type_.level,
            type_.axes,
            type_.base,
            unit_text(type_),
            origin or Origin(),
        )
        return Value(self.enter(node), type_)

    def enter(self, node: Node) -> int:
        """The index of a node; an equal one is used again.

        What an unverified declaration makes is its own, so that it can be told where it was used.
        """
        params = repr(sorted(node.params.items()))
        unverified = (node.origin.file, node.origin.name) if node.origin.unverified else None
        key = (node.op, node.inputs, params, node.level, node.axes, node.base, node.unit, unverified)
        index = self.known.get(key)
        if index is None:
            index = self.known[key] = len(self.nodes)
            self.nodes.append(node)
        return index

    def sorted_axes(self, *groups: tuple[str, ...]) -> tuple[str, ...]:
        """The union of axes in the order in which they were declared."""
        union = {axis for group in groups for axis in group}
        return tuple(axis for axis in self.axes if axis in union)


def unit_text(type_: Type) -> str:
    """How a node's unit is written: the unit of a number, the kind of a word."""
    if type_.base == "number":
        return str(type_.unit) if type_.unit.powers else ""
    return type_.kind
