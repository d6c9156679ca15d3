"""Statements of a methodology that work something out, answer it, or change a parent's."""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.syntax.ast.declarations import Declaration
from pmdsl.syntax.ast.nodes import Expr, Name
from pmdsl.syntax.ast.parts import Notes


@dataclass(frozen=True)
class Formula(Declaration):
    """`formula NAME(x) = …`."""

    name: Name
    params: tuple[Name, ...]
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Step(Declaration):
    """`step NAME for GUARD = …`."""

    name: Name
    guard: Name | None
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Require(Declaration):
    """`require NAME by AXIS = …`."""

    name: Name
    by: Name | None
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Report(Declaration):
    """`report NAME by AXIS = …`."""

    name: Name
    by: Name | None
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Eligible(Declaration):
    """`eligible NAME "message": condition`."""

    name: Name
    message: str
    condition: Expr
    notes: Notes


@dataclass(frozen=True)
class Alert(Declaration):
    """`alert NAME "message" severity WORD when condition`."""

    name: Name
    message: str
    severity: Name
    condition: Expr
    notes: Notes


@dataclass(frozen=True)
class Check(Declaration):
    """`check "message": claim`."""

    message: str
    claim: Expr
    notes: Notes


@dataclass(frozen=True)
class Override(Declaration):
    """`override [tighten]` of a parent's declaration."""

    tighten: bool
    declaration: Declaration


@dataclass(frozen=True)
class Remove(Declaration):
    """`remove WORD NAME because "…"`."""

    what: Name
    name: str
    notes: Notes
