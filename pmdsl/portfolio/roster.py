"""The instruments of a book: the listed ones completed from their symbols, and those that positions imply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pmdsl.diagnostics import Label
from pmdsl.portfolio.book import Array, Table
from pmdsl.portfolio.directory import Directory, Implied, Problem, imply, index_ids, suggest, unknown_root
from pmdsl.portfolio.parts import Coded, code
from pmdsl.portfolio.report import Report
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
    for row, symbol in symbols.items():
        _fill(row, symbol, columns, table, report)
    _kinds(columns, underlying, table, directory, report)
    filled = Table(table.name, table.size, columns, table.place, table.cell_place)
    return Roster(filled, underlying, symbols, rows)


def _twice(table: Table, name: str, first: int, row: int, report: Report) -> None:
    place = table.cell_place(first, "id")
    labels = [Label(place, "first listed here")] if place else []
    message = f"the instrument `{name}` is listed twice, with and without padding"
    report.add("PM613", message, table.cell_place(row, "id"), labels=labels)


def _underlyings(
    table: Table, symbols: dict[int, OptionSymbol], directory: Directory, report: Report
) -> NDArray[np.int64]:
    """The underlying of each listed instrument: as written, from its symbol, or of equal id; -1 for none."""
    written = code(table.text("underlying"))
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


def _fill(row: int, symbol: OptionSymbol, columns: dict[str, Array], table: Table, report: Report) -> None:
    """Fill a row from its symbol; what was written must not say otherwise."""
    said = {
        "kind": "option",
        "right": symbol.right,
        "strike": symbol.strike,
        "expiry": float(symbol.expiry.toordinal()),
    }
    for key, value in said.items():
        written = columns[key][row]
        missing = written is None or written != written
        if not missing and written != value:
            place = table.cell_place(row, key)
            report.add("PM616", f"the symbol `{symbol.compact}` says otherwise than the row's `{key}`", place)
        columns[key][row] = value


def _kinds(
    columns: dict[str, Array],
    underlying: NDArray[np.int64],
    table: Table,
    directory: Directory,
    report: Report,
) -> None:
    """An instrument with a right is an option; one of an underlying's id is that, held outright."""
    kinds, rights, ids = columns["kind"], columns["right"], columns["id"]
    for row in np.flatnonzero(np.equal(kinds, None)).tolist():
        if rights[row] is not None:
            kinds[row] = "option"
            continue
        held = imply(ids[row], directory, (), report) if ids[row] in directory.by_id else None
        if isinstance(held, Implied):
            kinds[row] = held.kind
        else:
            message = (
                f"the instrument `{ids[row]}` has no `kind`: expected {INSTRUMENT.fields['kind'].expected}"
            )
            report.add("PM608", message, table.place(row))


def add_implied(
    roster: Roster, names: Sequence[str], places: Sequence[Span | None], directory: Directory, report: Report
) -> tuple[Roster, NDArray[np.int64]]:
    """The roster with a row for every name that has none yet, and the row of each name (-1: reported)."""
    rows = dict(roster.rows)
    added: list[Implied] = []
    where: list[Span | None] = []
    found = np.full(len(names), -1, dtype=np.int64)
    for number, (name, place) in enumerate(zip(names, places, strict=True)):
        row = rows.get(name)
        if row is None and (symbol := parse_symbol(name)) is not None:
            row = rows.get(symbol.compact)
        if row is None:
            meant = imply(name, directory, rows, report)
            if isinstance(meant, Problem):
                report.add(meant.code, meant.message, place, hint=meant.hint)
                continue
            row = roster.table.size + len(added)
            rows[name] = rows[meant.symbol.compact if meant.symbol else name] = row
            added.append(meant)
            where.append(place)
        found[number] = row
    return _extended(roster, rows, added, where), found


def _extended(roster: Roster, rows: dict[str, int], added: list[Implied], where: list[Span | None]) -> Roster:
    size = roster.table.size
    table = extend_table(roster.table, [_values(implied) for implied in added], where)
    underlying = np.concatenate([roster.underlying, np.array([i.underlying for i in added], dtype=np.int64)])
    symbols = roster.symbols | {size + n: i.symbol for n, i in enumerate(added) if i.symbol is not None}
    return Roster(table, underlying, symbols, rows)


def _values(implied: Implied) -> dict[str, str | float]:
    """The columns that an implied instrument has."""
    values: dict[str, str | float] = {"id": implied.id, "kind": implied.kind}
    if (symbol := implied.symbol) is not None:
        values |= {"right": symbol.right, "strike": symbol.strike, "expiry": float(symbol.expiry.toordinal())}
    return values


def extend_table(table: Table, added: list[dict[str, str | float]], where: list[Span | None]) -> Table:
    """A table with more rows below; a column that an added row lacks is None or NaN there."""
    columns: dict[str, Array] = {}
    for key, column in table.columns.items():
        empty = None if column.dtype == object else np.nan
        more = np.full(len(added), empty, dtype=column.dtype)
        for number, values in enumerate(added):
            more[number] = values.get(key, empty)
        columns[key] = np.concatenate([column, more])

    def place(row: int) -> Span | None:
        return table.place(row) if row < table.size else where[row - table.size]

    def cell(row: int, name: str) -> Span | None:
        return table.cell_place(row, name) if row < table.size else where[row - table.size]

    return Table(table.name, table.size + len(added), columns, place, cell)


def resolve(
    roster: Roster, named: Coded, positions: Table, directory: Directory, report: Report
) -> tuple[Roster, NDArray[np.int64]]:
    """The roster with what positions imply, and the instrument row of each position. Shape (positions,)."""
    first = named.first_rows()
    places = [positions.cell_place(int(row), "instrument") for row in first]
    roster, rows = add_implied(roster, named.words, places, directory, report)
    return roster, np.append(rows, -1)[named.codes]
