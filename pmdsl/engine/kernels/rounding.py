"""Rounding in the modes that rules name, on the decimal that was meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.site import Kernel, Maker, Site

NEAR = 1e-9


def slack(q: Any) -> Any:
    """How far a quotient may lie from a whole or a tie and still count as there."""
    return np.minimum(np.maximum(NEAR, 4.0 * np.spacing(np.abs(q))), 0.25)


def half_up(q: Any) -> Any:
    """To the nearest; ties away from zero."""
    return np.copysign(np.floor(np.abs(q) + 0.5 + slack(q)), q)


def half_even(q: Any) -> Any:
    """To the nearest; ties to the even neighbour."""
    low = np.floor(q)
    tie = np.abs(q - low - 0.5) <= slack(q)
    return np.where(tie, low + np.mod(low, 2.0), np.floor(q + 0.5))


def up(q: Any) -> Any:
    """Away from zero."""
    return np.copysign(np.ceil(np.abs(q) - slack(q)), q)


def down(q: Any) -> Any:
    """Towards zero."""
    return np.copysign(np.floor(np.abs(q) + slack(q)), q)


def ceiling(q: Any) -> Any:
    """Towards plus infinity."""
    return np.ceil(q - slack(q))


def floor(q: Any) -> Any:
    """Towards minus infinity."""
    return np.floor(q + slack(q))


MODES: Mapping[str, Callable[[Any], Any]] = {
    "half_up": half_up,
    "half_even": half_even,
    "up": up,
    "down": down,
    "ceiling": ceiling,
    "floor": floor,
}


def rounded(x: Any, unit: Any, mode: str) -> Any:
    """x to a whole multiple of a unit above zero; a unit of 1/n gives the number nearest to the decimal."""
    wholes = MODES[mode](x / unit) + 0.0
    parts = np.rint(1.0 / unit)
    even = np.abs(parts * unit - 1.0) < 1e-12
    found = np.where(even, wholes / np.where(even, parts, 1.0), wholes * unit)
    return np.where(unit > 0, found, np.nan)


def round_(site: Site) -> Kernel:
    """(x, unit)"""
    mode = site.params["mode"]

    def run(block: Block, xs: list[Any]) -> Any:
        return rounded(xs[0], xs[1], mode)

    return run


MAKERS: Mapping[str, Maker] = {"round": round_}
