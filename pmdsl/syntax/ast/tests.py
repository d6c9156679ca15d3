"""Tests of rule files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pmdsl.syntax.ast.expressions import Arg, Path
from pmdsl.syntax.ast.nodes import Expr, Node
from pmdsl.syntax.ast.tables import Row


@dataclass(frozen=True)
class TestMember(Node):
    """A statement of a test."""

    __test__ = False


@dataclass(frozen=True)
class Using(TestMember):
    """`using RULES`."""

    rules: str


@dataclass(frozen=True)
class On(TestMember):
    """`on 2024-03-01`."""

    value: date


@dataclass(frozen=True)
class Rate(TestMember):
    """`rate 5%`."""

    value: Expr


@dataclass(frozen=True)
class Block(TestMember):
    """`positions { rows }`, `table returns { rows }`, `data product_groups { rows }`."""

    kind: str
    name: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ExpectValue(TestMember):
    """`expect loss[A1, XYZ] at down = USD 1 within USD 0.01`."""

    target: Path
    args: tuple[Arg, ...]
    point: str | None
    value: Expr
    within: Expr | None


@dataclass(frozen=True)
class ExpectError(TestMember):
    """`expect error PM701`."""

    code: str


@dataclass(frozen=True)
class ExpectFires(TestMember):
    """`expect fires table[cells]`."""

    table: Path
    args: tuple[Arg, ...]


@dataclass(frozen=True)
class ExpectState(TestMember):
    """`expect binding maintenance = d5`, `expect alert call[A1] = yes`; `kind` is binding, eligible, alert or
    check.
    """

    kind: str
    name: str
    args: tuple[Arg, ...]
    value: Expr


@dataclass(frozen=True)
class TestCase(Node):
    """`test "title" { members }`."""

    title: str
    members: tuple[TestMember, ...]

    __test__ = False
