"""What the operations of a plan read outside it: the book, the words, the tables, the points of axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pmdsl.engine.engines import Engine
from pmdsl.engine.index import OWNED
from pmdsl.engine.inputs import Reader
from pmdsl.engine.words import POISON, Array, Interner
from pmdsl.plan.nodes import Plan
from pmdsl.portfolio.book import Book, Table


@dataclass(frozen=True, eq=False)
class Points:
    """The points of an axis at run time: how each is called and, where the axis has them, their values."""

    names: tuple[str, ...]
    values: Array | None = None

    @property
    def size(self) -> int:
        return len(self.names)


@dataclass(frozen=True, eq=False)
class DataRows:
    """A table given at run time: typed columns by name, the first `keys` of them make the key of a row."""

    name: str
    size: int
    keys: tuple[str, ...]
    columns: Mapping[str, Array]


@dataclass(eq=False)
class World:
    """A plan and what it is bound to.

    `given` are the names of the tables given at run time, `tables` these as they came. `contracts` and
    `floored` are filled by the pricing kernels: instruments as columns, and the instruments that some shock
    would take below zero. `prices` are the values of the pricing nodes of the market, by their numbers;
    `given_at` are the values given at the points of axes. `engine` says which kernels run.
    """

    plan: Plan
    book: Book
    reader: Reader
    axes: Mapping[str, Points]
    data: Mapping[str, DataRows] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    tables: Mapping[str, Table] = field(default_factory=dict)
    contracts: Any = None
    floored: set[int] = field(default_factory=set)
    prices: dict[int, Any] = field(default_factory=dict)
    given_at: dict[str, Any] = field(default_factory=dict)
    engine: Engine = "numpy"

    @property
    def interner(self) -> Interner:
        return self.reader.interner

    def is_owned(self, level: str) -> bool:
        """Whether the rows of a level belong to accounts."""
        return level != "" and self.plan.levels[level].kind in OWNED

    def table(self, name: str) -> DataRows:
        """A table given at run time; one without rows where it was not given."""
        return self.data[name]

    def point(self, axis: str, name: str) -> int:
        """The index of a point of an axis by its name; -1 where it has none of that name."""
        points = self.axes[axis]
        if name in ("first", "last") and name not in points.names:
            return 0 if name == "first" else points.size - 1
        return points.names.index(name) if name in points.names else POISON
