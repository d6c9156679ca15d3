"""Operations that keep order: from which goals about their inputs it follows that one result is at least
another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pmdsl.compare.claims.bounds import live_cells
from pmdsl.compare.claims.terms import Term
from pmdsl.plan.nodes import Node

if TYPE_CHECKING:
    from pmdsl.compare.claims.order import Order


@dataclass(frozen=True)
class Goals:
    """Pairs that must be in order; `moves`: they are about other rows than the goal they come from."""

    goals: list[tuple[Term, Term]]
    said: str
    moves: bool = False


Rule = Callable[["Order", Node, Node], Goals | None]


def goals_of(order: Order, a: Node, b: Node) -> Goals | None:
    """What is enough for a >= b, two nodes of one operation, level and axes; None where nothing is known to
    be.
    """
    rule = RULES.get(a.op)
    return rule(order, a, b) if rule is not None else None


def alike(a: Node, b: Node, *names: str) -> bool:
    return all(a.params.get(name) == b.params.get(name) for name in names)


def level_of(order: Order, node: Node) -> str:
    return order.plan.nodes[node.inputs[0]].level


def rising(said: str) -> Rule:
    def rule(order: Order, a: Node, b: Node) -> Goals | None:
        return Goals([(a.inputs[0], b.inputs[0])], said) if a.inputs[1:] == b.inputs[1:] else None

    return rule


def pairwise(said: str) -> Rule:
    """Every operand with the operand in its place."""

    def rule(order: Order, a: Node, b: Node) -> Goals | None:
        if len(a.inputs) != len(b.inputs):
            return None
        return Goals(list(zip(a.inputs, b.inputs, strict=True)), said)

    return rule


def falling(order: Order, a: Node, b: Node) -> Goals | None:
    return Goals([(b.inputs[0], a.inputs[0])], "the negatives")


def rounded(order: Order, a: Node, b: Node) -> Goals | None:
    if a.inputs[1:] != b.inputs[1:] or not alike(a, b, "mode"):
        return None
    return Goals([(a.inputs[0], b.inputs[0])], "the same rounding")


def moved(order: Order, a: Node, b: Node) -> Goals | None:
    """The parent's value: at least where it is so at every parent."""
    same = level_of(order, a) == level_of(order, b) and alike(a, b, "along")
    return Goals([(a.inputs[0], b.inputs[0])], "the same rows", moves=True) if same else None


def checked(order: Order, a: Node, b: Node) -> Goals | None:
    same = a.inputs[1:] == b.inputs[1:] and alike(a, b, "currency")
    return Goals([(a.inputs[0], b.inputs[0])], "one currency") if same else None


def gathered(order: Order, a: Node, b: Node) -> Goals | None:
    """Sums, largest, smallest and averages over the same members."""
    same = level_of(order, a) == level_of(order, b) and alike(a, b, "kind", "where", "if_empty")
    if not same or len(a.inputs) != len(b.inputs):
        return None
    where = 1 if a.params.get("where") else 0
    if where and a.inputs[1] != b.inputs[1]:
        return None
    goals: list[tuple[Term, Term]] = [(a.inputs[0], b.inputs[0])]
    if a.params.get("if_empty") and a.inputs[-1] != b.inputs[-1]:
        goals.append((a.inputs[-1], b.inputs[-1]))
    return Goals(goals, f"the {a.params['kind']}", moves=True)


def netted(order: Order, a: Node, b: Node) -> Goals | None:
    """Losses in full and a share of gains rises with the members and, for gains, with the share."""
    if level_of(order, a) != level_of(order, b) or a.inputs[2:] != b.inputs[2:]:
        return None
    share, other = a.inputs[1], b.inputs[1]
    if not (order.of(share).is_positive and order.of(other).is_positive):
        return None
    goals: list[tuple[Term, Term]] = [(a.inputs[0], b.inputs[0])]
    return Goals([*goals, *([(share, other)] if share != other else [])], "the nets", moves=True)


