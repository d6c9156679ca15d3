"""What the tests of batches share: drawn positions in files, whole batches, answers asked in one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from pmdsl.batch.values import Summary
from pmdsl.batch.whole import Options, Watch, run_batch
from pmdsl.batch.work import Work, work_of
from pmdsl.bound_rules import BoundRules
from tests.api.world import rules
from tests.batch.executing import INSTRUMENTS, NAMES, UNDERLYINGS

DAY = date(2026, 3, 2)
Answers = dict[str, Decimal | None]


def drawn(accounts: int, seed: int = 0, most: int = 9) -> pa.Table:
    """Positions in the order of their accounts, one to `most` each."""
    draw = np.random.default_rng(seed)
    held = np.repeat(np.arange(accounts), draw.integers(1, most + 1, accounts))
    columns = {
        "account": [f"A{number:04d}" for number in held.tolist()],
        "instrument": draw.choice(NAMES, len(held)),
        "quantity": draw.integers(-9, 10, len(held)).astype(float),
    }
    return pa.table(columns)


def written(table: pa.Table, path: Path, group: int = 1000) -> Path:
    """A table as a Parquet file, or as CSV where the path ends so."""
    if path.suffix == ".csv":
        from pyarrow import csv

        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path, row_group_size=group)
    return path


def files_at_hand(positions: pa.Table, group: int = 1000) -> list[str]:
    """Positions and the small market as files in the folder at hand, and the arguments that name them."""
    written(pa.table(INSTRUMENTS), Path("instruments.csv"))
    written(pa.table(UNDERLYINGS), Path("underlyings.csv"))
    written(positions, Path("positions.parquet"), group)
    return ["-p", "positions.parquet", "-i", "instruments.csv", "-u", "underlyings.csv"]


def work(accounts: object = None, **changes: Any) -> Work:
    """Portfolio margin of a small market."""
    given: dict[str, Any] = {"on": DAY, "sections": {"rate": 0.04}} | changes
    return work_of(rules(), INSTRUMENTS, UNDERLYINGS, accounts, **given)


def run(
    positions: object, out: Path, chunk_rows: int = 50, told: list[str] | None = None, **how: Any
) -> Summary:
    """A whole batch; `told` collects what is said of copies. `accounts` are those of `work`."""
    mine = how.pop("work", None) or work(how.pop("accounts", None))
    watch = Watch(tell=(told if told is not None else []).append)
    return run_batch(rules(), mine, positions, out, options=Options(chunk_rows, **how), watch=watch)


@cache
def market() -> BoundRules:
    """The same market, bound for books in one piece."""
    return rules().compile(INSTRUMENTS, UNDERLYINGS, on=DAY, rate=0.04)


def in_one_piece(table: pa.Table, accounts: Mapping[str, Sequence[object]] | None = None) -> Answers:
    """The requirement of each account, asked in one call."""
    found = market().margin(table, accounts)
    return {name: found[name].requirements["maintenance"] for name in found}


def rows_of(out: Path) -> list[dict[str, Any]]:
    """The rows of all answers, in the order of the files."""
    return [
        row for path in sorted(out.glob("part-*.parquet")) for row in parquet.read_table(path).to_pylist()
    ]


def answers(out: Path) -> Answers:
    """The requirement of each account of a batch; each must stand there once."""
    rows = rows_of(out)
    found = {row["account"]: row["maintenance"] for row in rows}
    assert len(found) == len(rows), "an account was answered twice"
    return found


def aside(out: Path) -> dict[str | None, tuple[str, str]]:
    """Code and message of the accounts that were put aside."""
    rows = [
        row
        for path in (out / "_quarantine").glob("*.parquet")
        for row in parquet.read_table(path).to_pylist()
    ]
    return {row["account"]: (row["code"], row["message"]) for row in rows}


def changed(table: pa.Table, column: str, row: int, value: object) -> pa.Table:
    """A table with one cell changed."""
    values = table.column(column).to_pylist()
    values[row] = value
    return table.set_column(
        table.column_names.index(column), column, pa.array(values, table.column(column).type)
    )
