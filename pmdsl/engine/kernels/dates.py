"""Dates as proleptic ordinals: adding months, counting days, fractions of years. Moments as seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.site import Kernel, Maker, Site

EPOCH = 719_163
LAST_ORDINAL = 3_652_059


def calendar(ordinal: Any) -> tuple[Any, Any, Any]:
    """Year, month (1 to 12) and day of the month of whole ordinals. Shapes of the input."""
    days = (ordinal - EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    number = months.astype(np.int64)
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return 1970 + number // 12, number % 12 + 1, day


def ordinals(days: Any) -> Any:
    """Ordinals of numpy dates."""
    return days.astype("datetime64[D]").astype(np.int64) + EPOCH


def whole(x: Any) -> tuple[Any, Any]:
    """Dates as integers, and where they are dates at all."""
    sound = (x >= 1) & (x <= LAST_ORDINAL)
    return np.where(sound, x, 1).astype(np.int64), sound


def add_months(block: Block, xs: list[Any]) -> Any:
    """(date, months): the same day so many months later, the last day of a month that is too short."""
    dates, months = np.broadcast_arrays(*xs)
    days, sound = whole(dates)
    sound = sound & (np.floor(months) == months) & (np.abs(months) < 120_000)
    year, month, day = calendar(days)
    number = (year - 1970) * 12 + month - 1 + np.where(sound, months, 0).astype(np.int64)
    first = ordinals(number.astype("datetime64[M]"))
    length = ordinals((number + 1).astype("datetime64[M]")) - first
    found = first + np.minimum(day, length) - 1
    return np.where(sound & (found >= 1) & (found <= LAST_ORDINAL), found, np.nan)


def between(block: Block, xs: list[Any]) -> Any:
    """(a, b): calendar days from one date to another, or seconds from one moment to another."""
    return xs[1] - xs[0]


def act_act_isda(a: Any, b: Any) -> Any:
    """Days in each calendar year over the length of that year."""

    def position(days: Any) -> tuple[Any, Any]:
        year = calendar(days)[0]
        first = ordinals((year - 1970).astype("datetime64[Y]"))
        length = ordinals((year - 1969).astype("datetime64[Y]")) - first
        return year, (days - first) / length

    (year_a, part_a), (year_b, part_b) = position(a), position(b)
    return (year_b - year_a) + (part_b - part_a)


def thirty_360(a: Any, b: Any) -> Any:
    """Thirty days a month (bond basis): day 31 is 30 at the start, and after such a start at the end."""
    year_a, month_a, day_a = calendar(a)
    year_b, month_b, day_b = calendar(b)
    day_a = np.minimum(day_a, 30)
    day_b = np.where((day_b == 31) & (day_a == 30), 30, day_b)
    return ((year_b - year_a) * 360 + (month_b - month_a) * 30 + (day_b - day_a)) / 360.0


FRACTIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "act_365f": lambda a, b: (b - a) / 365.0,
    "act_360": lambda a, b: (b - a) / 360.0,
    "act_act_isda": act_act_isda,
    "thirty_360": thirty_360,
}


def year_fraction(site: Site) -> Kernel:
    """(a, b): the years from a to b by params convention."""
    fraction = FRACTIONS[site.params["convention"]]

    def run(block: Block, xs: list[Any]) -> Any:
        (a, sound_a), (b, sound_b) = whole(xs[0]), whole(xs[1])
        return np.where(sound_a & sound_b, fraction(a, b), np.nan)

    return run


MAKERS: Mapping[str, Maker] = {
    "add_months": lambda site: add_months,
    "days_between": lambda site: between,
    "seconds_between": lambda site: between,
    "year_fraction": year_fraction,
}
