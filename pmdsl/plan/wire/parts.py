"""The parts of a written plan: a shape for each of the records in `plan.nodes`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pmdsl.plan import nodes
from pmdsl.plan.limits import MAX_NODES, MOST_KEYS, MOST_SLOTS
from pmdsl.plan.operations import OPERATIONS
from pmdsl.plan.wire.shapes import (
    Day,
    Fixed,
    Many,
    Maybe,
    Named,
    Object,
    Reading,
    Schema,
    Shape,
    Text,
    Truth,
    Whole,
    Word,
)

FORMAT = "pmdsl.plan"
FORMAT_VERSION = 1
NAME = Text(500)
INDEX = Whole(most=MAX_NODES)
BASE = Word(("number", "bool", "date", "moment", "text", "point", "row"))
COLUMN_BASE = Word((*BASE.words, "percent"))


@dataclass(frozen=True)
class Record:
    """An object that becomes a record of `plan.nodes`; `renamed` are keys that the record calls otherwise."""

    make: Callable[..., Any]
    of: Object

    def read(self, value: object, path: str, to: Reading) -> Any:
        found = self.of.read(value, path, to)
        if found is None or not set(self.of.keys) <= set(found):
            return None
        return self.make(**found)

    def schema(self) -> Schema:
        return self.of.schema()


@dataclass(frozen=True)
class Anything:
    """A JSON value whose shape another part decides."""

    def read(self, value: object, path: str, to: Reading) -> object:
        return value

    def schema(self) -> Schema:
        return {}


def record(make: Callable[..., Any], keys: Mapping[str, Shape], optional: Mapping[str, Shape]) -> Record:
    return Record(make, Object(keys, optional))


@dataclass(frozen=True)
class WrittenNode:
    """A node before its parameters were read: `origin` is a number in the list of origins."""

    op: str
    inputs: tuple[int, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    level: str = ""
    axes: tuple[str, ...] = ()
    base: str = "number"
    unit: str = ""
    origin: int = 0


ORIGIN = record(
    nodes.Origin,
    {},
    {
        "name": Text(),
        "file": Text(),
        "line": Whole(),
        "column": Whole(),
        "text": Text(),
        "cites": Many(Text()),
        "unverified": Truth(),
    },
)
NODE = record(
    WrittenNode,
    {"op": Word(tuple(sorted(OPERATIONS)))},
    {
        "inputs": Many(INDEX, most=MAX_NODES),
        "params": Anything(),
        "level": NAME,
        "axes": Many(NAME, most=20),
        "base": BASE,
        "unit": NAME,
        "origin": Whole(),
    },
)
PLACE = Whole(most=MOST_KEYS)
SLOT = record(nodes.Slot, {"name": NAME, "taken": PLACE}, {"counted": Truth()})
JOIN = record(
    nodes.Join,
    {
        "slots": Fixed((Whole(most=MOST_SLOTS), Whole(most=MOST_SLOTS))),
        "left": PLACE,
        "op": Word(("eq", "ne", "lt", "le", "gt", "ge")),
        "right": PLACE,
    },
    {},
)
PATTERN = record(
    nodes.Pattern,
    {"name": NAME, "slots": Many(SLOT, 1, MOST_SLOTS)},
    {"same": Many(PLACE, most=MOST_KEYS), "joins": Many(JOIN, most=MOST_KEYS), "pool": Truth()},
)
LEVEL = record(
    nodes.Level,
    {"name": NAME, "kind": Word(("scalar", "entity", "table", "account", "key", "group", "pair", "match"))},
    {
        "of": NAME,
        "keys": Many(INDEX, most=MOST_KEYS),
        "entity": NAME,
        "within": NAME,
        "key": NAME,
        "patterns": Many(PATTERN, most=1000),
        "size": Whole(-1, MOST_KEYS),
        "unverified": Truth(),
    },
)
SOURCE = Object(
    {}, {"path": Many(NAME, 1, 4), "last": Whole(), "from": Maybe(Text(10)), "to": Maybe(Text(10))}
)
AXIS = record(
    nodes.Axis,
    {"name": NAME},
    {
        "kind": Word(("table", "history", "distinct")),
        "points": Many(NAME),
        "source": SOURCE,
        "node": Whole(-1, MAX_NODES),
        "within": NAME,
    },
)
BINDING = record(
    nodes.Binding,
    {"level": NAME, "amount": INDEX, "by": INDEX},
    {"active": Whole(-1, MAX_NODES)},
)
OUTPUT = record(
    nodes.Output,
    {"kind": Word(("requirement", "report", "eligible", "alert", "check")), "name": Text(), "node": INDEX},
    {"by": NAME, "message": Text(), "severity": NAME, "binding": Many(BINDING, most=1000)},
)
INPUT = record(
    nodes.InputColumn,
    {"table": NAME, "column": NAME, "base": COLUMN_BASE},
    {"unit": NAME, "words": Many(NAME), "required": Truth(), "builtin": Truth()},
)
DATA = record(
    nodes.DataTable,
    {
        "name": NAME,
        "keys": Whole(most=100),
        "columns": Many(Fixed((NAME, NAME, COLUMN_BASE, Many(NAME))), most=1000),
    },
    {"source": Word(("data", "input")), "given_as": NAME},
)
PLAN = Object(
    {
        "format": Word((FORMAT,)),
        "format_version": Whole(FORMAT_VERSION, FORMAT_VERSION),
        "name": NAME,
        "version": NAME,
        "currency": Text(3),
        "covers": Fixed((Day(), Maybe(Day()))),
        "digest": Text(80),
        "meaning": Text(80),
        "levels": Many(LEVEL, 1, 10_000),
        "axes": Many(AXIS, most=1000),
        "outputs": Many(OUTPUT, most=10_000),
        "origins": Many(ORIGIN, most=MAX_NODES),
        "nodes": Many(NODE, 1, MAX_NODES),
    },
    {
        "title": Text(),
        "lots": Truth(),
        "on": Day(),
        "parent": Fixed((NAME, Text(80))),
        "newest_read_on": Day(),
        "unverified": Whole(),
        "inputs": Many(INPUT),
        "data": Many(DATA, most=10_000),
        "tables": Named(Many(Whole())),
        "steps": Named(INDEX),
    },
)
