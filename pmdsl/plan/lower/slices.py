"""A value of a position for one contract of it: the same formula with the quantity replaced by its sign.

What is read from other levels, such as the account or the group, is of the whole and stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pmdsl.plan.lower.degrees import Degree, degree, inputs_within
from pmdsl.plan.lower.elaborator import Context, Elaborator
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.nodes import Node
from pmdsl.types.values import Type


def scales(e: Elaborator, value: Value) -> Degree:
    """How a value of a position scales with its quantity."""
    if value.type.level != "position":
        return Degree.NONE
    held = {i: Degree.ONE for i in reached(e, value.node) if is_quantity(e.graph.nodes[i])}
    return degree(e.graph.nodes, value.node, held)


def per_contract(e: Elaborator, value: Value) -> Value:
    """The value for one contract held on the same side."""
    changed: dict[int, int] = {}
    for index in reached(e, value.node):
        node = e.graph.nodes[index]
        if is_quantity(node):
            changed[index] = sign(e, index).node
        elif any(i in changed for i in node.inputs):
            inputs = tuple(changed.get(i, i) for i in node.inputs)
            changed[index] = e.graph.enter(replace(node, inputs=inputs))
    return replace(value, node=changed.get(value.node, value.node))


def reached(e: Elaborator, index: int) -> list[int]:
    """The nodes of the same level that a node stands on, inputs first."""
    found = {index}
    stack = [index]
    while stack:
        for i in inputs_within(e.graph.nodes, stack.pop()):
            if i not in found:
                found.add(i)
                stack.append(i)
    return sorted(found)


def is_quantity(node: Node) -> bool:
    return node.op == "input" and (node.params["table"], node.params["column"]) == ("position", "quantity")


def sign(e: Elaborator, quantity: int) -> Value:
    """1 for what is held long, -1 for what is held short."""
    node = e.graph.nodes[quantity]
    ctx = Context(origin=node.origin)
    type_ = Type(level=node.level)
    held = Value(quantity, type_)
    size = e.add("abs", (held,), type_, ctx)
    return e.add("ratio", (held, size, e.constant(Fraction(1), ctx)), type_, ctx)
