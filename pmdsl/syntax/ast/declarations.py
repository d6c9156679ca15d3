"""Statements of a methodology that say what there is: its header, inputs, levels, values, tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pmdsl.syntax.ast.expressions import Path
from pmdsl.syntax.ast.nodes import Expr, Name, Node
from pmdsl.syntax.ast.parts import Dated, Field, Notes, Stricter, TypeName
from pmdsl.syntax.ast.tables import Body, Outside


@dataclass(frozen=True)
class Declaration(Node):
    """A statement of a methodology."""


@dataclass(frozen=True)
class Title(Declaration):
    """`title "A text"`."""

    text: str


@dataclass(frozen=True)
class Version(Declaration):
    """`version "1"`."""

    text: str


@dataclass(frozen=True)
class Currency(Declaration):
    """`currency USD`."""

    name: Name


@dataclass(frozen=True)
class Covers(Declaration):
    """`covers 2020-01-01 onward`; both ends are inclusive."""

    start: date
    end: date | None


@dataclass(frozen=True)
class Extends(Declaration):
    """`extends NAME at "1" digest "…"`."""

    parent: str
    version: str | None
    digest: str | None


@dataclass(frozen=True)
class Lots(Declaration):
    """`lots`: positions of equal account and instrument are kept apart."""


@dataclass(frozen=True)
class SourceDecl(Declaration):
    """`source NAME { title … }`."""

    name: Name
    fields: tuple[tuple[str, str | date], ...]


@dataclass(frozen=True)
class Kind(Declaration):
    """`kind NAME = word | word`."""

    name: Name
    words: tuple[Name, ...]
    notes: Notes


@dataclass(frozen=True)
class SetDecl(Declaration):
    """`set NAME = word, word`."""

    name: Name
    words: tuple[Name, ...]
    notes: Notes


@dataclass(frozen=True)
class Input(Declaration):
    """`input NAME by KEYS from data NAME { fields }`."""

    name: Name
    keys: tuple[Name, ...]
    data: str | None
    fields: tuple[Field, ...]
    notes: Notes


@dataclass(frozen=True)
class Levels(Declaration):
    """`levels position -> name -> account`."""

    chain: tuple[Name, ...]
    notes: Notes


@dataclass(frozen=True)
class Level(Declaration):
    """`level issuer = instrument.issuer of position`."""

    name: Name
    keys: tuple[Expr, ...]
    of: Name
    where: Expr | None
    notes: Notes


@dataclass(frozen=True)
class Group(Declaration):
    """`group name = underlying.id where …`."""

    name: Name
    keys: tuple[Expr, ...]
    where: Expr | None
    notes: Notes


@dataclass(frozen=True)
class History(Node):
    """`from returns.date last 500 where …`."""

    path: Path
    last: int | None
    where: Expr | None


@dataclass(frozen=True)
class Distinct(Node):
    """`each strike also 0 within class_group`."""

    each: Expr
    also: Expr | None
    within: Name


@dataclass(frozen=True)
class Scenarios(Declaration):
    """`scenarios NAME`: its points as rows, or where they come from."""

    name: Name
    content: Body | History | Distinct
    notes: Notes


@dataclass(frozen=True)
class Param(Declaration):
    """`param NAME: TYPE { segments }`."""

    name: Name
    type: TypeName
    segments: tuple[Dated, ...]
    stricter: Stricter | None
    notes: Notes


@dataclass(frozen=True)
class Params(Declaration):
    """`params { rows }`: a parameter a row."""

    body: Body
    notes: Notes


@dataclass(frozen=True)
class TableDecl(Declaration):
    """A decision or look-up table; `policy` is unique, first or collect, None inside an override."""

    policy: str | None
    name: Name
    keys: tuple[Path, ...]
    outside: Outside | None
    body: Body | None
    notes: Notes


@dataclass(frozen=True)
class Matrix(Declaration):
    """`matrix NAME by LEVEL`."""

    name: Name
    by: Name
    outside: Outside | None
    body: Body | None
    notes: Notes


@dataclass(frozen=True)
class PairDecl(Declaration):
    """`pair rho between factor a and b within bucket = …` or with a table of cases."""

    name: Name
    level: Name
    first: Name
    second: Name
    within: Name | None
    content: Expr | Body
    notes: Notes


@dataclass(frozen=True)
class Pricing(Declaration):
    """`pricing { rows }`."""

    body: Body
    notes: Notes
