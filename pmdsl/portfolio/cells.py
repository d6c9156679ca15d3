"""Columns as tables bring them, read against the fields of the shape: whole columns, no loop over rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pmdsl.portfolio.book import Array
from pmdsl.portfolio.fields import as_fraction, out_of_bounds, parse, wrong_word
from pmdsl.portfolio.parts import Coded, Texts, code, filled
from pmdsl.portfolio.report import Report
from pmdsl.portfolio.scalars import BEYOND, MAX_ID, Refused, identifier
from pmdsl.portfolio.shape import Field, Type
from pmdsl.source import Span

LEADING_ZERO = re.compile(r"(?:^|\n)[-+]?0[0-9]")
PRINTED = bytes(range(32, 127)) + b"\n"
PLAIN = b"0123456789.+-\n"


@dataclass(frozen=True, eq=False)
class TextCells:
    """Texts as a CSV file has them; "" and None are not given."""

    texts: Sequence[str | None]


@dataclass(frozen=True, eq=False)
class CodedCells:
    """Texts as codes into distinct words."""

    coded: Coded


@dataclass(frozen=True, eq=False)
class NumberCells:
    """Numbers, dates as ordinals, or truths as 0 and 1; `null` marks what is not given."""

    values: NDArray[np.int64] | NDArray[np.float64]
    null: NDArray[np.bool_]
    type: Type


Cells = TextCells | CodedCells | NumberCells


@dataclass(frozen=True, eq=False)
class Frame:
    """A table before its columns have types."""

    name: str
    size: int
    columns: Mapping[str, Cells]
    place: Callable[[int], Span | None]
    cell_place: Callable[[int, str], Span | None]
    key_place: Callable[[int, str], Span | None] = lambda row, column: None
    named: Callable[[int], str] | None = None

    def at(self, row: int) -> str:
        """A clause that names a row where no place can."""
        return "" if self.place(row) else f", in {self.row_name(row)}"

    def row_name(self, row: int) -> str:
        """The name of a row: of its table, or of the file that it came from."""
        return self.named(row) if self.named else f"row {row + 1} of {self.name}"


def coded(cells: Cells) -> Coded:
    """The words of a column and its codes. Integers become their digits, dates their ISO form."""
    if isinstance(cells, CodedCells):
        return cells.coded
    if isinstance(cells, TextCells):
        return code(cells.texts)
    words, codes = np.unique(cells.values, return_inverse=True)
    return Coded(
        np.where(cells.null, -1, codes.astype(np.int64)), [_word(w, cells.type) for w in words.tolist()]
    )


def _word(value: float, kind: Type) -> str:
    if kind is Type.TRUTH:
        return "true" if value else "false"
    return date.fromordinal(int(value)).isoformat() if kind is Type.DATE else repr(value)


def missing(cells: Cells) -> NDArray[np.bool_]:
    """Which cells were not given. Shape (rows,)."""
    return cells.null if isinstance(cells, NumberCells) else coded(cells).codes < 0


def raw_texts(cells: Cells) -> Texts:
    """A column as texts, None where not given."""
    found = coded(cells)
    return filled(found.words, found.codes)


def checked(name: str, found: Coded, field: Field, frame: Frame, report: Report) -> Coded:
    """The coded column after each of its words was held against the field."""
    if field.type is not Type.WORD and all_plain(found.words):
        return found
    for number, word in enumerate(found.words):
        reason = _wrong(name, word, field)
        if reason is not None:
            code_, message, hint = reason
            report.word(code_, found, number, partial(_at, message, frame), partial(_cell, name, frame), hint)
    return found


def all_plain(words: Sequence[str]) -> bool:
    """Whether all words are plainly names: seen at once, without a look at each."""
    if hasattr(words, "are_plain"):
        return bool(words.are_plain(MAX_ID))
    lines = "\n".join(["", *words, ""])
    return (
        lines.isascii()
        and not lines.encode().translate(None, PRINTED)
        and lines.count("\n") == len(words) + 1
        and not any(odd in lines for odd in ("\n\n", "\n ", " \n"))
        and max(map(len, words), default=0) <= MAX_ID
    )


def _at(message: str, frame: Frame, row: int) -> str:
    return message + frame.at(row)


def _cell(name: str, frame: Frame, row: int) -> Span | None:
    return frame.cell_place(row, name)


def _wrong(name: str, word: str, field: Field) -> tuple[str, str, str | None] | None:
    """Code, message and hint where a word does not fit its field."""
    if field.type is Type.WORD:
        wrong = wrong_word(name, word, field)
        return ("PM612", wrong[0], f"did you mean `{wrong[1]}`?" if wrong[1] else None) if wrong else None
    refused = identifier(word)
    return (
        (refused.code, f"`{name}`: {refused.reason}", refused.hint) if isinstance(refused, Refused) else None
    )


def typed(name: str, cells: Cells, field: Field, frame: Frame, report: Report) -> Array:
    """A column of the shape: texts as objects with None, everything else as float64 with NaN."""
    if field.type in (Type.TEXT, Type.WORD):
        found = checked(name, coded(cells), field, frame, report)
        return filled(found.words, found.codes)
    if isinstance(cells, NumberCells):
        return _numbers(name, cells, field, frame, report)
    values = _fast_numbers(cells) if field.type is Type.NUMBER else None
    if values is None:
        values = _parsed(name, coded(cells), field, frame, report)
    _check_bounds(name, values, field, frame, report)
    return values


def _numbers(
    name: str, cells: NumberCells, field: Field, frame: Frame, report: Report
) -> NDArray[np.float64]:
    """A numeric column that came as numbers: of the right type, finite, inside its bounds."""
    given = cells.values.astype(np.float64)
    if cells.type is not field.type and not cells.null.all():
        message = f"`{name}`: expected {field.expected} in every row, found {cells.type.value}"
        report.add("PM622", message + f", in {frame.name}", frame.cell_place(0, name))
        return np.full(frame.size, np.nan)
    if _all_tame(given) and not cells.null.any():
        _check_bounds(name, given, field, frame, report)
        return given
    wild = ~(np.abs(given) <= BEYOND) & ~cells.null
    report.rows(
        "PM610",
        wild,
        lambda row: f"`{name}`: {given[row]:g} is {_wildness(given[row])}{frame.at(row)}",
        lambda row: frame.cell_place(row, name),
    )
    values = np.where(wild | cells.null, np.nan, given)
    _check_bounds(name, values, field, frame, report)
    return values


def _all_tame(values: NDArray[np.float64]) -> bool:
    """Whether all values are finite and none is beyond what a book may hold."""
    return len(values) == 0 or bool(values.min() >= -BEYOND and values.max() <= BEYOND)


def _wildness(value: float) -> str:
    return "beyond 10^18" if np.isfinite(value) else "not a finite number"


def _fast_numbers(cells: TextCells | CodedCells) -> NDArray[np.float64] | None:
    """The numbers of a CSV column where all are plain decimals; None where a closer look is needed."""
    if isinstance(cells, CodedCells) or not cells.texts:
        return None
    given = [text or "" for text in cells.texts]
    lines = "\n".join(given)
    if not lines.isascii() or lines.encode().translate(None, PLAIN) or LEADING_ZERO.search(lines):
        return None
    if "" in given:
        given = [text or "nan" for text in given]
    try:
        values = np.fromiter(map(float, given), np.float64, len(given))
    except ValueError:
        return None
    return values if not np.any(np.abs(values) > BEYOND) else None


def _parsed(name: str, found: Coded, field: Field, frame: Frame, report: Report) -> NDArray[np.float64]:
    """The values behind the distinct words of a column; what is none is reported at its first row."""
    values = np.full(len(found.words) + 1, np.nan)
    for number, word in enumerate(found.words):
        value = parse(word, field)
        if isinstance(value, float):
            values[number] = value
            continue
        message = partial(_at, f"`{name}`: {value.reason}", frame)
        report.word(value.code, found, number, message, partial(_cell, name, frame), value.hint)
    return values[found.codes]


def _check_bounds(name: str, values: NDArray[np.float64], field: Field, frame: Frame, report: Report) -> None:
    if field.above is None and field.least is None and field.most is None:
        return
    bad = np.zeros(len(values), dtype=bool)
    if field.above is not None:
        bad |= values <= field.above
    if field.least is not None:
        bad |= values < field.least
    if field.most is not None:
        bad |= values > field.most
    message = partial(_bound_message, name, values, field, frame)
    hint = as_fraction(float(values[bad.argmax()]), field) if bad.any() else None
    report.rows("PM611", bad, message, lambda row: frame.cell_place(row, name), hint)


def _bound_message(name: str, values: NDArray[np.float64], field: Field, frame: Frame, row: int) -> str:
    return f"`{name}`: {out_of_bounds(float(values[row]), field)}, found {values[row]:g}{frame.at(row)}"
