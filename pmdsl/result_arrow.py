"""Answers for many accounts as an Arrow table: exact decimals, made from whole columns at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmdsl.diagnostics import PmdslError
from pmdsl.engine import Answer
from pmdsl.engine.rounding import NEAR, digits_of

PRECISION = 38
LARGEST = 9e18


def arrow_table(answer: Answer) -> Any:
    """`account` and one decimal column a requirement. Raises PmdslError where pyarrow is not installed."""
    try:
        import pyarrow as pa
    except ImportError:
        hint = "install it with `pip install pmdsl[arrow]`"
        raise PmdslError.single(
            "PM623", "Arrow tables need pyarrow, which is not installed", hint=hint
        ) from None
    columns: dict[str, Any] = {"account": pa.array(answer.accounts, pa.string())}
    for name, values in requirement_columns(answer):
        columns[name] = decimals(pa, values, digits_of(answer.plan.currency))
    return pa.table(columns)


def requirement_columns(answer: Answer) -> list[tuple[str, NDArray[np.float64]]]:
    """The requirements of all accounts, unrounded, NaN where one could not be had.

    Each of shape (accounts,).
    """
    found: list[tuple[str, NDArray[np.float64]]] = []
    for number, output in answer.outputs("requirement"):
        values = np.broadcast_to(answer.values[number], (answer.size, *answer.values[number].shape[1:]))
        if not output.by:
            found.append((output.name, values))
            continue
        names = answer.bound.world.axes[output.by].names
        found.extend((f"{output.name}.{name}", values[:, side]) for side, name in enumerate(names))
    return found


def decimals(pa: Any, values: NDArray[np.float64], digits: int) -> Any:
    """Amounts half up to the minor unit as an Arrow decimal column."""
    units, missing = minor_units(values, digits)
    words = np.empty((len(units), 2), dtype="<i8")
    words[:, 0], words[:, 1] = units, units >> 63
    mask = np.packbits(~missing, bitorder="little")
    buffers = [pa.py_buffer(mask.tobytes()), pa.py_buffer(words.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(PRECISION, digits), len(units), buffers)


def minor_units(values: NDArray[np.float64], digits: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Amounts in whole minor units, half up as `engine.rounding.money` has it; and which are missing."""
    scaled = np.abs(values) * 10.0**digits
    missing = ~np.isfinite(scaled) | (scaled > LARGEST)
    size = np.where(missing, 0.0, scaled)
    whole = np.floor(size)
    slack = np.maximum(NEAR, 4 * np.spacing(size))
    units = whole + (size - whole >= 0.5 - slack)
    return np.where(values < 0, -units, units).astype(np.int64), missing
