"""Running hand-made plans and comparing their values with what the oracle says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pmdsl.engine import Answer, evaluate
from pmdsl.portfolio.book import Book
from tests.engine.building import Building


def values(building: Building, given: Book, **data: Any) -> list[Any]:
    """The arrays of the outputs of a plan on a book."""
    answer: Answer = evaluate(building.plan(), given, data)
    return [answer.values[k] for k in range(len(building.outputs))]


def cells(array: Any) -> list[Any]:
    """An array as nested lists with None for poison."""
    if array.ndim > 1:
        return [cells(row) for row in array]
    if array.dtype.kind == "i":
        return [None if x < 0 else x for x in array.tolist()]
    return [None if x != x else x for x in array.tolist()]


def close(found: Sequence[Any], expected: Sequence[Any], tolerance: float = 1e-12) -> None:
    """Cell by cell: poison where poison is expected, numbers to within a relative tolerance."""
    assert len(found) == len(expected)
    for x, y in zip(found, expected, strict=True):
        if isinstance(x, list):
            close(x, y, tolerance)
        elif x is None or y is None:
            assert x is None, (found, expected)
            assert y is None, (found, expected)
        else:
            assert abs(x - y) <= tolerance * max(1.0, abs(x), abs(y)), (found, expected)


def rows(names: str, columns: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows of underlyings with these columns; None is not given."""
    return [
        {"id": f"U{i:02d}", **{n: None if x is None else repr(x) for n, x in zip(names, row, strict=True)}}
        for i, row in enumerate(columns)
    ]
