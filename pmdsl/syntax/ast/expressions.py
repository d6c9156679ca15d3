"""Formulas: literals, operators, calls, look-ups."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from pmdsl.syntax.ast.nodes import Expr, Node


@dataclass(frozen=True)
class Number(Expr):
    """`1_000.50`: the value and the text as written (`1_000.50`)."""

    value: Fraction
    text: str = field(compare=False)


@dataclass(frozen=True)
class Percent(Expr):
    """`15%`: value 15/100."""

    value: Fraction
    text: str = field(compare=False)


@dataclass(frozen=True)
class Money(Expr):
    """`USD 0.375`."""

    currency: str
    value: Fraction
    text: str = field(compare=False)


@dataclass(frozen=True)
class Contracts(Expr):
    """`1_000 contracts`, `1 contract`: the number and the text as written."""

    value: Fraction
    text: str = field(compare=False)


@dataclass(frozen=True)
class Text(Expr):
    """A quoted text."""

    value: str


@dataclass(frozen=True)
class Date(Expr):
    """An ISO date."""

    value: date


@dataclass(frozen=True)
class Path(Expr):
    """A name, perhaps with dots: `underlying.price`."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True)
class Paren(Expr):
    """Parentheses as the author set them."""

    inner: Expr


@dataclass(frozen=True)
class Sign(Expr):
    """`-x` or `+x`."""

    operator: str
    operand: Expr


@dataclass(frozen=True)
class Binary(Expr):
    """`+ - * /`."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Compare(Expr):
    """`== != < <= > >=`."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Member(Expr):
    """`x in SET`."""

    operand: Expr
    set: str


@dataclass(frozen=True)
class Not(Expr):
    """`not x`."""

    operand: Expr


@dataclass(frozen=True)
class And(Expr):
    """`x and y`: y is looked at only where x holds."""

    left: Expr
    right: Expr


@dataclass(frozen=True)
class Or(Expr):
    """`x or y`: y is looked at only where x does not hold."""

    left: Expr
    right: Expr


@dataclass(frozen=True)
class If(Expr):
    """`if c then a else b`."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True)
class Arg(Node):
    """An argument, perhaps named."""

    name: str | None
    value: Expr


@dataclass(frozen=True)
class Call(Expr):
    """`f(a, name: b)`."""

    function: Path
    args: tuple[Arg, ...]


@dataclass(frozen=True)
class Index(Expr):
    """`table[key, key].column`, `step[point]`, `held[stage: clearing]`."""

    target: Path
    args: tuple[Arg, ...]
    column: str | None


@dataclass(frozen=True)
class At(Expr):
    """`x at POINT`, `x at last(day)`, `value at (price_by: a)`, `source at "paragraph"`.

    `place` is a Path, a Call, a Text, or a tuple of named arguments.
    """

    operand: Expr
    place: Path | Call | Text | tuple[Arg, ...]


@dataclass(frozen=True)
class Marginal(Expr):
    """`marginal table.column of (x)`: each bracket's rate on the part of x that lies in the bracket."""

    column: Path
    operand: Expr


@dataclass(frozen=True)
class Convert(Expr):
    """`convert x to USD [haircut h]`."""

    operand: Expr
    currency: str
    haircut: Expr | None
