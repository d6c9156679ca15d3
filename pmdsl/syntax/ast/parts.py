"""What stands beside and inside declarations: notes, types, fields, dated values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pmdsl.source import Span
from pmdsl.syntax.ast.nodes import Expr, Name, Node


@dataclass(frozen=True)
class Cite(Node):
    """`cite SOURCE at "where"`."""

    source: Name
    at: str


@dataclass(frozen=True)
class Notes(Node):
    """What stands beside a declaration: citations, a reason, and whether it is unverified."""

    cites: tuple[Cite, ...] = ()
    because: str | None = None
    unverified: bool = False
    because_span: Span | None = field(default=None, compare=False, repr=False)
    unverified_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class TypeName(Node):
    """`money`, `money per contract`, the name of a kind."""

    name: str
    per: str | None


@dataclass(frozen=True)
class Field(Node):
    """One attribute of an input."""

    name: Name
    type: TypeName
    default: Expr | None


@dataclass(frozen=True)
class Dated(Node):
    """One segment of a parameter; both ends are inclusive."""

    start: date
    end: date | None
    value: Expr


@dataclass(frozen=True)
class Stricter(Node):
    """`stricter higher`, or `stricter down: lower, up: higher`; the column is None in the first form."""

    marks: tuple[tuple[str | None, str], ...]
