"""What accounts are called: there are millions, and few are asked for by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from pmdsl.engine.words import Array


class Names(Sequence[str]):
    """The names of accounts; made of a column of the book when they are asked for, since there are millions.

    `rows` are the rows by name.
    """

    def __init__(self, column: Array) -> None:
        self.column = column
        self.rows: Mapping[str, int] = _RowOf(column)

    def __len__(self) -> int:
        return len(self.column)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [text or "" for text in self.column[row].tolist()]
        return str(self.column[row] or "")


class _RowOf(Mapping[str, int]):
    # Holds the column and not the names: in a circle of the two, names would stay long after a run.
    def __init__(self, column: Array) -> None:
        self.column = column

    @cached_property
    def known(self) -> dict[str, int]:
        return {text or "": row for row, text in enumerate(self.column.tolist())}

    def __getitem__(self, name: str) -> int:
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
