"""From a value to what it is made of: the operand taken, the point that bound, the members that were summed.

A `Derivation` follows the nodes of the plan backwards through the values of one traced account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pmdsl.compare.cited import Citations
from pmdsl.compare.explanation import Credit, Fact, Part
from pmdsl.compare.held import held_of, match_of
from pmdsl.compare.values import Place, Values
from pmdsl.plan.nodes import Node, Output

THROUGH = frozenset(["neg", "abs", "round", "clamp", "currency", "sqrt", "floor", "ceil"])
EXTREMES = frozenset(["largest", "smallest", "worst", "worst_unfloored"])
UNTOLD = frozenset(["input", "select"])
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
FOLDS = frozenset(["fold_into", "net_into", "aggregate"])


@dataclass(frozen=True, eq=False)
class Derivation(Values):
    """Follows one account's values down."""

    citations: Citations

    def of_output(self, output: Output, account: str) -> Part:
        """What a requirement is made of."""
        return self.part(Place(output.node, 0, {}), "account", account)

    # ---- values --------------------------------------------------------------------------------------------

    def name(self, number: int) -> str:
        """The step that a node is the value of."""
        steps = self.traced.scene.plan.steps
        return next((name for name, node in steps.items() if node == number), "")

    def said(self, number: int) -> str:
        """What to call an operand: its step, else its formula."""
        node = self.node(number)
        text = "" if node.op in UNTOLD else " ".join(node.origin.text.split())
        text = text or self.told(node)
        return (
            self.name(number)
            or self.citations.base_name(node)
            or (text if len(text) <= 40 else text[:39] + "…")
        )

    def told(self, node: Node) -> str:
        """A value that no formula was kept for, by its operation."""
        if node.op == "input":
            return f"{node.params['table']}.{node.params['column']}"
        if node.op == "select":
            table, column = str(node.params["table"]), str(node.params["column"])
            return table if table == column else f"{table}.{column}"
        if node.op in ("const", "word"):
            return str(node.params["value"])
        sign = SIGNS.get(node.op)
        return (
            f" {sign} ".join(map(self.said, node.inputs))
            if sign
            else " ".join(map(self.said, node.inputs[:1]))
        )

    # ---- one row -------------------------------------------------------------------------------------------

    def part(self, place: Place, level: str, label: str) -> Part:
        """The value of one row, followed until it divides into members or terms."""
        amount, step = self.value(place), self.name(place.node)
        found = Part(level, label, step, amount, formula=" ".join(self.node(place.node).origin.text.split()))
        return self.followed(place, found)

    def followed(self, place: Place, found: Part) -> Part:
        """Follow a place down, collecting facts, until there are parts."""
        extreme = False
        while True:
            node = self.node(place.node)
            if node.op in ("max", "min") and node.base == "number":
                place, facts = self.taken(place, node)
                extreme = True
                found = replace(found, facts=(*found.facts, *facts))
            elif node.op == "fold_over" and node.params["kind"] in EXTREMES:
                place, word = self.at_extreme(place, node)
                found = replace(found, by=found.by or word)
            elif node.op in FOLDS:
                whole = self.members(place, node, found)
                bound = any(part.by for part in whole.parts)
                return replace(whole, by=found.by or ("minimum" if extreme and not bound else ""))
            elif node.op in ("add", "sub"):
                return self.terms(place, node, found)
            else:
                onward, facts = self.onward(place, node)
                found = replace(found, facts=(*found.facts, *facts))
                if onward is None:
                    return replace(found, by=found.by or ("minimum" if extreme and found.amount else ""))
                place = onward

    def onward(self, place: Place, node: Node) -> tuple[Place | None, tuple[Fact, ...]]:
        """The input that a value comes from, and the factors that it is multiplied by; None at a leaf."""
        if node.op in THROUGH:
            return self.input(place, node, 0), ()
        if node.op == "down":
            row = self.row_of(node.inputs[0], node.level, place.row)
            return (Place(node.inputs[0], row, place.points) if row >= 0 else None), ()
        if node.op == "if":
            condition = self.value(self.input(place, node, 0))
            return (self.input(place, node, 1 if condition == 1 else 2) if condition in (0, 1) else None), ()
        if node.op == "pick":
            return self.at_point(place, node), ()
        if node.op == "select":
            row = int(self.value(self.input(place, node, 0)))
            return (self.input(place, node, row + 1) if row >= 0 else None), ()
        if node.op in ("mul", "div") and self.is_folded(place.node):
            return self.product(place, node)
        return None, ()

    def at_point(self, place: Place, node: Node) -> Place | None:
        """The place of what is read at a point; None where the point could not be had."""
        at = self.value(self.input(place, node, 1))
        points = {**place.points, str(node.params["axis"]): int(at)} if at >= 0 else None
        return replace(self.input(place, node, 0), points=points) if points is not None else None

    def input(self, place: Place, node: Node, number: int) -> Place:
        """The place of an input of a node at the same level, or of the whole run."""
        index = node.inputs[number]
        return Place(index, place.row if self.node(index).level else 0, place.points)

    def is_folded(self, number: int) -> bool:
        """Whether a value was made by summing members somewhere below."""
        level = self.node(number).level
        seen: set[int] = set()
        queue = [number]
        while queue:
            here = queue.pop()
            node = self.node(here)
            if here in seen or node.level not in (level, ""):
                continue
            seen.add(here)
            if node.op in FOLDS or node.op == "down":
                return True
            queue.extend(node.inputs)
        return False

    def product(self, place: Place, node: Node) -> tuple[Place | None, tuple[Fact, ...]]:
        """The factor that was made of members; the others become facts."""
        inputs = [self.input(place, node, k) for k in range(len(node.inputs))]
        main = next((p for p in inputs if self.node(p.node).level and self.is_folded(p.node)), None)
        if main is None:
            return None, ()
        others = [p for p in inputs if p is not main]
        sign = "divisor" if node.op == "div" else "factor"
        return main, tuple(Fact(sign, self.said(p.node), self.value(p), self.value(main)) for p in others)

    # ---- choices -------------------------------------------------------------------------------------------

    def taken(self, place: Place, node: Node) -> tuple[Place, tuple[Fact, ...]]:
        """The operand of an extreme that was taken, the first of equals; the others are facts."""
        operands = [self.input(place, node, k) for k in range(len(node.inputs))]
        values = [self.value(operand) for operand in operands]
        best = max(values) if node.op == "max" else min(values)
        winner = values.index(best) if best in values else 0
        facts = tuple(
            Fact("taken" if k == winner else "left", self.said(p.node), v)
            for k, (p, v) in enumerate(zip(operands, values, strict=True))
        )
        return operands[winner], facts

    def at_extreme(self, place: Place, node: Node) -> tuple[Place, str]:
        """The point at which an extreme was reached, the first of equals, and what it is called."""
        axis = str(node.params["axis"])
        below = self.input(place, node, 0)
        line = self.along(below, axis)
        kind = node.params["kind"]
        line = -line if kind.startswith("worst") else line
        if np.isnan(line).all():
            return replace(below, points={**place.points, axis: 0}), ""
        at = int(np.nanargmin(line) if kind == "smallest" else np.nanargmax(line))
        word = self.point(axis, at, below)
        loss = kind != "worst" or line[at] > 0
        return replace(below, points={**place.points, axis: at}), word if loss else ""

    # ---- sums ----------------------------------------------------------------------------------------------

    def members(self, place: Place, node: Node, found: Part) -> Part:
        """The members that were summed, each with its own value."""
        fine = self.node(node.inputs[0]).level
        rows = self.traced.members(fine, node.level, place.row) if fine != node.level else (place.row,)
        rows = self.counted(node, rows, place)
        below = [Place(node.inputs[0], row, place.points) for row in rows]
        credit = self.credit(node, below, self.value(place)) if node.op == "net_into" else None
        kind = self.traced.scene.plan.levels[fine].kind
        if kind != "group":
            line = match_of if kind == "match" else held_of
            lines = tuple(
                line(self.traced, member.node, member.row, member.points, self.value(member))
                for member in below
            )
            parts: tuple[Part, ...] = ()
        else:
            lines = ()
            parts = tuple(self.part(member, fine, self.traced.label(fine, member.row)) for member in below)
        parts = (
            tuple(self.with_rows(part, below[k]) for k, part in enumerate(parts))
            if found.level == "account"
            else parts
        )
        cited = self.citations.rows(place.node, place.row) if found.level == "account" and not parts else ()
        return replace(found, how=how(node), credit=credit, positions=lines, parts=parts, cited=cited)

    def with_rows(self, part: Part, place: Place) -> Part:
        """An outermost group with the rows of tables that mattered to it."""
        return replace(part, cited=self.citations.rows(place.node, place.row))

    def counted(self, node: Node, rows: tuple[int, ...], place: Place) -> tuple[int, ...]:
        """The members that a `where` lets through."""
        if not node.params.get("where"):
            return rows
        index = 2 if node.op == "net_into" else len(node.inputs) - 1 - bool(node.params.get("if_empty"))
        test = node.inputs[index]
        return tuple(
            row
            for row in rows
            if self.value(Place(test, row if self.node(test).level else 0, place.points)) == 1
        )

    def credit(self, node: Node, members: list[Place], after: float) -> Credit:
        """How gains of members paid for losses of others."""
        values = [self.value(member) for member in members]
        share = node.inputs[1]
        shares = {self.value(Place(share, m.row if self.node(share).level else 0, m.points)) for m in members}
        losses, gains = sum(min(v, 0.0) for v in values), sum(max(v, 0.0) for v in values)
        return Credit(losses, gains, shares.pop() if len(shares) == 1 else None, after)

    def terms(self, place: Place, node: Node, found: Part) -> Part:
        """The terms of a sum, each followed by itself; below the account those of no amount are left out."""
        parts: list[Part] = []
        for k, _ in enumerate(node.inputs):
            operand = self.input(place, node, k)
            value = self.value(operand)
            if value != value or (value == 0 and found.level != "account"):
                continue
            part = self.part(operand, found.level, self.said(operand.node))
            parts.append(replace(part, amount=-value) if node.op == "sub" and k == 1 else part)
        if len(parts) == 1 and parts[0].amount == found.amount:
            only = parts[0]
            return replace(
                only,
                level=found.level,
                name=found.name,
                by=found.by or only.by,
                facts=(*found.facts, *only.facts),
            )
        return replace(found, parts=tuple(parts))


def how(node: Node) -> str:
    """How members make a value, where it is not their plain sum or netting."""
    if node.op == "aggregate":
        return f"members aggregated with {node.params.get('matrix', 'correlation')}"
    kind = str(node.params.get("kind", "sum"))
    return "" if node.op == "net_into" or kind == "sum" else f"{kind} of the members"
