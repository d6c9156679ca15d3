"""The levels that accounts own: the accounts themselves, their positions, and other input tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from pmdsl.diagnostics import did_you_mean
from pmdsl.engine.blocks import OwnedColumn
from pmdsl.engine.columns import Typed
from pmdsl.engine.index import Index, Rows, key_of
from pmdsl.engine.inputs import Holdings, Reader, Wanted, raw_column, row_name
from pmdsl.engine.levels import chain_from, inverted
from pmdsl.engine.names import Names
from pmdsl.engine.netting import QUANTITY, TRADE_PRICE, Owned, lots, net, sorted_rows
from pmdsl.engine.words import Array, Codes
from pmdsl.engine.world import World
from pmdsl.portfolio.book import Table

Columns = dict[tuple[str, str], OwnedColumn]


def hold(
    world: World, reader: Reader, market: Index, holdings: Holdings, wanted: Iterable[Wanted]
) -> tuple[Index, Columns]:
    """The market's index with the levels of the accounts added, and the columns of those levels."""
    index, columns = market.copy(), Columns()
    wants = list(wanted)
    _add_accounts(world, reader, index, columns, holdings, [w for w in wants if w.table == "account"])
    for name, level in world.plan.levels.items():
        if level.kind == "table":
            mine = [w for w in wants if w.table == name]
            if name == "position":
                _add_positions(world, reader, index, columns, holdings, mine)
            else:
                _add_table(world, reader, index, columns, holdings, name, mine)
    return index, columns


def _add_accounts(
    world: World, reader: Reader, index: Index, columns: Columns, holdings: Holdings, wants: list[Wanted]
) -> None:
    table = holdings.accounts
    names = Names(table.text("id"))
    index.levels["account"] = Rows(world.plan.levels["account"], table.size, names, ids=names.rows)
    for want in wants:
        values = reader.convert(want, table, raw_column(table, want.column))
        columns["account", want.column] = OwnedColumn(values.values, values.spoilt)


def _add_positions(
    world: World, reader: Reader, index: Index, columns: Columns, holdings: Holdings, wants: list[Wanted]
) -> None:
    table = holdings.positions
    typed = {
        w.column: reader.convert(w, table, raw_column(table, w.column)) for w in wants if w.column not in IDS
    }
    if TRADE_PRICE in typed or not world.plan.lots:
        typed.setdefault(QUANTITY, Typed(table.number(QUANTITY, copy=False)))
    instrument = _in_order_of_ids(index, holdings.instrument)
    rank = instrument_ranks(index)
    account = holdings.account.astype(np.int64, copy=False)
    if world.plan.lots:
        ties = [_rank(world, c.values) for c in typed.values()]
        rows = lots(account, instrument, rank, ties, typed)
    else:
        rows = net(account, instrument, rank, typed)
    _add_rows(world, index, columns, "position", rows)
    assert rows.instrument is not None
    index.edges["position", "instrument"] = rows.instrument
    for want in wants:
        if want.column in IDS:
            level = "account" if want.column == "account" else "instrument"
            columns["position", want.column] = OwnedColumn(
                _ids(world, index, level)[index.edge("position", level)]
            )


IDS = ("account", "instrument")


def _ids(world: World, index: Index, level: str) -> Codes:
    rows = index.levels[level]
    return world.interner.column([index.label(level, row) for row in range(rows.size)])


def _in_order_of_ids(index: Index, instrument: Codes) -> Codes:
    """Rows of the book's instruments as the engine's; the same array where the book has them in order."""
    shared = index.levels["instrument"]
    row_of = inverse(shared.source, shared.size)
    if (row_of[1:] > row_of[:-1]).all():
        return instrument.astype(np.int64, copy=False)
    return row_of[instrument]


def inverse(source: Codes | None, size: int) -> Codes:
    """The engine's row of each row of the book."""
    return np.arange(size, dtype=np.int64) if source is None else inverted(source)


def instrument_ranks(index: Index) -> Codes:
    """The order of instruments inside an account: by the chain of groups from the coarsest, then by id."""
    ranks: list[Codes] = [np.arange(index.size("instrument"), dtype=np.int64)]
    for group in chain_from(index.plan, "position"):
        try:
            ranks.append(index.parent("instrument", key_of(index.plan, group)))
        except KeyError:
            break
    return inverted(np.lexsort(ranks))


def _add_rows(world: World, index: Index, columns: Columns, name: str, rows: Owned) -> None:
    index.levels[name] = Rows(world.plan.levels[name], rows.size, source=rows.source)
    index.edges[name, "account"] = rows.account
    for column, values in rows.columns.items():
        columns[name, column] = OwnedColumn(values, rows.torn.get(column))


def _add_table(
    world: World,
    reader: Reader,
    index: Index,
    columns: Columns,
    holdings: Holdings,
    name: str,
    wants: list[Wanted],
) -> None:
    table = world.book.tables.get(name) or Table(name, 0, {})
    account = _accounts_of(reader, index, table, name)
    kept = np.flatnonzero(account >= 0)
    typed = {w.column: _some(reader.convert(w, table, raw_column(table, w.column)), kept) for w in wants}
    ranks: list[Array] = [_rank(world, c.values) for c in typed.values()]
    rows = sorted_rows(account[kept], ranks, typed)
    assert rows.source is not None
    rows = replace(rows, source=kept[rows.source].astype(np.int64))
    _add_rows(world, index, columns, name, rows)


def _some(column: Typed, kept: Codes) -> Typed:
    return Typed(column.values[kept], None if column.spoilt is None else column.spoilt[kept])


def _rank(world: World, values: Array) -> Array:
    """Values that sort in an order of their own, whatever the order of the file."""
    return world.interner.ranks(values) if values.dtype.kind == "i" else values


def _accounts_of(reader: Reader, index: Index, table: Table, name: str) -> Codes:
    """The account of each row; a row of an account that is not listed is reported and left out."""
    ids = index.levels["account"].ids
    if "account" not in table.columns and len(ids) == 1:
        return np.zeros(table.size, dtype=np.int64)
    named = table.text("account").tolist()
    for row, text in enumerate(named):
        if text not in ids:
            message = f"{row_name(name, table, row)} is of account `{text}`, which is not listed"
            place = table.cell_place(row, "account") or table.place(row)
            reader.findings.add("PM704", message, place, hint=did_you_mean(str(text), ids))
    return np.array([ids.get(text, -1) for text in named], dtype=np.int64)
