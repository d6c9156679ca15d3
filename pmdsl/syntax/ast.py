"""The syntax tree: frozen dataclasses, one for each thing that can be written, each with its span.

Spans do not take part in equality, so two texts that differ in layout alone give equal trees.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from functools import cache

from pmdsl.source import Source, Span

NOWHERE = Span(Source("", ""), 0, 0)


@dataclass(frozen=True, kw_only=True)
class Node:
    """Anything that was written, with its place."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


# ---- expressions -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expr(Node):
    """An expression."""


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


# ---- cells of tables ---------------------------------------------------------------------------------------


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


# ---- parts of declarations ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name(Node):
    """A name that is declared or referred to, with its own place."""

    text: str

    def __str__(self) -> str:
        return self.text


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


# ---- declarations ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declaration(Node):
    """A statement of a methodology."""


@dataclass(frozen=True)
class Title(Declaration):
    text: str


@dataclass(frozen=True)
class Version(Declaration):
    text: str


@dataclass(frozen=True)
class Currency(Declaration):
    name: Name


@dataclass(frozen=True)
class Covers(Declaration):
    start: date
    end: date | None


@dataclass(frozen=True)
class Extends(Declaration):
    parent: str
    version: str | None
    digest: str | None


@dataclass(frozen=True)
class Lots(Declaration):
    """`lots`: positions of equal account and instrument are kept apart."""


@dataclass(frozen=True)
class SourceDecl(Declaration):
    name: Name
    fields: tuple[tuple[str, str | date], ...]


@dataclass(frozen=True)
class Kind(Declaration):
    name: Name
    words: tuple[Name, ...]
    notes: Notes


@dataclass(frozen=True)
class SetDecl(Declaration):
    name: Name
    words: tuple[Name, ...]
    notes: Notes


@dataclass(frozen=True)
class Input(Declaration):
    name: Name
    keys: tuple[Name, ...]
    data: str | None
    fields: tuple[Field, ...]
    notes: Notes


@dataclass(frozen=True)
class Levels(Declaration):
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
    name: Name
    content: Body | History | Distinct
    notes: Notes


@dataclass(frozen=True)
class Param(Declaration):
    name: Name
    type: TypeName
    segments: tuple[Dated, ...]
    stricter: Stricter | None
    notes: Notes


@dataclass(frozen=True)
class Params(Declaration):
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
class Formula(Declaration):
    name: Name
    params: tuple[Name, ...]
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Pricing(Declaration):
    body: Body
    notes: Notes


@dataclass(frozen=True)
class Step(Declaration):
    name: Name
    guard: Name | None
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Require(Declaration):
    name: Name
    by: Name | None
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Report(Declaration):
    name: Name
    by: Name | None
    value: Expr
    notes: Notes


@dataclass(frozen=True)
class Eligible(Declaration):
    name: Name
    message: str
    condition: Expr
    notes: Notes


@dataclass(frozen=True)
class Alert(Declaration):
    name: Name
    message: str
    severity: Name
    condition: Expr
    notes: Notes


@dataclass(frozen=True)
class Check(Declaration):
    message: str
    claim: Expr
    notes: Notes


@dataclass(frozen=True)
class Override(Declaration):
    tighten: bool
    declaration: Declaration


@dataclass(frozen=True)
class Remove(Declaration):
    what: Name
    name: str
    notes: Notes


@dataclass(frozen=True)
class Methodology(Node):
    name: str
    members: tuple[Declaration, ...]


# ---- tests -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TestMember(Node):
    """A statement of a test."""

    __test__ = False


@dataclass(frozen=True)
class Using(TestMember):
    rules: str


@dataclass(frozen=True)
class On(TestMember):
    value: date


@dataclass(frozen=True)
class Rate(TestMember):
    value: Expr


@dataclass(frozen=True)
class Block(TestMember):
    """`positions { rows }`, `table returns { rows }`, `data product_groups { rows }`."""

    kind: str
    name: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ExpectValue(TestMember):
    target: Path
    args: tuple[Arg, ...]
    point: str | None
    value: Expr
    within: Expr | None


@dataclass(frozen=True)
class ExpectError(TestMember):
    code: str


@dataclass(frozen=True)
class ExpectFires(TestMember):
    table: Path
    args: tuple[Arg, ...]


@dataclass(frozen=True)
class ExpectState(TestMember):
    """`expect binding maintenance = d5`; `kind` is binding, eligible, alert or check."""

    kind: str
    name: str
    value: Expr


@dataclass(frozen=True)
class TestCase(Node):
    title: str
    members: tuple[TestMember, ...]

    __test__ = False


@dataclass(frozen=True)
class Comment(Node):
    """A comment with its `#`."""

    text: str


@dataclass(frozen=True)
class File(Node):
    """A whole file."""

    edition: str
    items: tuple[Methodology | TestCase, ...]
    comments: tuple[Comment, ...] = field(default=(), compare=False)


@cache
def parts_of(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold nodes."""
    return tuple(spec.name for spec in fields(kind) if spec.name not in ("span", "text", "operator"))


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in the order of its fields."""
    found: list[Node] = []
    for name in parts_of(type(node)):  # type: ignore[arg-type]
        collect_nodes(getattr(node, name), found)
    return found


def collect_nodes(value: object, found: list[Node]) -> None:
    """Add the nodes in a field's value, which may be a node or tuples of them."""
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            collect_nodes(item, found)


def walk(node: Node) -> list[Node]:
    """A node and everything below it, parents first."""
    found = [node]
    for position in found:
        found.extend(children(position))
    return found