def over_axis(order: Order, a: Node, b: Node) -> Goals | None:
    """Over one axis: the worst falls as its operand rises, everything else rises with it."""
    if not alike(a, b, "axis", "kind", "where", "if_empty") or a.inputs[1:] != b.inputs[1:]:
        return None
    x, y = a.inputs[0], b.inputs[0]
    kind = str(a.params["kind"])
    turned = kind.startswith("worst")
    return Goals([(y, x) if turned else (x, y)], f"the {kind.replace('_', ' ')}", moves=True)


def quantile(order: Order, a: Node, b: Node) -> Goals | None:
    """An order statistic without weights."""
    same = alike(a, b, "axis", "kind", "by", "where", "weighing") and a.inputs[1:] == b.inputs[1:]
    if not same or a.params.get("weighing"):
        return None
    return Goals([(a.inputs[0], b.inputs[0])], "the same quantile", moves=True)


def looked_up(order: Order, a: Node, b: Node) -> Goals | None:
    """The same row of two columns: cell by cell, over the rows in force."""
    if a.inputs[0] != b.inputs[0] or len(a.inputs) != len(b.inputs):
        return None
    return Goals([(a.inputs[k], b.inputs[k]) for k in live_cells(a, order.plan)], "the same row")


def picked(order: Order, a: Node, b: Node) -> Goals | None:
    same = a.inputs[1] == b.inputs[1] and alike(a, b, "axis")
    return Goals([(a.inputs[0], b.inputs[0])], "one point", moves=True) if same else None


def chosen(order: Order, a: Node, b: Node) -> Goals | None:
    """The same condition: branch by branch (what the condition says is used elsewhere)."""
    if a.inputs[0] != b.inputs[0]:
        return None
    return Goals(list(zip(a.inputs[1:], b.inputs[1:], strict=True)), "the same branch")


def bracketed(order: Order, a: Node, b: Node) -> Goals | None:
    """The same rates, none of them negative."""
    same = a.inputs[1:] == b.inputs[1:] and alike(a, b, "bounds")
    if not same or not all(order.of(rate).is_positive for rate in a.inputs[1:]):
        return None
    return Goals([(a.inputs[0], b.inputs[0])], "the same brackets")


Members = tuple[int, Fraction]


def members_of(order: Order, node: Node, edge: Fraction, above: bool) -> Members | None:
    """The operand of a reduction and a constant: where every member lies beyond that, the result lies beyond
    `edge`.
    """
    if node.op in ("down", "agree", "pick"):
        return node.inputs[0], edge
    if node.op in ("fold_into", "fold_over") and not node.params.get("if_empty"):
        kind = str(node.params["kind"])
        if kind in ("largest", "smallest", "average"):
            return node.inputs[0], edge
        return beyond_nothing(node.inputs[0], edge, above) if kind == "sum" else None
    if node.op == "net_into" and order.of(node.inputs[1]).is_positive:
        return beyond_nothing(node.inputs[0], edge, above)
    return None


def beyond_nothing(members: int, edge: Fraction, above: bool) -> Members | None:
    """A sum of what is not negative is not negative, and a sum of nothing is 0."""
    return (members, Fraction(0)) if (edge <= 0 if above else edge >= 0) else None


RULES: Mapping[str, Rule] = {
    "max": pairwise("the larger"),
    "min": pairwise("the smaller"),
    "clamp": pairwise("values within bounds"),
    "stack": pairwise("the points"),
    "add": pairwise("sums"),
    "neg": falling,
    "sqrt": rising("square roots"),
    "exp": rising("exponentials"),
    "ln": rising("logarithms"),
    "normal_cdf": rising("normal probabilities"),
    "normal_quantile": rising("normal quantiles"),
    "floor": rising("whole parts"),
    "ceil": rising("next wholes"),
    "round": rounded,
    "down": moved,
    "agree": moved,
    "currency": checked,
    "fold_into": gathered,
    "net_into": netted,
    "fold_over": over_axis,
    "quantile_over": quantile,
    "select": looked_up,
    "pick": picked,
    "if": chosen,
    "marginal": bracketed,
}
