"""The plan: an immutable graph of typed nodes. `operations.py` says what each operation means.

A node's inputs are indices of earlier nodes, so the tuple of nodes is in an order in which it can be run.
Levels and axes are named; the plan carries their definitions. Nothing here knows the text the plan came from
except through
`Origin`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

Json = None | bool | int | float | str | tuple["Json", ...] | Mapping[str, "Json"]


@dataclass(frozen=True)
class Origin:
    """Where a node comes from: the declaration's name, its place, and what it cites."""

    name: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    text: str = ""
    cites: tuple[str, ...] = ()
    unverified: bool = False


@dataclass(frozen=True)
class Node:
    """One operation. Value shape: (rows of `level`, sizes of `axes` in this order).

    `base` is number, bool, date, text (interned), point (an index into the axis `kind`) or row (an index into
    table rows). `unit` is how the unit is written for people ("money per contract"), empty for what has none.
    """

    op: str
    inputs: tuple[int, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    level: str = ""
    axes: tuple[str, ...] = ()
    base: str = "number"
    unit: str = ""
    origin: Origin = field(default=Origin(), compare=False)


@dataclass(frozen=True)
class Slot:
    """A leg of a pattern: its name and which positions may fill it.

    `taken` is the place in `Level.keys` of a truth value for each position. `counted`: how many contracts the
    slot takes is said by the rule set, and its size does not matter.
    """

    name: str
    taken: int
    counted: bool = False


@dataclass(frozen=True)
class Join:
    """A condition between two slots of a pattern: `left op right`, both places in `Level.keys`.

    `slots` are the numbers of the slots that the two values are read at; `op` is eq, ne, lt, le, gt or ge.
    """

    slots: tuple[int, int]
    left: int
    op: str
    right: int


@dataclass(frozen=True)
class Pattern:
    """A way to combine positions: its slots, what they agree in (places in `Level.keys`), and its joins.

    A member of a pool is a pattern of one slot, called `POOL.SLOT`, with `pool` set.
    """

    name: str
    slots: tuple[Slot, ...]
    same: tuple[int, ...] = ()
    joins: tuple[Join, ...] = ()
    pool: bool = False


@dataclass(frozen=True)
class Level:
    """A level of values.

    `kind`: scalar (one row, name ""), entity (underlying, instrument: read only), table (position or another
    input table: rows owned by accounts), account, key (distinct keys of a grouping, shared by all accounts),
    group
    (distinct pairs of account and key), pair (pairs of keys), match (the ways in which positions of one group
    fill the slots of patterns: see `Pattern`).
    `of`: for a key the level whose rows carry the key; for a group the level its members come from; for a
    pair the key level.
    `keys`: for a key level, the nodes whose values together make the key.
    `entity`: for a key level whose key is the id of an entity, the name of that entity's level.
    `within`: for a pair level, the coarser key level inside which pairs are formed ("" for everywhere); for a
    match level, the group that all positions of a match are in.
    `key`: for a group, its key level ("" means the level called `NAME.key`). `keys` of a group is at most one
    node, a
    condition: members for which it is false are in no group.
    `unverified`: nobody has verified the statement that groups so.
    `patterns`, `size`: for a match level, whose `keys` are values at the level `of`, or at one above it, that
    the patterns name by their place; `size` is the place of the size of a contract (-1: every contract has
    size 1).
    """

    name: str
    kind: str
    of: str = ""
    keys: tuple[int, ...] = ()
    entity: str = ""
    within: str = ""
    key: str = ""
    patterns: tuple[Pattern, ...] = ()
    size: int = -1
    unverified: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Axis:
    """A scenario dimension.

    `kind`: table (points named in the rule file), history (points are the distinct dates of an input table's
    column, see `source`) or distinct (the distinct values of node `node` inside each row of level `within`,
    ragged,
    padded by repetition). `points` is empty unless the kind is table.
    """

    name: str
    kind: str = "table"
    points: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)
    node: int = -1
    within: str = ""


@dataclass(frozen=True)
class Output:
    """Something the plan answers.

    `kind`: requirement, report, eligible, alert, check. `node` holds the value. `by` is the axis of a value
    with sides. `message` and `severity` belong to conditions. `binding` are the parts that bound it: see
    `Binding`.
    """

    kind: str
    name: str
    node: int
    by: str = ""
    message: str = ""
    severity: str = ""
    binding: tuple[Binding, ...] = ()


@dataclass(frozen=True)
class Binding:
    """What bound one part of a requirement: at `level`, `amount` per row, `by` the word for the point or
    `minimum`.

    `active` is a truth value per account: whether this part is the one that counts (-1: always).
    """

    level: str
    amount: int
    by: int
    active: int = -1


@dataclass(frozen=True)
class InputColumn:
    """An attribute that the rules read: of which table, its type, unit and whether it has a default.

    `base` is that of a node, or percent: `15%` and `0.15` are one value then, while a number takes no sign.
    """

    table: str
    column: str
    base: str
    unit: str = ""
    words: tuple[str, ...] = ()
    required: bool = True
    builtin: bool = False


@dataclass(frozen=True)
class DataTable:
    """How a declaration reads a table given at run time: columns as (name, header, base, words), the first
    `keys` of them are keys. `source`: data (given under the name `given_as`) or input (`tables:` of the book,
    under
    that name). A percent column whose header has a % sign holds percent points (15 is 15%); elsewhere the
    cell has the
    sign. Rows of equal key must agree in the columns declared here.
    """

    name: str
    keys: int
    columns: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    source: str = "data"
    given_as: str = ""


@dataclass(frozen=True)
class TableRows:
    """For explanations: the rows of a table as written, with places; `match` nodes refer to it by name."""

    name: str
    rows: tuple[Origin, ...]


@dataclass(frozen=True)
class Plan:
    """A rule set ready to run: nodes in running order, with everything they refer to by name.

    `on` is None while values still depend on the date; `simplify` makes a plan for one date of it.
    """

    name: str
    version: str
    currency: str
    covers: tuple[date, date | None]
    nodes: tuple[Node, ...]
    levels: Mapping[str, Level]
    axes: Mapping[str, Axis]
    outputs: tuple[Output, ...]
    inputs: tuple[InputColumn, ...] = ()
    data: Mapping[str, DataTable] = field(default_factory=dict)
    tables: Mapping[str, TableRows] = field(default_factory=dict)
    title: str = ""
    lots: bool = False
    on: date | None = None
    digest: str = ""
    parent: tuple[str, str] | None = None
    newest_read_on: date | None = None
    unverified: int = 0
    steps: Mapping[str, int] = field(default_factory=dict)


def exact(value: str) -> Fraction:
    """The exact value of a constant as plans hold it: `3/20` or `-0.15`."""
    return Fraction(value)


def below(nodes: Sequence[Node], number: int) -> set[int]:
    """A node and everything that it needs."""
    seen: set[int] = set()
    queue = [number]
    while queue:
        here = queue.pop()
        if here not in seen:
            seen.add(here)
            queue.extend(nodes[here].inputs)
    return seen
