"""Positions and underlyings as columns, the book that they make, and what is said where they make none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pmdsl.diagnostics import Finding, PmdslError
from pmdsl.portfolio import book_from_tables
from pmdsl.portfolio.book import Book

ON = date(2023, 9, 14)
UNDERLYINGS = {
    "id": ["SPX", "SPY"],
    "kind": ["index", "etf"],
    "price": [4505.1, 450.81],
    "roots": ["SPX;SPXW", None],
}
POSITIONS: dict[str, Any] = {
    "account": ["B", "A", "B"],
    "instrument": ["SPY", "SPY231215P00430000", "SPY   231215P00430000"],
    "quantity": [100.0, -2.5, 3.0],
}


def build(
    positions: object = POSITIONS, instruments: object = None, accounts: object = None, **more: Any
) -> Book:
    return book_from_tables(
        positions, instruments, more.pop("underlyings", UNDERLYINGS), accounts, on=ON, **more
    )


def refused(**more: Any) -> list[Finding]:
    with pytest.raises(PmdslError) as raised:
        build(**more)
    return list(raised.value.findings)


def write(path: Path, columns: Mapping[str, list[Any]]) -> Path:
    rows = zip(*columns.values(), strict=True)
    lines = [
        ",".join(columns),
        *(",".join("" if cell is None else str(cell) for cell in row) for row in rows),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
