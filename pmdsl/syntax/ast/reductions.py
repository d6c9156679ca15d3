"""Reductions: what takes a value towards the whole, or takes an axis away."""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.syntax.ast.nodes import Expr


@dataclass(frozen=True)
class Fold(Expr):
    """`sum x where c into LEVEL`, `largest x over AXIS`; `kind` is sum, largest, smallest or average."""

    kind: str
    operand: Expr
    where: Expr | None
    into: str | None
    over: str | None
    if_empty: Expr | None


@dataclass(frozen=True)
class Net(Expr):
    """`net x into LEVEL crediting p of gains`."""

    operand: Expr
    where: Expr | None
    into: str
    crediting: Expr


@dataclass(frozen=True)
class Worst(Expr):
    """`worst [unfloored] x over AXIS`."""

    operand: Expr
    where: Expr | None
    over: str
    unfloored: bool


@dataclass(frozen=True)
class Quantile(Expr):
    """`quantile p of x over AXIS by CONVENTION [weighing w]`; `kind` is quantile or tail_mean."""

    kind: str
    level: Expr
    operand: Expr
    where: Expr | None
    over: str
    by: str
    weighing: Expr | None


@dataclass(frozen=True)
class Ewma(Expr):
    """`ewma x over AXIS decay d`."""

    operand: Expr
    over: str
    decay: Expr


@dataclass(frozen=True)
class Aggregate(Expr):
    """`aggregate x [carrying c [clamped [when negative]]] with R [dropping negative pairs] into LEVEL`.

    `clamped` is None, "always" or "when negative".
    """

    operand: Expr
    carrying: Expr | None
    clamped: str | None
    matrix: str
    dropping: bool
    where: Expr | None
    into: str


@dataclass(frozen=True)
class Choose(Expr):
    """`choose largest x then smallest y [ties t] over AXIS`; preferences are (fold, expression) pairs."""

    preferences: tuple[tuple[str, Expr], ...]
    ties: Expr | None
    over: str
