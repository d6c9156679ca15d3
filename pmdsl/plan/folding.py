"""Exact arithmetic on constants: what is known when the plan is made is not worked out again for every
account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from pmdsl.plan.nodes import Node

ARITHMETIC: Mapping[str, Callable[..., Fraction | bool]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "abs": abs,
    "min": min,
    "max": max,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
LARGEST = 10**40


def constant(node: Node, nodes: list[Node]) -> Fraction | None:
    """The exact value of a scalar constant, through `same` nodes; None where it is none."""
    while node.op == "same":
        node = nodes[node.inputs[0]]
    if node.op != "const" or node.base not in ("number", "bool"):
        return None
    return Fraction(str(node.params["value"]))


def folded(node: Node, nodes: list[Node]) -> Node:
    """The node, or the constant that it is. Division by zero and numbers out of bounds are left to the
    run, which reports them.
    """
    if node.level or node.axes or node.op not in ARITHMETIC or not node.inputs:
        return node
    values = [constant(nodes[i], nodes) for i in node.inputs]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or (node.op == "div" and known[1] == 0):
        return node
    result = ARITHMETIC[node.op](*known)
    exact = Fraction(int(result)) if isinstance(result, bool) else result
    if abs(exact.numerator) > LARGEST or exact.denominator > LARGEST:
        return node
    return replace(node, op="const", inputs=(), params={"value": str(exact)})


def known(index: int, nodes: list[Node]) -> Fraction | None:
    """The exact value of a scalar number that only constants make, folded on the way; None where it is
    none.
    """
    node = nodes[index]
    if node.op == "same":
        return known(node.inputs[0], nodes)
    if node.op == "const":
        return constant(node, nodes)
    if node.op not in ARITHMETIC or node.level or node.axes or node.base != "number":
        return None
    values = [known(i, nodes) for i in node.inputs]
    exact = [value for value in values if value is not None]
    if len(exact) < len(values) or (node.op == "div" and exact[1] == 0):
        return None
    result = Fraction(ARITHMETIC[node.op](*exact))
    return result if abs(result.numerator) <= LARGEST and result.denominator <= LARGEST else None
