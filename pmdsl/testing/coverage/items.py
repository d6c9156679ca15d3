"""What coverage counts, and how much of it was reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import abspath

from pmdsl.plan.nodes import Node
from pmdsl.source import Span

Place = tuple[str, int, int]
Mark = tuple[str, Place, str]

ROW, SEGMENT, BRANCH, OPERAND, CONDITION, POINT = "row", "segment", "branch", "operand", "condition", "point"
# A pattern of strategies: reached where a pairing takes a match of it.
PATTERN = "pattern"
KINDS = (ROW, PATTERN, SEGMENT, BRANCH, OPERAND, CONDITION, POINT)
# A row that stands in a CSV file: reached as rows are, and counted apart.
FILE_ROW = "row of a file"
APART = (POINT, FILE_ROW)


@dataclass(frozen=True)
class Item:
    """One thing that the author wrote and a test should reach.

    `kind` is row (of a table, a matrix or the pricing), pattern (of strategies, where a pairing takes it),
    segment (of a parameter), branch (of an `if`), operand (of `max`, `min` or `clamp`, where it decides),
    condition (an eligibility or an alert, for each outcome), point (of a scenario table, where it binds) or
    row of a file. `what` names it for people; `part` is the branch, the operand or the outcome.
    """

    kind: str
    what: str
    part: str
    span: Span

    @property
    def mark(self) -> Mark:
        return ROW if self.kind == FILE_ROW else self.kind, place_of(self.span), self.part


@dataclass(frozen=True)
class Coverage:
    """What the tests of one rule set reached.

    `items` are in the order of writing; points and rows of files are counted apart.
    """

    rules: str
    items: tuple[tuple[Item, bool], ...]

    def of(self, kind: str) -> tuple[tuple[Item, bool], ...]:
        return tuple((item, hit) for item, hit in self.items if item.kind == kind)

    @property
    def uncovered(self) -> tuple[Item, ...]:
        """What no test reached, without what is counted apart."""
        return tuple(item for item, hit in self.items if not hit and item.kind not in APART)

    @property
    def counted(self) -> tuple[int, int]:
        """How many items were reached, and how many there are, without what is counted apart."""
        return count([(item, hit) for item, hit in self.items if item.kind not in APART])

    @property
    def points(self) -> tuple[int, int]:
        """How many scenario points bound something, and how many there are."""
        return count(self.of(POINT))

    @property
    def file_rows(self) -> tuple[int, int]:
        """How many rows of files were taken, and how many there are."""
        return count(self.of(FILE_ROW))


def count(items: Sequence[tuple[Item, bool]]) -> tuple[int, int]:
    """How many of some items were reached, and how many there are."""
    return sum(hit for _, hit in items), len(items)


def place_of(span: Span) -> Place:
    """The place of a span: its file, however that was called, its line and its column."""
    line, column = span.source.line_column(span.start)
    return abspath(span.source.name), line, column


def place_of_node(node: Node) -> Place:
    """The place that a node comes from."""
    return abspath(node.origin.file), node.origin.line, node.origin.column
