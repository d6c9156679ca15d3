"""Random values for the attributes that a rule set asks for, by their type and unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from pmdsl.plan.nodes import InputColumn

Random = np.random.Generator
SHARES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.25, 0.5, 0.8, 1.0)
FACTORS = (1.0, 1.0, 1.0, 2.0, 3.0, -1.0, 0.5, 0.0)
AMOUNTS = (0.0, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 50_000.0, 100_000.0, 1_000_000.0)
GIVEN = 0.75


def pick(rng: Random, values: Sequence[Any]) -> Any:
    return values[int(rng.integers(len(values)))]


def drawn(column: InputColumn, rng: Random, on: date, names: Sequence[str]) -> Any:
    """One value of an attribute, or None where it may be left out and is."""
    if not column.required and rng.random() > GIVEN:
        return None
    if column.base == "bool":
        return bool(rng.random() < 0.5)
    if column.base == "date":
        return (on + timedelta(days=int(rng.integers(1, 400)))).isoformat()
    if column.base == "moment":
        hours = timedelta(days=1, hours=int(rng.integers(1, 10_000)))
        return (datetime(on.year, on.month, on.day, tzinfo=UTC) + hours).isoformat()
    if column.base != "number":
        return pick(rng, column.words or names or ("a", "b"))
    return number(column.unit, column.column, rng)


def number(unit: str, name: str, rng: Random) -> float:
    """A number that looks like one of its unit."""
    if unit in ("money", "price") or unit.startswith("money"):
        amount = (
            float(pick(rng, AMOUNTS)) if rng.random() < 0.5 else float(np.round(10 ** rng.uniform(0, 6), 0))
        )
        return -amount if rng.random() < 0.1 else amount
    if "volatility" in name or "percent" in unit:
        return float(pick(rng, SHARES))
    if unit in ("contracts", "count", "years"):
        return float(rng.integers(1, 20))
    return float(pick(rng, FACTORS if rng.random() < 0.5 else SHARES))


def attributes(columns: Iterable[InputColumn], rng: Random, on: date, names: Sequence[str]) -> dict[str, Any]:
    """A value for each of some attributes; what is left out has no key."""
    found = {column.column: drawn(column, rng, on, names) for column in columns}
    return {name: value for name, value in found.items() if value is not None}
