"""Findings about rows, kept for every row: where one account is put aside and the others go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pmdsl.diagnostics import Finding
from pmdsl.portfolio.parts import Coded
from pmdsl.portfolio.report import MessageOf, PlaceOf, Report


@dataclass(frozen=True, eq=False)
class Fault:
    """What is wrong with some rows."""

    code: str
    message: MessageOf
    place: PlaceOf
    hint: str | None

    def finding(self, row: int) -> Finding:
        """The finding about one row."""
        return Finding(self.code, self.message(row), self.place(row), hint=self.hint)


@dataclass(frozen=True, eq=False)
class WrongWords:
    """The words of a column that are wrong, each with its fault."""

    column: Coded
    faults: dict[int, Fault] = field(default_factory=dict)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The rows in which one of them stands."""
        wrong = np.zeros(len(self.column.words) + 1, dtype=bool)
        wrong[list(self.faults)] = True
        return np.flatnonzero(wrong[self.column.codes])

    def at(self, row: int) -> Fault:
        """The fault of the word in a row."""
        return self.faults[int(self.column.codes[row])]


@dataclass
class Faults(Report):
    """A report that keeps faults of rows beside the findings: `errors` are those of whole tables alone."""

    masks: list[tuple[NDArray[np.int64], Fault]] = field(default_factory=list)
    columns: list[WrongWords] = field(default_factory=list)

    def rows(
        self, code: str, bad: NDArray[np.bool_], message: MessageOf, place: PlaceOf, hint: str | None = None
    ) -> None:
        """Keep the rows of a mask."""
        found = np.flatnonzero(bad)
        if len(found):
            self.masks.append((found, Fault(code, message, place, hint)))

    def word(
        self,
        code: str,
        found: Coded,
        number: int,
        message: MessageOf,
        place: PlaceOf,
        hint: str | None = None,
    ) -> None:
        """Keep what is wrong with one word of a column, in whatever rows it stands."""
        known = next((wrong for wrong in self.columns if wrong.column is found), None)
        if known is None:
            known = WrongWords(found)
            self.columns.append(known)
        known.faults.setdefault(number, Fault(code, message, place, hint))

    @property
    def bad_rows(self) -> NDArray[np.int64]:
        """The rows with which something is wrong, each once, in order."""
        parts = [rows for rows, _ in self.masks] + [wrong.rows for wrong in self.columns]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)

    def faults_of(self, row: int) -> Iterator[Fault]:
        """What is wrong with a row."""
        for rows, fault in self.masks:
            at = int(np.searchsorted(rows, row))
            if at < len(rows) and rows[at] == row:
                yield fault
        for wrong in self.columns:
            if int(wrong.column.codes[row]) in wrong.faults:
                yield wrong.at(row)

    def first_of(self, row: int) -> Finding:
        """What was found first about a bad row."""
        return next(self.faults_of(row)).finding(row)
