"""Statements that put positions together: legs, strategies with their patterns and pools, pairings."""

from __future__ import annotations

from dataclasses import dataclass

from pmdsl.syntax.ast.declarations import Declaration
from pmdsl.syntax.ast.expressions import Path
from pmdsl.syntax.ast.nodes import Expr, Name, Node
from pmdsl.syntax.ast.parts import Notes


@dataclass(frozen=True)
class LegDecl(Declaration):
    """`leg call = option where right == call`: some of the positions, or of another leg's."""

    name: Name
    of: Name
    where: Expr
    notes: Notes


@dataclass(frozen=True)
class Amount(Node):
    """`amount credit default 0`: what each pattern charges; `default` for those that do not say."""

    name: Name
    default: Expr | None


@dataclass(frozen=True)
class SlotDecl(Node):
    """`long stock s`, with `count EXPR` where the number of contracts is not that of equal sizes."""

    side: str
    leg: Name
    name: Name
    count: Expr | None


@dataclass(frozen=True)
class Charge(Node):
    """`charge initial = …`."""

    amount: Name
    value: Expr


@dataclass(frozen=True)
class Needs(Node):
    """`each b needs a where …`: what a short leg of a pool asks of the long ones."""

    leg: Name
    other: Name
    where: Expr


@dataclass(frozen=True)
class PatternDecl(Node):
    """`pattern NAME { … }`, or `pool NAME { … }` for any number of legs.

    `balanced` and `needs` are of a pool only; `balanced` is empty where nothing is said.
    """

    name: Name
    pool: bool
    same: tuple[Path, ...]
    slots: tuple[SlotDecl, ...]
    where: Expr | None
    balanced: tuple[Path, ...]
    needs: tuple[Needs, ...]
    charges: tuple[Charge, ...]
    notes: Notes


@dataclass(frozen=True)
class Strategies(Declaration):
    """`strategies cover within class_group measured in size { … }`."""

    name: Name
    within: Name
    measure: Path | None
    same: tuple[Path, ...]
    amounts: tuple[Amount, ...]
    patterns: tuple[PatternDecl, ...]
    notes: Notes


@dataclass(frozen=True)
class Pairing(Declaration):
    """`pairing opening = cover minimising initial then maintenance only long_stock, short_stock`.

    `only` and `without` name patterns; at most one of them is not empty.
    """

    name: Name
    strategies: Name
    objectives: tuple[Expr, ...]
    only: tuple[Name, ...]
    without: tuple[Name, ...]
    notes: Notes
