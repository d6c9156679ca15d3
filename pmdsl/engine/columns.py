"""One column of a book, as it was written, to one of the plan's base types."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from pmdsl.diagnostics import did_you_mean
from pmdsl.engine.words import POISON, Array, Interner

NUMBER = re.compile(r"[+-]?(\d+(_\d+)*)?(\.\d+)?([eE][+-]?\d+)?%?")
TRUTHS = {"true": 1.0, "yes": 1.0, "1": 1.0, "false": 0.0, "no": 0.0, "0": 0.0}
EXPECTED = {
    "number": "a number such as 0.15 or 15%",
    "bool": "yes or no",
    "date": "a date such as 2026-11-21",
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


def typed(raw: Any, base: str, words: Sequence[str], interner: Interner, report: Report) -> Array:
    """A column in the type that the rules read: NaN or -1 where it was not given or does not fit.

    `raw` holds float64 (NaN: not given) or objects (None: not given). Each distinct value that does not fit is
    reported once. Shape (rows,).
    """
    if raw.dtype.kind in "fiub":
        return _from_numbers(raw, base, words, interner, report)
    items = [None if _absent(item) else str(item).strip() for item in raw.tolist()]
    first = {item: row for row, item in reversed(list(enumerate(items)))}
    known: dict[str | None, float] = {None: POISON if base == "text" else np.nan}
    for item, row in first.items():
        if item is not None:
            known[item] = _one(item, base, words, interner, lambda bad: report(bad), row, items)
    kind = np.int64 if base == "text" else np.float64
    return np.fromiter((known[item] for item in items), dtype=kind, count=len(items))


def _absent(item: object) -> bool:
    return item is None or item == "" or (isinstance(item, float) and item != item)


def _from_numbers(raw: Any, base: str, words: Sequence[str], interner: Interner, report: Report) -> Array:
    numbers = raw.astype(np.float64)
    if base == "text":
        texts = [None if x != x else plain(x) for x in numbers.tolist()]
        return typed(np.array(texts, dtype=object), base, words, interner, report)
    numbers[~np.isfinite(numbers)] = np.nan
    if base == "bool":
        odd = np.flatnonzero(~np.isnan(numbers) & (numbers != 0) & (numbers != 1))
        if len(odd):
            report(BadCell(int(odd[0]), len(odd), plain(float(numbers[odd[0]])), EXPECTED["bool"]))
            numbers[odd] = np.nan
    return numbers


def plain(number: float) -> str:
    """A number as people write it: no trailing `.0`."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def _one(
    item: str,
    base: str,
    words: Sequence[str],
    interner: Interner,
    report: Report,
    row: int,
    items: list[str | None],
) -> float:
    if base == "text":
        if words and item not in words:
            listed = ", ".join(words)
            report(BadCell(row, items.count(item), item, f"one of {listed}", did_you_mean(item, words), True))
            return POISON
        return interner.code(item)
    value = parse(item, base)
    if value is None:
        hint = f"write {item.replace(',', '')}" if base == "number" and "," in item else None
        report(BadCell(row, items.count(item), item, EXPECTED[base], hint))
        return np.nan
    return value


def parse(item: str, base: str) -> float | None:
    """A text as a number, a truth value or a date (proleptic ordinal); None where it is none."""
    if base == "bool":
        return TRUTHS.get(item.lower())
    if base == "date":
        try:
            return float(date.fromisoformat(item).toordinal())
        except ValueError:
            return None
    if not NUMBER.fullmatch(item) or not any(c.isdigit() for c in item):
        return None
    scale = 100.0 if item.endswith("%") else 1.0
    value = float(item.rstrip("%").replace("_", "")) / scale
    return value if np.isfinite(value) else None
