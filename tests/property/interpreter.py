"""What a drawn rule set comes to: one row and one point at a time, in exact fractions."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.operators.running import Member
from tests.property.drawing import ACCOUNT, FINE, GROUP, LEAVES, POINTS, RUN, SHOCKS, Program, Step

Row = tuple[str, ...]
RATE = Fraction(3, 2)


@dataclass
class Interpreter:
    """A program on some members. A row is (), (account,), (account, group) or (account, group, name)."""

    program: Program
    members: list[Member]
    known: dict[tuple[int, Row, int], Fraction] = field(default_factory=dict)

    def rows(self, level: str) -> list[Row]:
        """The rows of a level, each once."""
        full = [(m.account, m.group, f"U{k}") for k, m in enumerate(self.members)]
        size = {FINE: 3, GROUP: 2, ACCOUNT: 1, RUN: 0}[level]
        return list(dict.fromkeys(row[:size] for row in full))

    def value(self, number: int, row: Row, point: int) -> Fraction:
        """A step as a row of its own level or of a finer one sees it, at a point."""
        step = self.program[number]
        size = {FINE: 3, GROUP: 2, ACCOUNT: 1, RUN: 0}[step.level]
        key = (number, row[:size], point if step.axis else 0)
        if key not in self.known:
            self.known[key] = getattr(self, step.op)(step, row[:size], point)
        return self.known[key]

    def leaf(self, step: Step, row: Row, point: int) -> Fraction:
        return self.named(step.words[0], row, point)

    def named(self, name: str, row: Row, point: int) -> Fraction:
        if name == "shock":
            return Fraction(SHOCKS[point])
        if name == "rate":
            return RATE
        return Fraction(self.members[int(row[2][1:])].values[name])

    def arithmetic(self, step: Step, row: Row, point: int) -> Fraction:
        a, b = (self.value(k, row, point) for k in step.inputs)
        return {"+": a + b, "-": a - b, "min": min(a, b), "max": max(a, b)}[step.words[0]]

    def scaled(self, step: Step, row: Row, point: int) -> Fraction:
        return self.value(step.inputs[0], row, point) * self.named(LEAVES[step.inputs[1]], row, point)

    def branch(self, step: Step, row: Row, point: int) -> Fraction:
        a, b, c, d = (self.value(k, row, point) for k in step.inputs)
        return c if {"<": a < b, "<=": a <= b, "==": a == b, ">": a > b}[step.words[0]] else d

    def table(self, step: Step, row: Row, point: int) -> Fraction:
        key, low, high = (self.value(k, row, point) for k in step.inputs)
        return low if key < 0 else high if key < Fraction(5, 2) else low - high

    def inside(self, step: Step, row: Row) -> list[Row]:
        """The members of a row, at the level of what is reduced."""
        level = self.program[step.inputs[0]].level
        return [member for member in self.rows(level) if member[: len(row)] == row]

    def fold(self, step: Step, row: Row, point: int) -> Fraction:
        x, condition = step.inputs
        inside = [m for m in self.inside(step, row) if self.value(condition, m, point) > 0]
        found = [self.value(x, m, point) for m in inside]
        if step.words[0] == "sum":
            return sum(found, Fraction(0))
        if not found:
            return Fraction(2)
        return max(found) if step.words[0] == "largest" else min(found)

    def net(self, step: Step, row: Row, point: int) -> Fraction:
        found = [self.value(step.inputs[0], m, point) for m in self.inside(step, row)]
        share = Fraction(step.words[1])
        return sum((min(x, Fraction(0)) + share * max(x, Fraction(0)) for x in found), Fraction(0))

    def along(self, number: int, row: Row) -> list[Fraction]:
        return [self.value(number, row, point) for point in range(len(POINTS))]

    def over(self, step: Step, row: Row, point: int) -> Fraction:
        xs = self.along(step.inputs[0], row)
        worst = max(-x for x in xs)
        return {
            "worst": max(worst, Fraction(0)), "worst unfloored": worst, "largest": max(xs),
            "smallest": min(xs),
            "sum": sum(xs, Fraction(0)),
        }[step.words[0]]  # fmt: skip

    def at_name(self, step: Step, row: Row, point: int) -> Fraction:
        return self.value(step.inputs[0], row, POINTS.index(step.words[0]))

    def at_point(self, step: Step, row: Row, point: int) -> Fraction:
        x, other = step.inputs
        best = self.along(other, row)
        return self.value(x, row, best.index(max(best)))
