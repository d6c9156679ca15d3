"""Large books: tables of positions, instruments, underlyings and accounts, column by column, to parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from pmdsl.diagnostics import nearest
from pmdsl.portfolio.book import Array, Table, no_place
from pmdsl.portfolio.cells import Cells, Frame, TextCells, checked, coded, missing, raw_texts, typed
from pmdsl.portfolio.document import read_document
from pmdsl.portfolio.files import read_tree
from pmdsl.portfolio.frames import no_cell, open_frame
from pmdsl.portfolio.mappings import mapping_source
from pmdsl.portfolio.parts import Coded, Parts, Root
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.shape import ACCOUNT, INSTRUMENT, POSITION, UNDERLYING, Row, Type
from pmdsl.source import Source

CODED = ("account", "instrument")
EMPTY = Frame("positions", 0, {key: TextCells(()) for key in ("instrument", "quantity")}, no_place, no_cell)


def read_tables(
    positions: object,
    instruments: object,
    underlyings: object,
    accounts: object,
    small: Mapping[str, object] | Source,
    on: date | datetime,
    report: Report,
) -> Parts | None:
    """The parts of a book in tables; `small` are its other sections: rate, fx, market, values …

    They may be the text of a portfolio file; `on` beats its date, and tables beat its own.
    """
    if isinstance(small, Source):
        source: Source | None = small
        day = on.date() if isinstance(on, datetime) else on
    else:
        given_here = {key: value for key, value in small.items() if value is not None}
        source, day = mapping_source({"on": on} | given_here, report), None
    root = read_tree(source, report) if source else None
    parts = read_document(root, day, None, report) if root else None
    given = {
        "positions": positions,
        "instruments": instruments,
        "underlyings": underlyings,
        "accounts": accounts,
    }
    frames = {
        name: frame
        for name, table in given.items()
        if table is not None and (frame := open_frame(table, name, report)) is not None
    }
    if positions is None:
        frames["positions"] = EMPTY
    if parts is None or "positions" not in frames:
        return None
    return _joined(parts, frames, report)


def _joined(parts: Parts, frames: Mapping[str, Frame], report: Report) -> Parts:
    frame = frames["positions"]
    named = {key: _coded(key, frame, report) for key in CODED}
    _report_missing("instrument", frame.columns.get("instrument"), frame, POSITION, report)
    tables = {
        shape.table: read_frame(frames[shape.table], shape, report)
        for shape in (INSTRUMENT, UNDERLYING, ACCOUNT)
        if shape.table in frames
    }
    accounts, position_account = _accounts(tables.get("accounts"), named["account"])
    if accounts is not tables.get("accounts") and len(named["account"].words) == 1:
        # A position that names none beside some that do has lost its name: it is not the one account's.
        _report_missing("account", frame.columns["account"], frame, POSITION, report)
    return replace(
        parts,
        accounts=accounts,
        underlyings=tables.get("underlyings", parts.underlyings),
        instruments=tables.get("instruments", parts.instruments),
        positions=read_frame(frame, POSITION, report, skip=CODED),
        position_account=position_account,
        position_instrument=named["instrument"],
        roots=_roots(frames.get("underlyings")),
    )


def _accounts(listed: Table | None, named: Coded) -> tuple[Table, Coded]:
    """The accounts listed, or else those that positions name; a table without any is one account, `book`."""
    if listed is not None and listed.size:
        return listed, named
    if not named.words:
        named = Coded(np.zeros(len(named.codes), dtype=np.int64), ["book"])
    ids = np.array(list(named.words), dtype=object)
    return Table("accounts", len(ids), {"id": ids, "equity": np.full(len(ids), np.nan)}, no_place), named


def _coded(key: str, frame: Frame, report: Report) -> Coded:
    cells = frame.columns.get(key)
    if cells is None:
        return Coded(np.full(frame.size, -1, dtype=np.int64), [])
    return checked(key, coded(cells), POSITION.fields[key], frame, report)


def read_frame(frame: Frame, shape: Row, report: Report, skip: Sequence[str] = ()) -> Table:
    """The table of a frame: typed columns for the keys of the shape, raw text for the others."""
    columns: dict[str, Array] = {}
    for key, field in shape.fields.items():
        if key in skip or field.type in (Type.NAMES, Type.DIVIDENDS):
            continue
        cells = frame.columns.get(key)
        empty = None if field.type in (Type.TEXT, Type.WORD) else np.nan
        if cells is not None:
            columns[key] = typed(key, cells, field, frame, report)
        else:
            columns[key] = np.full(frame.size, empty, dtype=object if empty is None else np.float64)
        if field.required:
            _report_missing(key, cells, frame, shape, report)
    for key, cells in frame.columns.items():
        if key == "dividends" and shape is UNDERLYING:
            report.add("PM622", f"`dividends` cannot stand in a cell{frame.at(0)}", frame.cell_place(0, key))
        elif key not in shape.fields:
            columns[key] = raw_texts(cells)
    return Table(shape.table, frame.size, columns, frame.place, frame.cell_place, frame.key_place)


def _report_column(key: str, frame: Frame, shape: Row, report: Report) -> None:
    """Report a required column that is not there, with the one that was probably meant."""
    meant = nearest(key, [name for name in frame.columns if name not in shape.fields])
    hint = f"is `{meant}` meant for it?" if meant else None
    place = frame.place(0) if frame.size else None
    report.add("PM608", f"the table {frame.name} has no column `{key}`", place, hint=hint)


def _report_missing(key: str, cells: Cells | None, frame: Frame, shape: Row, report: Report) -> None:
    """Report a required column that is not there, or its rows that are empty."""
    if cells is None:
        _report_column(key, frame, shape, report)
        return
    report.rows(
        "PM608",
        missing(cells),
        lambda row: f"this {shape.name} has no `{key}`{frame.at(row)}",
        lambda row: frame.cell_place(row, key),
    )


def _roots(frame: Frame | None) -> list[Root]:
    """The OSI roots in a table of underlyings: names with spaces or semicolons between them."""
    cells = frame.columns.get("roots") if frame else None
    if frame is None or cells is None:
        return []
    lines = enumerate(raw_texts(cells).tolist())
    return [
        Root(root, row, frame.cell_place(row, "roots"))
        for row, text in lines
        if text
        for root in text.replace(";", " ").split()
    ]
