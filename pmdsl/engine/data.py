"""Tables and histories given at run time: typed columns, and the points of axes that come from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from pmdsl.diagnostics import did_you_mean
from pmdsl.engine.inputs import Reader, Wanted, raw_column
from pmdsl.engine.words import Array
from pmdsl.engine.world import DataRows, Points
from pmdsl.plan.nodes import Axis, DataTable, Plan
from pmdsl.portfolio.book import Book, Table


def data_rows(plan: Plan, book: Book, data: Mapping[str, Table], reader: Reader) -> dict[str, DataRows]:
    """The tables that a plan may look things up in, typed. One that was not given has no rows."""
    found = {}
    for name, wanted in plan.data.items():
        source = book.tables if wanted.source == "input" else data
        table = source.get(wanted.name) or Table(wanted.name, 0, {})
        found[name] = _typed(wanted, table, reader)
    return found


def _typed(wanted: DataTable, table: Table, reader: Reader) -> DataRows:
    columns = {}
    for name, header, base, words in wanted.columns:
        column = header if header in table.columns else name
        if table.size and column not in table.columns:
            keys_too = name in [c[0] for c in wanted.columns[: wanted.keys]]
            if keys_too:
                message = f"the table `{wanted.name}` has no column `{header}`"
                place = table.place(0)
                reader.findings.add("PM705", message, place, hint=did_you_mean(header, table.columns))
        want = Wanted(wanted.name, column, "text" if base == "point" else base, words)
        columns[name] = reader.convert(want, table, raw_column(table, column)).values
    keys = tuple(name for name, *_ in wanted.columns[: wanted.keys])
    _report_twins(wanted.name, table, [columns[key] for key in keys], reader)
    return DataRows(wanted.name, table.size, keys, columns)


def _report_twins(name: str, table: Table, keys: list[Array], reader: Reader) -> None:
    """Two rows of one key: which of them is meant cannot be told."""
    if not keys or table.size < 2:
        return
    order = np.lexsort(tuple(reversed(keys)))
    same = np.ones(table.size - 1, dtype=bool)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    for at in np.flatnonzero(same)[:1].tolist():
        first, second = sorted((int(order[at]), int(order[at + 1])))
        message = f"rows {first + 1} and {second + 1} of `{name}` have the same keys"
        reader.findings.add("PM706", message, table.place(second))


def axis_points(plan: Plan, book: Book, data: Mapping[str, Table], reader: Reader) -> dict[str, Points]:
    """The points of every axis whose points do not depend on the holdings."""
    found: dict[str, Points] = {}
    for name, axis in plan.axes.items():
        if axis.kind == "table":
            found[name] = Points(axis.points)
        elif axis.kind == "history":
            found[name] = _history(axis, book, data, reader)
    return found


def _history(axis: Axis, book: Book, data: Mapping[str, Table], reader: Reader) -> Points:
    """The distinct dates of a column, oldest first: the last so many of them, from and to where that is said."""
    name, column = axis.source["path"]
    table = book.tables.get(str(name)) or data.get(str(name)) or Table(str(name), 0, {})
    dates = reader.convert(
        Wanted(str(name), str(column), "date"), table, raw_column(table, str(column))
    ).values
    days = np.unique(dates[~np.isnan(dates)])
    low, high = axis.source.get("from"), axis.source.get("to")
    if low:
        days = days[days >= date.fromisoformat(str(low)).toordinal()]
    if high:
        days = days[days <= date.fromisoformat(str(high)).toordinal()]
    last = int(str(axis.source.get("last") or 0))
    days = days[-last:] if last else days
    return Points(tuple(date.fromordinal(int(day)).isoformat() for day in days), days)
