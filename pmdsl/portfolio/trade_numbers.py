"""Numbers and names that a program gives for trades, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pmdsl.diagnostics import PmdslError
from pmdsl.portfolio.scalars import BEYOND

Given = tuple[str, float, float | None]


def check_number(name: str, value: object, instrument: str) -> None:
    """Raise PmdslError for what a table of positions would not take as a number."""
    if not isinstance(value, Real):
        message = f"`{name}`: expected a number, found `{value}`"
    elif not isfinite(value):
        message = f"`{name}`: {float(value):g} is not a finite number"
    elif abs(float(value)) > BEYOND:
        message = f"`{name}`: {float(value):g} is beyond 10^18"
    else:
        return
    raise PmdslError.single("PM610", f"{message}, in the trade of `{instrument}`")


def within(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which numbers `check_number` takes."""
    found: NDArray[np.bool_] = np.abs(values) <= BEYOND
    return found


def numbers(name: str, given: ArrayLike, count: int) -> NDArray[np.float64]:
    """A copy of numbers, one for each instrument. Shape (count,). Raises PmdslError."""
    try:
        found: NDArray[np.float64] = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise PmdslError.single("PM610", f"`{name}`: expected numbers: {error}") from None
    if found.shape != (count,):
        message = f"`{name}`: expected one for each instrument, {count}; found the shape {found.shape}"
        raise PmdslError.single("PM622", message)
    return found


def trade_of(given: Sequence[Any]) -> Given:
    """One of several trades, with None where no price is given. Raises PmdslError."""
    if isinstance(given, str) or len(given) not in (2, 3):
        message = f"a trade: expected an instrument, a quantity and perhaps a price, found `{given}`"
        raise PmdslError.single("PM609", message)
    instrument, quantity, *price = given
    return instrument, quantity, price[0] if price else None
