"""The instruments of a book: the listed ones completed from their symbols, and those that positions imply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pmdsl.diagnostics import Label
from pmdsl.portfolio.book import Array, Table
from pmdsl.portfolio.directory import Directory, Implied, Problem, imply, index_ids, suggest, unknown_root
from pmdsl.portfolio.parts import Coded, absent, code, texts
from pmdsl.portfolio.report import PlaceOf, Report
from pmdsl.portfolio.shape import INSTRUMENT
from pmdsl.portfolio.symbols import OptionSymbol, parse_symbol
from pmdsl.source import Span


@dataclass(frozen=True, eq=False)
class Roster:
    """Instruments as rows. `symbols[row]`: its OSI symbol, if its id is one; `rows`: by id, padded or not."""

    table: Table
    underlying: NDArray[np.int64]
    symbols: dict[int, OptionSymbol]
    rows: dict[str, int]

    def find(self, name: str) -> int | None:
        """The row of an instrument by its id, or by its OSI symbol in any padding."""
        row = self.rows.get(name)
        if row is None and (symbol := parse_symbol(name)) is not None:
            row = self.rows.get(symbol.compact)
        return row


def complete(table: Table, directory: Directory, report: Report) -> Roster:
    """The listed instruments with underlying, right, strike and expiry from their symbols, and their kind."""
    rows = index_ids(table, "instrument", report)
    symbols: dict[int, OptionSymbol] = {}
    for name, row in list(rows.items()):
        if (symbol := parse_symbol(name)) is not None:
            symbols[row] = symbol
            first = rows.setdefault(symbol.compact, row)
            if first != row:
                _twice(table, name, first, row, report)
    columns = {key: column.copy() for key, column in table.columns.items()}
    underlying = _underlyings(table, symbols, directory, report)
    _fill(columns, symbols, table, report)
    _kinds(columns, underlying, table, directory, report)
    return Roster(replace(table, columns=columns), underlying, symbols, rows)


def _twice(table: Table, name: str, first: int, row: int, report: Report) -> None:
    place = table.cell_place(first, "id")
    labels = [Label(place, "first listed here")] if place else []
    message = f"the instrument `{name}` is listed twice, with and without padding"
    report.add("PM613", message, table.cell_place(row, "id"), labels=labels)


def _underlyings(
    table: Table, symbols: dict[int, OptionSymbol], directory: Directory, report: Report
) -> NDArray[np.int64]:
    """The underlying of each listed instrument: as written, from its symbol, or of equal id; -1 for none."""
    written = code(table.text("underlying").tolist())
    known = np.array([directory.by_id.get(word, -1) for word in written.words] + [-1], dtype=np.int64)
    first = written.first_rows()
    for number, word in enumerate(written.words):
        if known[number] < 0:
            hint = suggest(word, directory.by_id, report)
            place = table.cell_place(int(first[number]), "underlying")
            report.add("PM614", f"no underlying is called `{word}`", place, hint=hint)
    found = known[written.codes]
    ids = table.text("id")
    for row in np.flatnonzero(written.codes < 0).tolist():
        if (symbol := symbols.get(row)) is None:
            found[row] = directory.by_id.get(ids[row], -1)
        elif (named := directory.by_root.get(symbol.root)) is not None:
            found[row] = named
        else:
            problem = unknown_root(symbol, directory, report)
            report.add(problem.code, problem.message, table.cell_place(row, "id"), hint=problem.hint)
    return found


def _fill(columns: dict[str, Array], symbols: dict[int, OptionSymbol], table: Table, report: Report) -> None:
    """Fill the rows of symbols from them; what was written must not say otherwise."""
    rows = np.array(list(symbols), dtype=np.int64)
    said = [_values(symbol) for symbol in symbols.values()]
    for key in ("kind", "right", "strike", "expiry"):
        column = columns[key]
        values = np.array([value[key] for value in said], dtype=column.dtype)
        written = column[rows]
        given = ~absent(written) if column.dtype == object else written == written
        differs = np.zeros(table.size, dtype=bool)
        differs[rows] = given & (written != values)
        report.rows(
            "PM616",
            differs,
            partial(_otherwise, symbols, key),
            partial(_cell, table, key),
        )
        column[rows] = values


def _otherwise(symbols: dict[int, OptionSymbol], key: str, row: int) -> str:
    return f"the symbol `{symbols[row].compact}` says otherwise than `{key}` here"


def _cell(table: Table, key: str, row: int) -> Span | None:
    return table.cell_place(row, key)


def _values(symbol: OptionSymbol) -> dict[str, str | float]:
    """The columns that a symbol says."""
    expiry = float(symbol.expiry.toordinal())
    return {"kind": "option", "right": symbol.right, "strike": symbol.strike, "expiry": expiry}


def _kinds(
    columns: dict[str, Array],
    underlying: NDArray[np.int64],
    table: Table,
    directory: Directory,
    report: Report,
) -> None:
    """An instrument with a right is an option; one of an underlying's id is that, held outright."""
    kinds, rights, ids = texts(columns["kind"]), columns["right"], columns["id"]
    for row in np.flatnonzero(absent(kinds)).tolist():
        if rights[row] is not None:
            kinds[row] = "option"
            continue
        held = imply(ids[row], directory, (), report) if ids[row] in directory.by_id else None
        if isinstance(held, Implied):
            kinds[row] = held.kind
        elif not report.has_at(table.cell_place(row, "kind")):
            expected = INSTRUMENT.fields["kind"].expected
            report.add(
                "PM608", f"the instrument `{ids[row]}` has no `kind`: expected {expected}", table.place(row)
            )


