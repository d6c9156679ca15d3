"""Why accounts of a batch were put aside: each reason with how many there are, and the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pmdsl.batch.arrow import arrow
from pmdsl.batch.publishing import QUARANTINE
from pmdsl.batch.values import Summary

READ = ("account", "code", "message")


@dataclass(frozen=True)
class Reason:
    """A code, how many accounts were put aside for it, and the first of them; None where it has no name."""

    code: str
    accounts: int
    first: str | None
    message: str


def reasons(summary: Summary) -> tuple[Reason, ...]:
    """The reasons of a batch, those of most accounts first."""
    if not summary.quarantined:
        return ()
    first = arrow().compute.ScalarAggregateOptions(skip_nulls=False)
    wanted: list[tuple[Any, ...]] = [
        ([], "count_all"),
        ("account", "first", first),
        ("message", "first", first),
    ]
    # In one thread: which one is the first depends on the order.
    found = asides(summary).group_by("code", use_threads=False).aggregate(wanted).to_pylist()
    listed = [
        Reason(one["code"], one["count_all"], one["account_first"], one["message_first"]) for one in found
    ]
    return tuple(sorted(listed, key=lambda one: (-one.accounts, one.code)))


def asides(summary: Summary) -> Any:
    """The accounts put aside as a table: the list of a batch that is whole, or what a stopped one has."""
    pa = arrow()
    import pyarrow.parquet as parquet
    from pyarrow import csv

    if summary.quarantine is not None:
        texts = csv.ConvertOptions(
            include_columns=list(READ),
            column_types=dict.fromkeys(READ, pa.string()),
            strings_can_be_null=True,
        )
        lines = csv.ParseOptions(newlines_in_values=True)
        return csv.read_csv(summary.quarantine, parse_options=lines, convert_options=texts)
    parts = sorted((summary.out / QUARANTINE).glob("part-*.parquet"))
    return pa.concat_tables([parquet.read_table(path, columns=list(READ)) for path in parts])
