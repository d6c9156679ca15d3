"""Positions of equal account and instrument become one, in an order that is not that of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pmdsl.engine.columns import Typed
from pmdsl.engine.ranges import ranges
from pmdsl.engine.words import POISON, Array, Codes, Number, Truth

QUANTITY, TRADE_PRICE = "quantity", "trade_price"


@dataclass(frozen=True, eq=False)
class Owned:
    """Rows that belong to accounts, sorted by account and then canonically.

    `account` and `columns` have one entry a row; `torn[column]` marks the rows where it is poison: its netted
    parts disagree, or hold something else. `source` is a row of the book for each row: the first of its
    parts (None: they stand as in the book).
    """

    account: Codes
    columns: Mapping[str, Array]
    torn: Mapping[str, Truth]
    source: Codes | None
    instrument: Codes | None = None

    @property
    def size(self) -> int:
        return len(self.account)


def sorted_rows(account: Codes, ranks: list[Array], columns: Mapping[str, Typed]) -> Owned:
    """Rows as they are, sorted by account, then by the ranks (the first weighs most)."""
    order = np.lexsort((*reversed(ranks), account)).astype(np.int64)
    return _taken(account, columns, order)


def _as_they_stand(account: Codes, columns: Mapping[str, Typed]) -> Owned:
    values = {name: column.values for name, column in columns.items()}
    torn = {name: column.spoilt for name, column in columns.items() if column.spoilt is not None}
    return Owned(account, values, torn, None)


def _taken(account: Codes, columns: Mapping[str, Typed], order: Codes) -> Owned:
    values = {name: column.values[order] for name, column in columns.items()}
    torn = {name: column.spoilt[order] for name, column in columns.items() if column.spoilt is not None}
    return Owned(account[order], values, torn, order)


def lots(
    account: Codes, instrument: Codes, rank: Codes, ties: list[Array], columns: Mapping[str, Typed]
) -> Owned:
    """Every position a row of its own, sorted by account, rank of instrument and `ties`."""
    found = sorted_rows(account, [rank[instrument], *ties], columns)
    assert found.source is not None
    return replace(found, instrument=instrument[found.source])


def net(account: Codes, instrument: Codes, rank: Codes, columns: Mapping[str, Typed]) -> Owned:
    """One row for each account and instrument, sorted by account and `rank[instrument]`.

    Quantities are summed. A trade price is the average weighted by quantity where all parts are on one side,
    and torn otherwise. Any other column is kept where the parts agree, and torn otherwise.
    """
    if _in_order(account, instrument, rank):
        return replace(_as_they_stand(account, columns), instrument=instrument)
    key = _keys(account, instrument, rank)
    # The stable way takes what is in order as it stands: positions come account by account as a rule.
    order = np.argsort(key, kind="stable")
    change = np.ones(len(key), dtype=bool)
    change[1:] = key[order[1:]] != key[order[:-1]]
    if change.all():
        return replace(_taken(account, columns, order), instrument=instrument[order])
    parts = _taken(account, columns, _canonical(order, change, key, columns))
    starts = np.flatnonzero(change)
    merged, torn = _merge(parts, starts)
    assert parts.source is not None
    first = parts.source[starts]
    return Owned(account[first], merged, torn, first, instrument[first])


def _keys(account: Codes, instrument: Codes, rank: Codes) -> Codes:
    """A number for each pair of account and instrument, in the order of both. Shape of `account`."""
    found = rank[instrument]
    found += account * (len(rank) + 1)
    return found


def _in_order(account: Codes, instrument: Codes, rank: Codes) -> bool:
    """Whether every position stands after the one before it, and none is held twice; told range by range,
    so that no array of all positions is made.
    """
    last = -1
    for low, high in ranges(len(account)):
        key = _keys(account[low:high], instrument[low:high], rank)
        if key[0] <= last or not (key[1:] > key[:-1]).all():
            return False
        last = int(key[-1])
    return True


def _canonical(order: Codes, change: Truth, key: Codes, columns: Mapping[str, Typed]) -> Codes:
    """Equal positions in an order of their own: their sum has the same bits in every order of the file."""
    twin = ~change
    twin[:-1] |= ~change[1:]
    mine = order[twin]
    ties = [columns[name].values[mine] for name in (TRADE_PRICE, QUANTITY) if name in columns]
    found = order.copy()
    found[twin] = mine[np.lexsort((mine, *ties, key[mine]))]
    return found


def _merge(parts: Owned, starts: Codes) -> tuple[dict[str, Array], dict[str, Truth]]:
    merged: dict[str, Array] = {}
    torn: dict[str, Truth] = {}
    for name, column in parts.columns.items():
        if name == QUANTITY:
            merged[name], odd = np.add.reduceat(column, starts), np.zeros(len(starts), dtype=bool)
        elif name == TRADE_PRICE:
            merged[name], odd = _average(column, parts.columns[QUANTITY], starts)
        else:
            merged[name], odd = _agreed(column, starts)
        if name in parts.torn:
            odd = odd | np.logical_or.reduceat(parts.torn[name], starts)
        torn[name] = odd
    return merged, torn


def _average(price: Array, quantity: Array, starts: Codes) -> tuple[Number, Truth]:
    given = ~np.isnan(price)
    total = np.add.reduceat(quantity, starts)
    worth = np.add.reduceat(np.where(given, price, 0.0) * quantity, starts)
    all_given = np.logical_and.reduceat(given, starts)
    any_given = np.logical_or.reduceat(given, starts)
    least, most = np.minimum.reduceat(quantity, starts), np.maximum.reduceat(quantity, starts)
    low, high = np.fmin.reduceat(price, starts), np.fmax.reduceat(price, starts)
    sound = all_given & ((low == high) | (least * most > 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        average = np.where(low == high, low, worth / total)
    return np.where(any_given, average, np.nan), any_given & ~sound


def _agreed(column: Array, starts: Codes) -> tuple[Array, Truth]:
    if column.dtype.kind == "i":
        torn = np.minimum.reduceat(column, starts) != np.maximum.reduceat(column, starts)
        return np.where(torn, POISON, column[starts]), torn
    filled = np.where(np.isnan(column), np.inf, column)
    torn = np.minimum.reduceat(filled, starts) != np.maximum.reduceat(filled, starts)
    return np.where(torn, np.nan, column[starts]), torn
