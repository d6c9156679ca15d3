"""One chunk: read, answered, published."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmdsl.batch.arrow import arrow
from pmdsl.batch.columns import answer_table
from pmdsl.batch.publishing import COUNTS, aside_path, part_name, part_path, publish
from pmdsl.batch.quarantine import Aside, of_answers, of_rows, quarantine_table
from pmdsl.batch.reading import ROW, Rows, hold_against, read_rows
from pmdsl.batch.sheets import ACCOUNT
from pmdsl.batch.station import Station
from pmdsl.batch.values import Chunk, Done, Share
from pmdsl.diagnostics import Findings
from pmdsl.engine import Answer, Holdings
from pmdsl.foreign_plans import blamed_on
from pmdsl.portfolio import shape
from pmdsl.portfolio.arrow import table_frame
from pmdsl.portfolio.book import Table
from pmdsl.portfolio.cells import Frame, coded
from pmdsl.portfolio.faults import Faults
from pmdsl.portfolio.holdings import Held, held_in, unlisted
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.tables import read_frame


def answer_chunk(station: Station, chunk: Chunk, out: Path) -> Done:
    """Answer the accounts of a chunk and publish them at once; bad accounts are put aside. Raises PmdslError.

    The accounts put aside are published first: where the answers of a chunk are, there is all of it.
    """
    begun = time.monotonic()
    rows = read_rows(chunk, station.columns)
    held, aside = holdings(station, chunk, rows)
    with blamed_on(station.rules.rules):
        answer = station.rules.bound.run(
            Holdings(held.accounts, held.positions, held.account, held.instrument)
        )
        bad = [one.account for one in aside if one.account is not None]
        aside += of_answers(answer, bad)
        table = answer_table(answer, rows_of(answer, bad))
    name = part_name(chunk, station.work.digest)
    if aside:
        publish(aside_path(out, name), quarantine_table(aside))
    path, counts = part_path(out, name), (len(table), len(rows.table), len(aside))
    publish(path, table, dict(zip(COUNTS, counts, strict=True)))
    notes = tuple(station.rules.bound.findings)
    return Done(chunk.digest, *counts, path, time.monotonic() - begun, notes=notes)


def rows_of(answer: Answer, accounts: Sequence[str]) -> NDArray[np.int64]:
    """The rows of some accounts, of those that are answered."""
    if not accounts:
        return np.zeros(0, dtype=np.int64)
    return np.array([answer.row_of[name] for name in accounts if name in answer.row_of], dtype=np.int64)


# ---- holdings ----------------------------------------------------------------------------------------------


def holdings(station: Station, chunk: Chunk, rows: Rows) -> tuple[Held, list[Aside]]:
    """The holdings of a chunk without the positions of bad accounts, and why these are bad.

    Raises PmdslError where a whole table cannot be read.
    """
    owners, aside = listed_in(station, chunk.share)
    frame = frame_of(rows.table, "positions", Findings(), distinct=True)
    frame = replace(frame, named=rows.named)
    names = coded(frame.columns[ACCOUNT])
    hold_against(names.words, chunk.share, chunk)
    faults = Faults(Findings())
    owned = with_owner(frame, names.codes, faults)
    if owners is None and not names.words:
        owners = unlisted([])
    held = held_in(frame, owners, station.rules.rows, faults)
    faults.findings.raise_if_errors()
    aside += of_rows(frame, ACCOUNT, faults)
    if not aside:
        return held, aside
    bad = {one.account for one in aside}
    wrong = np.array([word in bad for word in names.words] + [True], dtype=bool)
    return without(held, np.flatnonzero(owned & ~wrong[names.codes])), aside


def with_owner(frame: Frame, codes: NDArray[np.int64], faults: Faults) -> NDArray[np.bool_]:
    """Which positions name an account; those that do not are reported. Shape (rows,)."""
    owned = codes >= 0
    faults.rows("PM608", ~owned, lambda row: f"this position has no `{ACCOUNT}`{frame.at(row)}", frame.place)
    return owned


def without(held: Held, rows: NDArray[np.int64]) -> Held:
    """Holdings with some of their positions alone."""
    columns = {name: column[rows] for name, column in held.positions.columns.items()}
    positions = replace(held.positions, size=len(rows), columns=columns)
    return Held(held.accounts, positions, held.account[rows], held.instrument[rows])


def listed_in(station: Station, share: Share) -> tuple[Table | None, list[Aside]]:
    """The listed accounts of a share, and those that are bad. Raises PmdslError."""
    if station.listed is None:
        return None, []
    table = station.listed.own(share)
    numbers = table.column(ROW)
    frame = frame_of(table.drop_columns([ROW]), station.listed.name, Findings(), distinct=False)
    frame = replace(frame, named=lambda row: f"row {numbers[row].as_py() + 1} of {frame.name}")
    faults = Faults(Findings())
    owners = read_frame(frame, shape.ACCOUNT, faults)
    faults.findings.raise_if_errors()
    return owners, of_rows(frame, "id", faults)


def frame_of(table: Any, name: str, findings: Findings, distinct: bool) -> Frame:
    """A table before its columns have types. Raises PmdslError for a type that no table of a book holds."""
    frame = table_frame(arrow(), table, name, Report(findings), distinct)
    findings.raise_if_errors()
    assert frame is not None
    return frame
