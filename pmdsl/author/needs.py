"""What a rule set asks of a book, for people, for programs and for schemas."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pmdsl.plan.asked import asked_matrices, values_instruments
from pmdsl.plan.nodes import DataTable, InputColumn
from pmdsl.rules import Rules

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Needs:
    """The inputs of one rule set. `prices`: whether it values instruments, and so needs a market."""

    rules: str
    columns: tuple[InputColumn, ...]
    tables: tuple[DataTable, ...]
    matrices: tuple[str, ...]
    prices: bool

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
        columns = [asdict(column) | {"words": list(column.words)} for column in self.columns]
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
    return Needs(
        rules.name, rules.needs(on), rules.tables(on), asked_matrices(plan), values_instruments(plan)
    )
