"""Tables and histories given at run time: typed columns, and the points of axes that come from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from pmdsl.diagnostics import did_you_mean
from pmdsl.engine.inputs import Reader, Wanted, raw_column
from pmdsl.engine.kernels.site import bad
from pmdsl.engine.words import Array
from pmdsl.engine.world import DataRows, Points
from pmdsl.plan.nodes import Axis, DataTable, Plan
from pmdsl.portfolio.book import Book, Table


def data_rows(plan: Plan, book: Book, data: Mapping[str, Table], reader: Reader) -> dict[str, DataRows]:
    """The tables that a plan may look things up in, typed. One that was not given has no rows."""
    found = {}
    for name, wanted in plan.data.items():
        source = book.tables if wanted.source == "input" else data
        table = source.get(wanted.given_as or wanted.name) or Table(wanted.name, 0, {})
        found[name] = _typed(wanted, table, reader)
    return found


def _typed(wanted: DataTable, table: Table, reader: Reader) -> DataRows:
    """The columns that a declaration reads. A percent under a header with a % sign is in percent points."""
    columns: dict[str, Array] = {}
    for number, (name, header, base, words) in enumerate(wanted.columns):
        column = header if header in table.columns else name
        if table.size and column not in table.columns and (wanted.source == "data" or number < wanted.keys):
            message = f"the table `{wanted.given_as or wanted.name}` has no column `{header}`"
            reader.findings.add("PM705", message, table.place(0), hint=did_you_mean(header, table.columns))
        want = Wanted(wanted.name, column, "text" if base == "point" else base, words)
        raw = raw_column(table, column)
        values = reader.convert(want, table, raw).values
        columns[name] = (
            np.where(_unsigned(raw), values / 100, values) if base == "percent" and "%" in header else values
        )
    keys = tuple(name for name, *_ in wanted.columns[: wanted.keys])
    _report_twins(wanted, table, keys, columns, reader)
    return DataRows(wanted.name, table.size, keys, columns)


def _unsigned(raw: Array) -> Array:
    """Which cells carry no percent sign of their own."""
    return np.array([text is None or "%" not in str(text) for text in raw.tolist()], dtype=bool)


def _report_twins(
    wanted: DataTable, table: Table, keys: tuple[str, ...], columns: Mapping[str, Array], reader: Reader
) -> None:
    """Two rows of one key that say different things: which of them is meant cannot be told."""
    if not keys or table.size < 2:
        return
    order = np.lexsort(tuple(columns[key] for key in reversed(keys)))
    same = np.ones(table.size - 1, dtype=bool)
    for key in keys:
        same &= columns[key][order][1:] == columns[key][order][:-1]
    differ = np.zeros(table.size - 1, dtype=bool)
    for name, values in columns.items():
        if name not in keys:
            one, other = values[order][1:], values[order][:-1]
            differ |= (one != other) & ~(bad(one) & bad(other))
    for at in np.flatnonzero(same & differ)[:1].tolist():
        first, second = sorted((int(order[at]), int(order[at + 1])))
        name = wanted.given_as or wanted.name
        message = f"rows {first + 1} and {second + 1} of `{name}` have the same keys and differ"
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


def _last_day(written: str, on: date) -> int:
    """The last day of a history, inclusive: a date, or `today` or `yesterday` as the run knows them."""
    known = {"today": on, "yesterday": on - timedelta(days=1)}
    return (known.get(written) or date.fromisoformat(written)).toordinal()


def _history(axis: Axis, book: Book, data: Mapping[str, Table], reader: Reader) -> Points:
    """The distinct dates of a column, oldest first: the last so many, from and to where that is said.

    A history without a day has one point that is not known: what is read along it is missing, never nothing.
    """
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
        days = days[days <= _last_day(str(high), book.on)]
    last = int(str(axis.source.get("last") or 0))
    days = days[-last:] if last else days
    if not len(days):
        return Points(("",), np.array([np.nan]))
    return Points(tuple(date.fromordinal(int(day)).isoformat() for day in days), days)
