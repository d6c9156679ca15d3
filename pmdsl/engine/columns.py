"""One column of a book, as it was written, to one of the plan's base types."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from pmdsl.diagnostics import did_you_mean
from pmdsl.engine.words import POISON, Array, Interner, Truth
from pmdsl.portfolio import scalars

NUMBER = re.compile(r"[+-]?(\d+(_\d+)*)?(\.\d+)?([eE][+-]?\d+)?%?")
FIRST = datetime(1, 1, 1, tzinfo=UTC)
TRUTHS = {"true": 1.0, "yes": 1.0, "1": 1.0, "false": 0.0, "no": 0.0, "0": 0.0}
EXPECTED = {
    "number": "a number such as 0.15 or 15%",
    "bool": "yes or no",
    "date": "a date such as 2026-11-21",
    "moment": "a moment with its offset, such as 2026-11-21T16:00:00Z",
}


@dataclass(frozen=True)
class BadCell:
    """A cell that does not hold what its column must hold: the first of its rows, and how many share it."""

    row: int
    rows: int
    found: str
    expected: str
    hint: str | None = None
    word: bool = False


Report = Callable[[BadCell], None]


@dataclass(frozen=True, eq=False)
class Typed:
    """A column in its type, NaN or -1 where it was not given, and the rows that hold something else (None:
    none do).

    A row that holds something else is poison whatever default there is.
    """

    values: Array
    spoilt: Truth | None = None


def typed(raw: Any, base: str, words: Sequence[str], interner: Interner, report: Report) -> Typed:
    """A column in the type that the rules read. Each distinct value that does not fit is reported once.

    `raw` holds float64 (NaN: not given) or objects (None: not given). Shape (rows,).
    """
    if raw.dtype.kind in "fiub":
        return _from_numbers(raw, base, words, interner, report)
    items = [None if _absent(item) else str(item).strip() for item in raw.tolist()]
    first = {item: row for row, item in reversed(list(enumerate(items)))}
    poison = POISON if base == "text" else np.nan
    known: dict[str | None, float] = {None: poison}
    odd: set[str | None] = set()
    for item in first:
        if item is not None:
            value = _one(item, base, words, interner)
            known[item] = poison if value is None else value
            odd |= {item} if value is None else set()
    for item in sorted(odd, key=lambda text: first[text]):
        report(_bad(str(item), base, words, first[item], items.count(item)))
    values = np.fromiter(
        (known[item] for item in items), dtype=float if base != "text" else int, count=len(items)
    )
    return Typed(values, np.array([item in odd for item in items], dtype=bool) if odd else None)


def _absent(item: object) -> bool:
    return item is None or item == "" or (isinstance(item, float) and item != item)


def _from_numbers(raw: Any, base: str, words: Sequence[str], interner: Interner, report: Report) -> Typed:
    numbers: Array = raw.astype(np.float64)
    if base == "text":
        texts = [None if x != x else plain(x) for x in numbers.tolist()]
        return typed(np.array(texts, dtype=object), base, words, interner, report)
    wrong = np.isinf(numbers)
    if base == "bool":
        wrong |= ~np.isnan(numbers) & (numbers != 0) & (numbers != 1)
    elif base == "moment":
        wrong = ~np.isnan(numbers)
    if not wrong.any():
        return Typed(numbers)
    rows = np.flatnonzero(wrong)
    report(_bad(plain(float(numbers[rows[0]])), base, words, int(rows[0]), len(rows)))
    return Typed(np.where(wrong, np.nan, numbers), wrong)


def plain(number: float) -> str:
    """A number as people write it: no trailing `.0`."""
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else repr(number)


def _one(item: str, base: str, words: Sequence[str], interner: Interner) -> float | None:
    """One text in the type of its column; None where it does not fit."""
    if base != "text":
        return parse(item, base)
    return None if words and item not in words else interner.code(item)


def _bad(item: str, base: str, words: Sequence[str], row: int, rows: int) -> BadCell:
    if base == "text":
        return BadCell(row, rows, item, f"one of {', '.join(words)}", did_you_mean(item, words), True)
    hint = (
        f"write {item.replace(',', '')}" if base not in ("bool", "date", "moment") and "," in item else None
    )
    return BadCell(row, rows, item, EXPECTED.get(base, EXPECTED["number"]), hint)


def parse(item: str, base: str) -> float | None:
    """A text as a number, a truth value, a date (proleptic ordinal) or a moment (seconds); None where it is
    none.
    """
    if base == "bool":
        return TRUTHS.get(item.lower())
    if base == "date":
        try:
            return float(date.fromisoformat(item).toordinal())
        except ValueError:
            return None
    if base == "moment":
        moment = scalars.moment(item)
        return None if isinstance(moment, scalars.Refused) else seconds_of(moment)
    if not NUMBER.fullmatch(item) or not any(c.isdigit() for c in item):
        return None
    scale = 100.0 if item.endswith("%") else 1.0
    value = float(item.rstrip("%").replace("_", "")) / scale
    return value if np.isfinite(value) else None


def seconds_of(moment: datetime) -> float:
    """A moment with its offset as seconds since the year 1 began in UTC, to a hundredth of a millisecond."""
    return (moment - FIRST).total_seconds()


def moment_of(seconds: float) -> str:
    """The moment of `seconds_of` as people write it, in UTC."""
    return (FIRST + timedelta(seconds=round(seconds, 3))).isoformat().replace("+00:00", "Z")
