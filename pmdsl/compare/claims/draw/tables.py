"""Keyed tables of a random book: a row for each combination of likely keys; and correlations that belong
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

import numpy as np

from pmdsl.compare.claims.draw.attributes import Random, drawn
from pmdsl.compare.claims.draw.book import Row
from pmdsl.plan.nodes import DataTable, InputColumn, Plan

DAYS = (7, 30, 180)
HISTORY, WINDOW = 12, 6
MOVE = 0.03


def reference_tables(plan: Plan, ids: Sequence[str], on: date, rng: Random) -> dict[str, tuple[Row, ...]]:
    """The keyed tables that a plan reads from the book; those given at run time are not drawn."""
    tables = [table for table in plan.data.values() if table.source == "input"]
    return {table.name: tuple(rows_of(plan, table, ids, on, rng)) for table in tables}


def rows_of(plan: Plan, table: DataTable, ids: Sequence[str], on: date, rng: Random) -> Iterator[Row]:
    """One row for each combination of likely keys; numbers are small moves."""
    keys, rest = table.columns[: table.keys], table.columns[table.keys :]
    likely = [key_values(plan, table, name, base, words, ids, on) for name, _, base, words in keys]
    for combination in product(*likely):
        row: dict[str, Any] = dict(zip((name for name, *_ in keys), combination, strict=True))
        for name, _, base, words in rest:
            column = InputColumn(table.name, name, base, words=words)
            number = float(np.round(rng.normal(0, MOVE), 4))
            row[name] = number if base == "number" else drawn(column, rng, on, ids)
        yield row


def key_values(
    plan: Plan, table: DataTable, name: str, base: str, words: Sequence[str], ids: Sequence[str], on: date
) -> Sequence[object]:
    """The values of a key: its words, days around the date or of a history, the underlyings."""
    known = words or next((c.words for c in plan.inputs if c.column == name and c.words), ())
    if known:
        return known
    if base == "date":
        days = (
            [on + timedelta(days=day) for day in DAYS] if "expir" in name else history(plan, table.name, on)
        )
        return [day.isoformat() for day in days]
    return list(ids) if base == "text" else (1, 2, 3)


def history(plan: Plan, table: str, on: date) -> list[date]:
    """The days before the date, and the first days of each window of dates that an axis takes
    from the table.
    """
    found = {on - timedelta(days=day) for day in range(1, HISTORY + 1)}
    for axis in plan.axes.values():
        if axis.kind == "history" and axis.source.get("from") and axis.source["path"][0] == table:
            first = date.fromisoformat(str(axis.source["from"]))
            found |= {first + timedelta(days=day) for day in range(WINDOW)}
    return sorted(found)


def correlations(ids: Sequence[str], rng: Random) -> Iterator[tuple[str, str, float]]:
    """Correlations of one common factor, so that they belong together."""
    weight = {name: float(rng.choice((0.0, 0.3, 0.6, 0.9))) for name in ids}
    for a, b in combinations(ids, 2):
        yield a, b, round(weight[a] * weight[b], 4)
