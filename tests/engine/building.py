"""Plans and books made by hand, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from pmdsl.plan.nodes import Axis, Binding, DataTable, Level, Node, Origin, Output, Plan
from pmdsl.portfolio.book import Book, Curve, Pair, Table

ON = date(2024, 1, 19)
NUMBERS = {
    "price", "multiplier", "strike", "volatility", "implied_volatility", "dividend_yield", "quantity",
    "trade_price",
    "equity", "leverage",
}  # fmt: skip
DATES = {"expiry"}
BASE = (
    Level("", "scalar"),
    Level("account", "account"),
    Level("underlying", "entity"),
    Level("instrument", "entity"),
    Level("position", "table"),
)


@dataclass
class Building:
    """A plan that grows node by node; an equal node is not shared, so numbers are those of the calls."""

    nodes: list[Node] = field(default_factory=list)
    levels: dict[str, Level] = field(default_factory=lambda: {level.name: level for level in BASE})
    axes: dict[str, Axis] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    data: dict[str, DataTable] = field(default_factory=dict)
    lots: bool = False
    currency: str = "USD"

    def add(
        self,
        op: str,
        *inputs: int,
        level: str | None = None,
        axes: Sequence[str] | None = None,
        base: str = "number",
        unit: str = "",
        origin: str = "",
        **params: Any,
    ) -> int:
        """A node; its level and axes are those of its inputs where they are not said."""
        known = [self.nodes[i] for i in inputs]
        if level is None:
            level = next((node.level for node in known if node.level), "")
        if axes is None:
            axes = tuple(axis for axis in self.axes if any(axis in node.axes for node in known))
        self.nodes.append(Node(op, tuple(inputs), params, level, tuple(axes), base, unit, Origin(origin)))
        return len(self.nodes) - 1

    def input(self, table: str, column: str, *default: int, base: str = "number", **params: Any) -> int:
        level = "" if table == "market" else table
        return self.add("input", *default, level=level, base=base, table=table, column=column, **params)

    def const(self, value: object, base: str = "number") -> int:
        return self.add("const", value=str(value), base=base)

    def word(self, text: str) -> int:
        return self.add("word", value=text, base="text")

    def axis(self, name: str, *points: str) -> str:
        self.axes[name] = Axis(name, points=points)
        return name

    def column(self, axis: str, *values: object, base: str = "number") -> int:
        return self.add("axis_column", axes=(axis,), base=base, axis=axis, values=tuple(map(str, values)))

    def group(self, name: str, of: str, key_of: str, *keys: int, entity: str = "", where: int = -1) -> str:
        """A key level and its group."""
        self.levels[f"{name}.key"] = Level(f"{name}.key", "key", of=key_of, keys=keys, entity=entity)
        self.levels[name] = Level(name, "group", of=of, keys=(where,) if where >= 0 else ())
        return name

    def pairs(self, of: str, within: str = "") -> str:
        name = f"pair:{of}" + (f"|{within}" if within else "")
        self.levels[name] = Level(name, "pair", of=of, within=within)
        return name

    def output(self, node: int, name: str = "out", kind: str = "report", **more: Any) -> None:
        binding: tuple[Binding, ...] = more.pop("binding", ())
        self.outputs.append(Output(kind, name, node, binding=binding, **more))

    def plan(self) -> Plan:
        return Plan(
            "test", "1", self.currency, (date(2000, 1, 1), None), tuple(self.nodes), self.levels, self.axes,
            tuple(self.outputs), data=self.data, lots=self.lots,
        )  # fmt: skip


Rows = Sequence[Mapping[str, Any]]


def table(name: str, rows: Rows) -> Table:
    """A table as the readers make it: numbers and dates as float64, everything else as text."""
    columns: dict[str, Any] = {}
    for column in dict.fromkeys(key for row in rows for key in row):
        cells = [row.get(column) for row in rows]
        if column in NUMBERS:
            columns[column] = np.array([np.nan if cell is None else float(cell) for cell in cells])
        elif column in DATES:
            columns[column] = np.array(
                [np.nan if cell is None else float(cell.toordinal()) for cell in cells]
            )
        else:
            columns[column] = np.array(
                [None if cell is None else str(cell) for cell in cells] or [None], dtype=object
            )
            columns[column] = columns[column][: len(rows)]
    return Table(name, len(rows), columns)


def book(
    positions: Rows = (),
    instruments: Rows = (),
    underlyings: Rows = (),
    accounts: Rows = ({"id": "A"},),
    rate: float | None = 0.0,
    on: date = ON,
    matrices: Mapping[str, Sequence[tuple[str, str, float]]] | None = None,
    tables: Mapping[str, Rows] | None = None,
    **more: Any,
) -> Book:
    """A book; positions name `account` and `instrument` by id, instruments name `underlying`."""
    account = {row["id"]: i for i, row in enumerate(accounts)}
    instrument = {row["id"]: i for i, row in enumerate(instruments)}
    underlying = {row["id"]: i for i, row in enumerate(underlyings)}
    bare = [{k: v for k, v in row.items() if k not in ("account", "instrument")} for row in positions]
    plain = [{k: v for k, v in row.items() if k != "underlying"} for row in instruments]
    first = next(iter(account), "")
    return Book(
        on,
        None,
        None if rate is None else Curve((0.0,), (rate,)),
        table("accounts", accounts),
        table("underlyings", underlyings),
        table("instruments", plain),
        table("positions", bare),
        np.array([underlying.get(row.get("underlying"), -1) for row in instruments], dtype=np.int64),
        np.array([account[row.get("account", first)] for row in positions], dtype=np.int64),
        np.array([instrument[row["instrument"]] for row in positions], dtype=np.int64),
        matrices={
            name: tuple(Pair(*entry) for entry in entries) for name, entries in (matrices or {}).items()
        },
        tables={name: table(name, rows) for name, rows in (tables or {}).items()},
        **more,
    )
