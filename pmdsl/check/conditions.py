"""Conditions over finitely many cases: the truth of a `when` for one atom of each value that it asks about.

Two numbers that are compared with each other are below, equal or above, whatever they are. What cannot be cut
into atoms at all is taken as a truth value of its own that may be either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from pmdsl.check.dimensions import Atom, Mentioned, Point, is_free, point_of
from pmdsl.plan.folding import known
from pmdsl.plan.nodes import Node

SIGNS: Mapping[str, Callable[[int], bool]] = {
    "eq": lambda sign: sign == 0,
    "ne": lambda sign: sign != 0,
    "lt": lambda sign: sign < 0,
    "le": lambda sign: sign <= 0,
    "gt": lambda sign: sign > 0,
    "ge": lambda sign: sign >= 0,
}
FAR = 1 << 32
CONSTANTS = ("const", "word", "neg", "div", "mul", "add", "sub")


@dataclass
class Questions:
    """What a set of conditions asks.

    Of which nodes, which words and edges; and which truth values stand for themselves.
    """

    nodes: list[Node]
    closed: Callable[[Node], bool]
    mentioned: dict[int, Mentioned] = field(default_factory=dict)
    opaque: dict[int, None] = field(default_factory=dict)
    orders: dict[int, tuple[int, int]] = field(default_factory=dict)

    def about(self, leaf: int) -> Mentioned:
        return self.mentioned.setdefault(leaf, Mentioned())

    def ask(self, index: int) -> None:
        """Collect what a condition depends on."""
        index = source(index, self.nodes)
        node = self.nodes[index]
        if node.op in ("and", "or", "not") or (node.op == "if" and node.base == "bool"):
            for part in node.inputs:
                self.ask(part)
        elif node.op == "member":
            self.member(node)
        elif node.op in SIGNS:
            self.compare(index, node)
        elif node.op != "const" and is_free(index, self.nodes):
            self.about(index)
        elif node.op != "const":
            self.opaque[index] = None

    def member(self, node: Node) -> None:
        """A value that is asked for being one of a set of words."""
        leaf = source(node.inputs[0], self.nodes)
        if constant(leaf, self.nodes) is None:
            for word in node.params["words"]:
                self.about(leaf).words[word] = None

    def compare(self, index: int, node: Node) -> None:
        """A comparison of a value with a constant, or of two words of closed kinds."""
        left, right = (source(i, self.nodes) for i in node.inputs)
        values = constant(left, self.nodes), constant(right, self.nodes)
        if values[0] is None and values[1] is None:
            if self.closed(self.nodes[left]) and self.closed(self.nodes[right]):
                self.about(left).apart = self.about(right).apart = True
            elif self.nodes[left].base in ("number", "date") and left != right:
                self.orders[order_of(left, right)] = (min(left, right), max(left, right))
            else:
                self.opaque[index] = None
        elif values[0] is not None and values[1] is not None:
            return
        else:
            leaf, value = (right, values[0]) if values[1] is None else (left, values[1])
            if isinstance(value, Fraction):
                self.about(leaf).edges.add(value)
            elif value is not None:
                self.about(leaf).words[value] = None


def order_of(left: int, right: int) -> int:
    """What stands for the order of two values: a number below zero, which no node has."""
    return -(min(left, right) * FAR + max(left, right)) - 1


def source(index: int, nodes: list[Node]) -> int:
    """The node that a value is read from, seen through going down and agreeing."""
    node = nodes[index]
    while node.op in ("same", "agree", "currency") or (
        node.op == "down" and node.params.get("along", "") == ""
    ):
        index = node.inputs[0]
        node = nodes[index]
    return index


def constant(index: int, nodes: list[Node]) -> Point | None:
    """The value of a constant; None where it is none."""
    node = nodes[index]
    if node.op == "word" or (node.op == "point" and "value" in node.params):
        return str(node.params["value"])
    if node.op == "const" and node.base == "date":
        return point_of(str(node.params["value"]), "date")
    if node.op == "const" and node.base == "bool":
        return str(node.params["value"])
    return known(index, nodes) if node.op in CONSTANTS and node.base == "number" else None


Case = Mapping[int, Atom]


def holds(index: int, case: Case, nodes: list[Node]) -> bool:
    """Whether a condition is true where each value has the atom of the case."""
    index = source(index, nodes)
    node = nodes[index]
    match node.op:
        case "and":
            return all(holds(part, case, nodes) for part in node.inputs)
        case "or":
            return any(holds(part, case, nodes) for part in node.inputs)
        case "not":
            return not holds(node.inputs[0], case, nodes)
        case "const":
            return str(node.params["value"]) == "1"
        case "member":
            return value_of(source(node.inputs[0], nodes), case, nodes) in node.params["words"]
        case "if" if node.base == "bool":
            test, then, otherwise = node.inputs
            return holds(then if holds(test, case, nodes) else otherwise, case, nodes)
    if index in case:
        return case[index].value == "1"
    return compared(node, case, nodes)


def compared(node: Node, case: Case, nodes: list[Node]) -> bool:
    """The truth of a comparison whose sides are constants or values with an atom."""
    first, second = (source(i, nodes) for i in node.inputs)
    order = case.get(order_of(first, second))
    if order is not None:
        sign = int(order.value) if first < second else -int(order.value)
        return SIGNS[node.op](sign)
    left, right = value_of(first, case, nodes), value_of(second, case, nodes)
    if isinstance(left, str) or isinstance(right, str):
        return (left == right) == (node.op != "ne")
    return SIGNS[node.op]((left > right) - (left < right))


def value_of(index: int, case: Case, nodes: list[Node]) -> Point:
    found = constant(index, nodes)
    return found if found is not None else case[index].value
