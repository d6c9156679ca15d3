"""The accounts that are listed with their attributes, and those of them that a chunk is to answer."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pmdsl.batch.arrow import arrow
from pmdsl.batch.given import Given
from pmdsl.batch.reading import ROW
from pmdsl.batch.staging import buckets_of
from pmdsl.batch.values import Share
from pmdsl.diagnostics import Findings, PmdslError
from pmdsl.portfolio.csv_text import read_grid
from pmdsl.portfolio.report import Report
from pmdsl.source import Source

ID = "id"


@dataclass(frozen=True, eq=False)
class Listed:
    """A table of accounts in the order of their names, with the rows at which they were listed."""

    name: str
    table: Any = field(repr=False)

    def own(self, share: Share) -> Any:
        """The accounts of a share."""
        column = self.table.column(ID)
        if share.buckets > 1:
            return self.table.take(np.flatnonzero(buckets_of(column, share.buckets) == share.bucket))
        low = 0 if share.after is None else bisect_right(column, share.after, key=told)
        high = len(column) if share.upto is None else bisect_right(column, share.upto, key=told)
        return self.table.slice(low, high - low)


def told(cell: Any) -> str:
    """The text of a cell."""
    return str(cell.as_py())


def listed_accounts(given: Given) -> Listed:
    """The accounts of a table, sorted. Raises PmdslError where one has no name, or stands twice."""
    pa = arrow()
    opened = given.opened()
    table = csv_table(pa, opened) if isinstance(opened, Source) else opened
    if ID not in table.column_names:
        raise PmdslError.single("PM608", f"`{given.name}` has no column `{ID}`")
    column = table.column(ID)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    column = column.cast(pa.string())
    table = table.set_column(table.column_names.index(ID), ID, column)
    table = table.append_column(ROW, pa.array(np.arange(len(table)), pa.int64()))
    if column.null_count:
        row = int(np.argmax(column.is_null().to_numpy()))
        raise PmdslError.single("PM608", f"this account has no `{ID}`, in row {row + 1} of {given.name}")
    if len(table) and not pa.compute.all(pa.compute.less(column[:-1], column[1:])).as_py():
        table = table.take(pa.compute.sort_indices(column)).combine_chunks()
    refuse_twins(pa, table, given.name)
    return Listed(given.name, table)


def refuse_twins(pa: Any, table: Any, name: str) -> None:
    """Raise where two accounts of a sorted table have one name."""
    column = table.column(ID)
    if len(column) < 2:
        return
    same = pa.compute.equal(column[:-1], column[1:]).to_numpy()
    if same.any():
        at = int(np.argmax(same))
        rows = sorted(table.column(ROW)[at : at + 2].to_pylist())
        message = f"the account `{column[at]}` is listed twice, in row {rows[0] + 1} and row {rows[1] + 1}"
        raise PmdslError.single("PM613", f"{message} of {name}")


def csv_table(pa: Any, source: Source) -> Any:
    """A text of CSV as a table of texts. Raises PmdslError."""
    findings = Findings()
    grid = read_grid(source, Report(findings))
    findings.raise_if_errors()
    assert grid is not None
    columns = [pa.array([cell or None for cell in column], pa.string()) for column in grid.columns]
    return pa.table(columns, names=list(grid.header))
