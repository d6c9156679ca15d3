"""The answers of a chunk as a table: a row for each account, null where something could not be had."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pmdsl.batch.arrow import arrow
from pmdsl.engine import Answer
from pmdsl.engine.rounding import digits_of
from pmdsl.result_arrow import decimals, requirement_columns


def answer_table(answer: Answer, bad: NDArray[np.int64]) -> Any:
    """`account`, a decimal for each requirement, `eligible.NAME` for each condition, and `alerts`: how many.

    The rows `bad` are null but for their account.
    """
    pa = arrow()
    digits = digits_of(answer.plan.currency)
    columns: dict[str, Any] = {"account": pa.array(answer.accounts, pa.string())}
    for name, values in requirement_columns(answer):
        columns[name] = decimals(pa, nulled(values, bad), digits)
    for number, output in answer.outputs("eligible"):
        held = nulled(answer.values[number], bad)
        columns[f"eligible.{output.name}"] = pa.array(held == 1, mask=np.isnan(held))
    alerts = [answer.values[number] for number, _ in answer.outputs("alert")]
    if alerts:
        raised = np.stack([values == 1 for values in alerts]).sum(axis=0, dtype=np.int32)
        columns["alerts"] = pa.array(raised, mask=np.isin(np.arange(len(raised)), bad))
    return pa.table(columns)


def nulled(values: NDArray[np.float64], bad: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values with NaN in some rows."""
    if not len(bad):
        return values
    found = values.astype(np.float64)
    found[bad] = np.nan
    return found
