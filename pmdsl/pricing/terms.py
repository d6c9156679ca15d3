"""What the models need to know of options, as columns, and the array types that they share."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Indices: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Terms:
    """What a model needs of n options besides price and volatility; one entry an option, shape (n,).

    `years` is ACT/365F to expiry: 0 gives the intrinsic value, a negative time gives NaN. `rate` is the
    continuously compounded zero rate to expiry and `dividend_yield` a continuous yield, both per year.
    `dividend_times` (years to the ex-date, NaN where there is none) and `dividend_amounts` (per unit, 0 where
    there is none) are (n, d); d may be 0.
    """

    call: Bools
    strike: Floats
    years: Floats
    american: Bools
    rate: Floats
    dividend_yield: Floats
    dividend_times: Floats
    dividend_amounts: Floats

    def __post_init__(self) -> None:
        count = self.call.shape
        flat = all(getattr(self, field.name).shape == count for field in fields(self)[:6])
        if not flat or self.dividend_times.shape != self.dividend_amounts.shape:
            raise ValueError("the columns of Terms differ in shape")
        if self.dividend_times.ndim != 2 or self.dividend_times.shape[:1] != count:
            raise ValueError("dividends of Terms must have one row an option")

    @staticmethod
    def of(
        call: ArrayLike,
        strike: ArrayLike,
        years: ArrayLike,
        american: ArrayLike = False,
        rate: ArrayLike = 0.0,
        dividend_yield: ArrayLike = 0.0,
        dividend_times: ArrayLike = (),
        dividend_amounts: ArrayLike = (),
    ) -> Terms:
        """Terms from anything that broadcasts: scalars and (n,) columns; dividends (d,) or (n, d)."""
        columns = np.broadcast_arrays(call, strike, years, american, rate, dividend_yield)
        flat = [np.atleast_1d(column) for column in columns]
        rows = len(flat[0])
        times, amounts = (
            np.array(np.broadcast_to(part, (rows, np.shape(part)[-1])), dtype=np.float64)
            for part in (dividend_times, dividend_amounts)
        )
        numbers = [np.array(column, dtype=np.float64) for column in flat]
        calls, americans = (np.array(flat[i], dtype=np.bool_) for i in (0, 3))
        return Terms(calls, numbers[1], numbers[2], americans, numbers[4], numbers[5], times, amounts)

    def __len__(self) -> int:
        return len(self.call)

    def take(self, index: NDArray[np.integer] | Bools | slice) -> Terms:
        """The options at an index of the first dimension: whole numbers, a mask or a slice."""
        return Terms(*(getattr(self, field.name)[index] for field in fields(self)))
