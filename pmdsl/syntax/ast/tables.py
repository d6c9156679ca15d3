"""Tables: cells, rows, columns, and where rows come from."""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.syntax.ast.nodes import Expr, Name, Node
from pmdsl.syntax.ast.parts import Notes, Stricter, TypeName


@dataclass(frozen=True)
class AnyCell(Expr):
    """`any`."""


@dataclass(frozen=True)
class AloneCell(Expr):
    """`alone`."""


@dataclass(frozen=True)
class EachCell(Expr):
    """`each a, b, c`: a Cartesian product in place."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class BoundCell(Expr):
    """`< 2`, `>= 5`."""

    operator: str
    operand: Expr


@dataclass(frozen=True)
class RangeCell(Expr):
    """`2 up to 5`: from 2, below 5."""

    low: Expr
    high: Expr


@dataclass(frozen=True)
class Row(Node):
    """A row of a table; None is an empty cell."""

    cells: tuple[Expr | None, ...]


@dataclass(frozen=True)
class Column(Node):
    """A typed column of a table, and the header that it has in the data."""

    name: Name
    type: TypeName
    header: str | None


@dataclass(frozen=True)
class Outside(Node):
    """Where rows come from: `file "x.csv"`, `data NAME` or `book`."""

    kind: str
    name: str | None


@dataclass(frozen=True)
class Body(Node):
    """What stands in the braces of a table; rows include the header row, `default` is a matrix' default."""

    notes: Notes
    stricter: Stricter | None
    columns: tuple[Column, ...]
    default: Expr | None
    rows: tuple[Row, ...]
