"""How a value scales with quantity: its degree is 1 where half of a position has half of it, 0 where it does
not matter how much is held.

A degree is found on the graph, within one level: what is read from elsewhere belongs to the group, the
account or the instrument as it stands, and is not cut with the position.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from pmdsl.plan.nodes import Node


class Degree(Enum):
    """`ANY`: zero, which is of every degree. `MIXED`: neither 0 nor 1."""

    NONE = 0
    ONE = 1
    ANY = "any"
    MIXED = "mixed"


def degree(nodes: Sequence[Node], index: int, scaling: Mapping[int, Degree]) -> Degree:
    """The degree of a node in what scales: nodes of degree 1 by themselves, such as the quantity.

    `scaling` is read and not changed.
    """
    known: dict[int, Degree] = dict(scaling)
    stack = [index]
    while stack:
        at = stack[-1]
        waiting = [i for i in inputs_within(nodes, at) if i not in known] if at not in known else []
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if at not in known:
            known[at] = of_node(nodes, at, known)
    return known[index]


def inputs_within(nodes: Sequence[Node], index: int) -> list[int]:
    """The inputs that are values of the same level."""
    level = nodes[index].level
    return [i for i in nodes[index].inputs if nodes[i].level == level]


def of_node(nodes: Sequence[Node], index: int, known: Mapping[int, Degree]) -> Degree:
    """The degree of a node from those of its inputs."""
    node = nodes[index]
    if node.op == "const" and node.base == "number" and node.params["value"] == "0":
        return Degree.ANY
    own = set(inputs_within(nodes, index))
    given = [known[i] if i in own else outside(nodes[i]) for i in node.inputs]
    return RULES.get(node.op, steady)(given)


def outside(node: Node) -> Degree:
    """A value of another level."""
    zero = node.op == "const" and node.base == "number" and node.params["value"] == "0"
    return Degree.ANY if zero else Degree.NONE


# ---- rules
# ----------------------------------------------------------------------------------------------------------


def steady(given: list[Degree]) -> Degree:
    """What keeps no proportion: it has degree 0 where all of its inputs have."""
    return Degree.NONE if all(d in (Degree.NONE, Degree.ANY) for d in given) else Degree.MIXED


def alike(given: list[Degree]) -> Degree:
    """What keeps the proportion that its inputs share."""
    named = {d for d in given if d is not Degree.ANY}
    if not named:
        return Degree.ANY
    return named.pop() if len(named) == 1 else Degree.MIXED


def first(given: list[Degree]) -> Degree:
    """What takes its proportion from its first input."""
    return given[0] if all(d in (Degree.NONE, Degree.ANY) for d in given[1:]) else Degree.MIXED


def product(given: list[Degree]) -> Degree:
    if Degree.ANY in given:
        return Degree.ANY
    if Degree.MIXED in given:
        return Degree.MIXED
    return {0: Degree.NONE, 1: Degree.ONE}.get(given.count(Degree.ONE), Degree.MIXED)


def quotient(given: list[Degree]) -> Degree:
    above, below = given[0], given[1]
    if above is Degree.ANY or below is Degree.NONE:
        return above
    both = above is Degree.ONE and below is Degree.ONE
    return Degree.NONE if both else Degree.MIXED


def ratio(given: list[Degree]) -> Degree:
    return alike([quotient(given), given[2]])


def comparison(given: list[Degree]) -> Degree:
    """Both sides grow alike, so what compares them stays as it is."""
    return Degree.MIXED if alike(given) is Degree.MIXED else Degree.NONE


def branch(given: list[Degree]) -> Degree:
    return alike(given[1:]) if given[0] is Degree.NONE else Degree.MIXED


def cells(given: list[Degree]) -> Degree:
    return alike(given[1:]) if given[0] in (Degree.NONE, Degree.ANY) else Degree.MIXED


def summed(given: list[Degree]) -> Degree:
    """Pairs of a condition and a cell."""
    return alike(given[1::2]) if steady(given[::2]) is Degree.NONE else Degree.MIXED


RULES: Mapping[str, Callable[[list[Degree]], Degree]] = {
    "mul": product,
    "div": quotient,
    "ratio": ratio,
    "if": branch,
    "select": cells,
    "collect": summed,
    **dict.fromkeys(("add", "sub", "neg", "abs", "min", "max", "clamp", "dated", "stack"), alike),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge"), comparison),
    **dict.fromkeys(("currency", "pick", "fold_over", "down", "quantile_over", "ewma_over"), first),
}
