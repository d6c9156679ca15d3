"""Holdings of one account with trades in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pmdsl.engine.inputs import Holdings
from pmdsl.engine.netting import QUANTITY, TRADE_PRICE
from pmdsl.engine.words import Codes, Number
from pmdsl.portfolio.book import Table


@dataclass(frozen=True)
class Leg:
    """So much of an instrument (its row), bought or, below zero, sold; `price` is what was paid for one."""

    instrument: int
    quantity: float
    price: float | None = None


def only(holdings: Holdings, account: int) -> Holdings:
    """The holdings of one of the accounts, by its row."""
    rows = np.flatnonzero(holdings.account == account)
    return Holdings(
        _taken(holdings.accounts, np.array([account])),
        _taken(holdings.positions, rows),
        np.zeros(len(rows), dtype=np.int64),
        holdings.instrument[rows],
    )


def with_legs(holdings: Holdings, legs: Sequence[Leg]) -> Holdings:
    """The holdings of one account with a position more for each leg. Instruments are rows of the book."""
    instrument = np.append(holdings.instrument, np.array([leg.instrument for leg in legs], dtype=np.int64))
    positions = _longer(holdings.positions, legs)
    return replace(
        holdings, positions=positions, account=np.zeros(positions.size, dtype=np.int64), instrument=instrument
    )


def with_quantities(holdings: Holdings, source: Codes, quantities: Number) -> Holdings:
    """The positions that stand at some rows, with other quantities."""
    table = _taken(holdings.positions, source)
    table = replace(table, columns={**table.columns, QUANTITY: np.asarray(quantities, dtype=np.float64)})
    return replace(
        holdings, positions=table, account=holdings.account[source], instrument=holdings.instrument[source]
    )


def side_by_side(holdings: Holdings, legs: Sequence[Leg]) -> Holdings:
    """One account as many times as there are legs, each time with one leg more."""
    size, times = len(holdings.instrument), len(legs)
    rows = np.tile(np.arange(size), times)
    ids = [f"{holdings.accounts.text('id')[0]} {k}" for k in range(times)]
    accounts = _taken(holdings.accounts, np.zeros(times, dtype=np.int64))
    accounts = replace(accounts, columns={**accounts.columns, "id": np.array(ids, dtype=object)})
    return Holdings(
        accounts,
        _longer(_taken(holdings.positions, rows), legs),
        np.append(np.repeat(np.arange(times), size), np.arange(times)),
        np.append(holdings.instrument[rows], np.array([leg.instrument for leg in legs], dtype=np.int64)),
    )


def _taken(table: Table, rows: Any) -> Table:
    """Some rows of a table, each with its place."""
    columns = {name: column[rows] for name, column in table.columns.items()}
    return Table(
        table.name,
        len(rows),
        columns,
        lambda row: table.place(int(rows[row])),
        lambda row, column: table.cell_place(int(rows[row]), column),
        table.key_place,
    )


def _longer(table: Table, legs: Sequence[Leg]) -> Table:
    """Positions with a row more for each leg; what a leg does not say is not given there."""
    given: dict[str, list[float]] = {QUANTITY: [leg.quantity for leg in legs]}
    if any(leg.price is not None for leg in legs) or TRADE_PRICE in table.columns:
        given[TRADE_PRICE] = [np.nan if leg.price is None else leg.price for leg in legs]
    columns = {name: np.append(column, _nothing(column, len(legs))) for name, column in table.columns.items()}
    for name, values in given.items():
        before = table.number(name)
        columns[name] = np.append(before, np.array(values, dtype=np.float64))
    return Table(
        table.name,
        table.size + len(legs),
        columns,
        lambda row: table.place(row) if row < table.size else None,
        lambda row, column: table.cell_place(row, column) if row < table.size else None,
        table.key_place,
    )


def _nothing(column: Any, size: int) -> Any:
    found = np.empty(size, dtype=column.dtype)
    found[:] = None if column.dtype == object else np.nan
    return found
