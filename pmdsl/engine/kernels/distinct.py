"""Axes whose points are the distinct values of a group: ragged, padded by repetition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.site import Kernel, Maker, Site, bad, filled


def distinct(site: Site) -> Kernel:
    """(x[, also]): the distinct values of the members of each row, ascending; poison brings none."""
    fine, coarse, axis = site.inputs[0].level, site.node.level, site.params["axis"]

    def run(block: Block, xs: list[Any]) -> Any:
        size = block.size(coarse)
        group = block.parent(fine, coarse)
        x = filled(xs[0], block.size(fine)).reshape(len(group))
        inside = (group >= 0) & ~bad(x)
        group, x = group[inside], x[inside]
        if len(xs) > 1:
            also = filled(xs[1], size).reshape(size)
            there = ~bad(also)
            group = np.append(group, np.flatnonzero(there))
            x = np.append(x, also[there])
        values, counts = _ragged(group, x, size)
        block.points[axis] = (values, counts)
        return values

    return run


def _ragged(group: Any, x: Any, size: int) -> tuple[Any, Any]:
    """The distinct values of each group in a row, the last repeated to fill it; and how many there are."""
    order = np.lexsort((x, group))
    group, x = group[order], x[order]
    new = np.ones(len(x), dtype=bool)
    new[1:] = (group[1:] != group[:-1]) | (x[1:] != x[:-1])
    group, x = group[new], x[new]
    counts = np.bincount(group, minlength=size).astype(np.int64)
    width = max(int(counts.max(initial=0)), 1)
    last = np.cumsum(counts) - 1
    first = last - counts + 1
    place = np.minimum(first[:, None] + np.arange(width), last[:, None])
    padded = np.append(x, [np.nan])
    return padded[np.where(counts[:, None] > 0, place, -1)], counts


MAKERS: Mapping[str, Maker] = {"distinct": distinct}
