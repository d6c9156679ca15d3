"""Joining rows by equal values, by sorting: values become codes, and equal codes are paired."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pmdsl.engine.words import Array, Codes

Pairs = tuple[Codes, Codes]


def codes(columns: Sequence[Array]) -> Codes:
    """One number for each distinct combination of values, in their order. Shape (rows,) of each column."""
    found = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values = np.unique(column, return_inverse=True)[1].reshape(len(found)).astype(np.int64)
        found = found * (int(values.max(initial=0)) + 1) + values
        found = np.unique(found, return_inverse=True)[1].reshape(len(found)).astype(np.int64)
    return found


def common_codes(left: Sequence[Array], right: Sequence[Array]) -> Pairs:
    """Codes of the rows of two sides, equal where the rows are. Shapes (left rows,), (right rows,)."""
    both = codes([np.concatenate(columns) for columns in zip(left, right, strict=True)])
    return both[: len(left[0])], both[len(left[0]) :]


def partners(left: Codes, right: Codes) -> tuple[Codes, Codes, Codes]:
    """For each row of the left its partners of equal code on the right: an order of the right, where the
    partners begin in it, and how many there are. Shapes (right rows,), (left rows,), (left rows,).
    """
    order = np.argsort(right, kind="stable").astype(np.int64)
    begin = np.searchsorted(right[order], left, side="left")
    end = np.searchsorted(right[order], left, side="right")
    return order, begin.astype(np.int64), (end - begin).astype(np.int64)


def expanded(order: Codes, begin: Codes, count: Codes) -> Pairs:
    """The pairs that `partners` counts, by left row, then in the order of the right. Shapes (pairs,)."""
    rows = np.repeat(np.arange(len(count)), count).astype(np.int64)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return rows, order[begin[rows] + step]


def equal_pairs(left: Codes, right: Codes) -> Pairs:
    """All pairs of rows of equal code."""
    return expanded(*partners(left, right))
