"""A batch: positions of many accounts from Parquet to Parquet, with one bad account put aside.

python examples/25_batch.py

Needs pyarrow: pip install 'pmdsl[arrow]'. The same as a command:

    pmdsl batch -p positions.parquet -i instruments.csv -u underlyings.csv --market day.yaml -o margin
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

import pmdsl
from pmdsl.batch.whole import Options, run_batch
from pmdsl.batch.work import work_of

UNDERLYINGS = {
    "id": ["SPX", "SPY", "XYZ"],
    "kind": ["index", "etf", "stock"],
    "price": [4500.0, 450.0, 50.0],
    "tracks": [None, "SPX", None],
    "breadth": ["broad", "broad", None],
    "capitalization": ["high", "high", None],
}
INSTRUMENTS = {
    "id": ["SPX-P", "XYZ-C"],
    "kind": ["option", "option"],
    "underlying": ["SPX", "XYZ"],
    "right": ["put", "call"],
    "strike": [4300.0, 55.0],
    "expiry": ["2026-06-19", "2026-06-19"],
    "implied_volatility": [0.16, 0.40],
    "exercise": ["european", "american"],
}


def positions(accounts: int) -> pa.Table:
    """Three positions an account, sorted by account; the seventh holds something that nobody knows."""
    draw = np.random.default_rng(1)
    owner = np.repeat(np.arange(1, accounts + 1), 3)
    held = draw.choice(["SPX-P", "XYZ-C", "SPY", "XYZ"], len(owner)).astype(object)
    held[owner.tolist().index(7)] = "XYZ-D"
    names = [f"A{number:04d}" for number in owner.tolist()]
    return pa.table({"account": names, "instrument": held, "quantity": draw.integers(-9, 10, len(owner))})


with TemporaryDirectory() as name:
    folder = Path(name)
    parquet.write_table(positions(2000), folder / "positions.parquet", row_group_size=1000)

    # Everything that a worker needs is one plain value: rules, market, date, engine.
    rules = pmdsl.load("us.finra.cpm")
    work = work_of(rules, INSTRUMENTS, UNDERLYINGS, on=date(2026, 3, 2), sections={"rate": 0.04})
    done = run_batch(rules, work, folder / "positions.parquet", folder / "margin", options=Options(1000))
    print(f"{done.accounts} accounts, {done.positions} positions, {done.chunks} chunks")
    print(f"{done.quarantined} put aside:")
    aside = csv.read_csv(folder / "margin" / "_quarantine.csv").to_pylist()
    print(*(f"  {row['account']} {row['code']} {row['message'].split(',')[0]}" for row in aside), sep="\n")

    # A file for each chunk; whatever reads a folder of Parquet reads the answers.
    for row in parquet.read_table(folder / "margin").slice(5, 3).to_pylist():
        print(row["account"], row["maintenance"])

    # What is there is not done again: after a kill, the same call goes on.
    again = run_batch(
        rules, work, folder / "positions.parquet", folder / "margin", options=Options(1000, True)
    )
    print(f"{again.kept} of {again.chunks} chunks kept")
