"""What a run reached: the rows, branches, operands and points that mattered to its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from pmdsl.engine import Answer
from pmdsl.engine.demand import Asked, Need, Scene
from pmdsl.plan.nodes import Node
from pmdsl.testing.coverage.items import BRANCH, OPERAND, PATTERN, POINT, ROW, Mark, Place, place_of_node

Needed = dict[int, Need]
Rows = Mapping[tuple[str, Place], tuple[Place, ...]]
ANSWERS = ("requirement", "report", "eligible", "alert")


@dataclass(frozen=True, eq=False)
class Seen:
    """One account of a run: what mattered, and where the rows of tables and axes were written."""

    scene: Scene
    needed: Needed
    rows: Rows

    def asked(self, number: int) -> Asked:
        return Asked(self.scene, number, self.needed[number])


def scenes(answer: Answer) -> Iterator[tuple[Scene, Needed]]:
    """Each account with the value of every node, and what of it mattered to what the rule set answers."""
    wanted = answer_nodes(answer)
    for row in range(len(answer.accounts)):
        trace = answer.trace(row)
        yield trace.scene, trace.demand(wanted)


def answer_nodes(answer: Answer) -> tuple[int, ...]:
    """The nodes of everything that a rule set answers, claims excepted."""
    return tuple(dict.fromkeys(out.node for out in answer.plan.outputs if out.kind in ANSWERS))


def marks(seen: Seen) -> Iterator[Mark]:
    """Everything that was reached."""
    for number in seen.needed:
        node = seen.scene.node(number)
        observe = OBSERVERS.get(node.op)
        if observe is not None:
            yield from observe(seen, number, node)


# ---- rows --------------------------------------------------------------------------------------------------


def matched(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    """The rows that were taken where the look-up mattered."""
    asked = seen.asked(number)
    values = np.broadcast_to(seen.scene.rows_of(number, asked.need.rows), asked.need.cells.shape)
    written = seen.rows.get((str(node.params.get("table", "")), place_of_node(node)))
    for row in np.unique(values[asked.need.cells & (values >= 0)]).tolist():
        # A row of a `collect` table is a look-up of its own.
        yield ROW, written[row] if written is not None else place_of_node(node), ""


def patterns(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    """The patterns that a pairing takes a match of."""
    nodes = seen.scene.plan.nodes
    of = next((n for n in seen.needed if nodes[n].op == "match" and nodes[n].level == node.level), None)
    if of is None:  # No match could be made, so none was taken.
        return
    written = seen.rows[str(nodes[of].params["table"]), place_of_node(nodes[of])]
    taken = seen.scene.values[number]
    some = np.flatnonzero((taken.reshape(len(taken), -1) > 0).any(axis=1))
    for row in np.unique(seen.scene.rows_of(of, some)).tolist():
        yield PATTERN, written[row], ""


def brackets(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    """The brackets of `marginal` that some part of the operand lies in."""
    asked = seen.asked(number)
    x = asked.input(0)
    written = next((rows for (name, _), rows in seen.rows.items() if name == node.params["table"]), ())
    for place, bound in zip(written, node.params["bounds"], strict=False):
        if (asked.cells & (x > float(Fraction(bound)))).any():
            yield ROW, place, ""


def entries(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    """The entries of a matrix that some pair took."""
    written = seen.rows.get((str(node.params["name"]), place_of_node(node)), ())
    index = seen.scene.block.index
    level = seen.scene.plan.levels[node.level]
    first, second = index.levels[node.level].parts[:2]
    taken = set()
    for row in seen.needed[number].rows.tolist():
        taken.add(frozenset(index.label(level.of, int(part[row])) for part in (first, second)))
    for place, entry in zip(written, node.params["entries"], strict=False):
        if frozenset(entry[:2]) in taken:
            yield ROW, place, ""


# ---- formulas ----------------------------------------------------------------------------------------------


def branches(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    asked = seen.asked(number)
    condition = asked.input(0)
    for value, part in ((1, "then"), (0, "else")):
        if (asked.cells & (condition == value)).any():
            yield BRANCH, place_of_node(node), part


def operands(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    """The operands that decided: equal to the result where another is not."""
    asked = seen.asked(number)
    xs = [asked.input(k) for k in range(len(node.inputs))]
    result = (np.maximum if node.op == "max" else np.minimum).reduce(np.broadcast_arrays(*xs))
    some_differ = np.logical_or.reduce([x != result for x in xs])
    for k, x in enumerate(xs):
        if (asked.cells & some_differ & (x == result)).any():
            yield OPERAND, place_of_node(node), str(k)


def clamped(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    asked = seen.asked(number)
    x, low, high = (asked.input(k) for k in range(3))
    for part, here in (("low", x < low), ("high", x > high), ("inside", (x >= low) & (x <= high))):
        if (asked.cells & here).any():
            yield OPERAND, place_of_node(node), part


def points(seen: Seen, number: int, node: Node) -> Iterator[Mark]:
    """The points at which an extreme over a scenario table was reached; a worst that is no loss has none."""
    kind, axis = str(node.params["kind"]), str(node.params["axis"])
    written = next((rows for (name, _), rows in seen.rows.items() if name == f"axis {axis}"), ())
    if kind not in EXTREME or not written:
        return
    asked = seen.asked(number)
    x = EXTREME[kind] * asked.input(0)
    if node.params.get("where"):
        x = np.where(asked.input(1) == 1, x, -np.inf)
    along = 1 + asked.frame.index(axis)
    best = np.nan_to_num(x, nan=-np.inf)
    bound = asked.cells & (best.max(axis=along, keepdims=True) > (0 if kind == "worst" else -np.inf))
    at = np.broadcast_to(best.argmax(axis=along, keepdims=True), bound.shape)
    for point in np.unique(at[bound]).tolist():
        yield POINT, written[point], ""


EXTREME = {"worst": -1.0, "worst_unfloored": -1.0, "smallest": -1.0, "largest": 1.0}

OBSERVERS: Mapping[str, Callable[[Seen, int, Node], Iterator[Mark]]] = {
    "match": matched,
    "model": matched,
    "marginal": brackets,
    "matrix": entries,
    "pairing": patterns,
    "if": branches,
    "max": operands,
    "min": operands,
    "clamp": clamped,
    "fold_over": points,
}