def add_implied(
    roster: Roster, names: Sequence[str], place: PlaceOf, directory: Directory, report: Report
) -> tuple[Roster, NDArray[np.int64]]:
    """The roster with a row for every name that has none yet, and the row of each name (-1: reported).

    `place(number)` is where a name was first written.
    """
    rows = dict(roster.rows)
    added: list[Implied] = []
    numbers: list[int] = []
    found = np.full(len(names), -1, dtype=np.int64)
    for number, name in enumerate(names):
        row = rows.get(name)
        if row is None and (symbol := parse_symbol(name)) is not None:
            row = rows.get(symbol.compact)
        if row is None:
            meant = imply(name, directory, rows, report)
            if isinstance(meant, Problem):
                report.add(meant.code, meant.message, place(number), hint=meant.hint)
                continue
            row = roster.table.size + len(added)
            rows[name] = rows[meant.symbol.compact if meant.symbol else name] = row
            added.append(meant)
            numbers.append(number)
        found[number] = row
    return _extended(roster, rows, added, lambda row: place(numbers[row])), found


def _extended(roster: Roster, rows: dict[str, int], added: list[Implied], place: PlaceOf) -> Roster:
    size = roster.table.size
    values = [(_values(i.symbol) if i.symbol else {}) | {"id": i.id, "kind": i.kind} for i in added]
    table = extend_table(roster.table, values, place)
    underlying = np.concatenate([roster.underlying, np.array([i.underlying for i in added], dtype=np.int64)])
    symbols = roster.symbols | {size + n: i.symbol for n, i in enumerate(added) if i.symbol is not None}
    return Roster(table, underlying, symbols, rows)


def extend_table(table: Table, added: Sequence[Mapping[str, str | float]], added_place: PlaceOf) -> Table:
    """A table with more rows below; a column that an added row lacks is None or NaN there."""
    columns: dict[str, Array] = {}
    for key, column in table.columns.items():
        empty = None if column.dtype == object else np.nan
        more = np.empty(len(added), dtype=column.dtype)
        more[:] = np.array([values.get(key, empty) for values in added], dtype=column.dtype)
        columns[key] = np.concatenate([column, more])

    def place(row: int) -> Span | None:
        return table.place(row) if row < table.size else added_place(row - table.size)

    def cell(row: int, name: str) -> Span | None:
        return table.cell_place(row, name) if row < table.size else added_place(row - table.size)

    return Table(table.name, table.size + len(added), columns, place, cell, table.key_place)


def resolve(
    roster: Roster, named: Coded, positions: Table, directory: Directory, report: Report
) -> tuple[Roster, NDArray[np.int64]]:
    """The roster with what positions imply, and the instrument row of each position. Shape (positions,)."""
    first = named.first_rows()
    roster, rows = add_implied(
        roster,
        named.words,
        lambda number: positions.cell_place(int(first[number]), "instrument"),
        directory,
        report,
    )
    return roster, np.append(rows, -1)[named.codes]
