"""What a rule set asks of a book, for people, for programs and for schemas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from pmdsl.plan.asked import asked_columns, asked_matrices, values_instruments
from pmdsl.plan.nodes import DataTable, InputColumn, Output
from pmdsl.portfolio.shape import ACCOUNT, INSTRUMENT, POSITION, UNDERLYING
from pmdsl.rules import Rules

FORMAT_VERSION = 1
KINDS = ("requirement", "report", "eligible", "alert")
SHAPES = MappingProxyType({row.name: row for row in (ACCOUNT, UNDERLYING, INSTRUMENT, POSITION)})
SAID_ELSEWHERE = MappingProxyType(
    {
        ("instrument", "multiplier"): "has a default",
        ("instrument", "exercise"): "or by its underlying",
        ("instrument", "currency"): "or by its underlying",
        **{
            ("instrument", name): "or by its symbol"
            for name in ("kind", "underlying", "right", "strike", "expiry")
        },
    }
)


@dataclass(frozen=True)
class Needs:
    """The inputs of one rule set. `prices`: whether it values instruments, and so needs a market.

    `readers` are the outputs that read an attribute, by table and column; `requirements` the names of those
    that are requirements.
    """

    rules: str
    columns: tuple[InputColumn, ...]
    tables: tuple[DataTable, ...]
    matrices: tuple[str, ...]
    prices: bool
    readers: Mapping[tuple[str, str], tuple[Output, ...]]
    requirements: tuple[str, ...]

    def read_by(self, column: InputColumn) -> tuple[Output, ...]:
        """The outputs that read an attribute, requirements first."""
        return self.readers[column.table, column.column]

    def given(self, column: InputColumn) -> str:
        """Whether an attribute must be given, in a few words."""
        shape = SHAPES.get(column.table)
        field = shape.fields.get(column.column) if shape is not None else None
        if field is not None and field.required:
            return "in every book"
        if not column.required:
            return "has a default"
        if (column.table, column.column) in SAID_ELSEWHERE:
            return SAID_ELSEWHERE[column.table, column.column]
        return "optional" if all(o.kind == "eligible" for o in self.read_by(column)) else "needed"

    def to_json(self) -> dict[str, Any]:
        """The same as plain data, with the version of its form."""
        tables = [
            {
                "name": table.given_as or table.name,
                "given": "with the book" if table.source == "input" else "at run time",
                "columns": [
                    {
                        "name": name,
                        "header": header,
                        "type": base,
                        "words": list(words),
                        "key": place < table.keys,
                    }
                    for place, (name, header, base, words) in enumerate(table.columns)
                ],
            }
            for table in self.tables
        ]
        columns = [
            asdict(column)
            | {"words": list(column.words), "read_by": [output.name for output in self.read_by(column)]}
            for column in self.columns
        ]
        return {
            "format_version": FORMAT_VERSION,
            "rules": self.rules,
            "inputs": columns,
            "tables": tables,
            "matrices": list(self.matrices),
            "prices_instruments": self.prices,
        }


def needs_of(rules: Rules, on: date | str | None = None) -> Needs:
    """What a rule set asks for, over all dates or on one."""
    plan = rules.plan if on is None else rules.on(on)
    columns = rules.needs(on)
    answered = sorted((o for o in plan.outputs if o.kind in KINDS), key=lambda o: KINDS.index(o.kind))
    read = [(output, set(asked_columns(replace(plan, outputs=(output,))))) for output in answered]
    readers = {
        (column.table, column.column): tuple(output for output, asked in read if column in asked)
        for column in columns
    }
    required = tuple(output.name for output in plan.outputs if output.kind == "requirement")
    return Needs(
        rules.name,
        columns,
        rules.tables(on),
        asked_matrices(plan),
        values_instruments(plan),
        readers,
        required,
    )
