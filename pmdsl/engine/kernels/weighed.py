"""Operations that `lean` makes of others."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.folds import unless_unknown
from pmdsl.engine.kernels.site import Kernel, Maker, Site, filled
from pmdsl.engine.segments import Segments, segments_of
from pmdsl.engine.sums import weighed_sums


def same(site: Site) -> Kernel:
    """(x): x."""
    return lambda block, xs: xs[0]


def weighed_sum(site: Site) -> Kernel:
    """(rows, weight, currency of each member..., [where]): the sum of weight times the row that each member
    sees.
    """
    fine, coarse, seen = site.params["members"], site.node.level, site.inputs[0].level
    wanted = [site.world.interner.code(name) for name in site.params["currencies"]]
    has_where = site.params["where"]

    def run(block: Block, xs: list[Any]) -> Any:
        rows, size = xs[0], block.size(fine)
        weight, index = _flat(xs[1], size), block.parent(fine, seen)
        for currency, codes in zip(wanted, xs[2:], strict=False):
            weight = _where(_flat(codes, size) == currency, weight)
        weight = _where(index >= 0, weight)
        segments = block.members(fine, coarse)
        where = _flat(xs[-1], size) if has_where else None
        table = rows.reshape(len(rows), prod(rows.shape[1:]))
        sums = _sums(segments, table, index, weight, where)
        found = sums.reshape(len(sums), *rows.shape[1:])
        wide = None if where is None else where.reshape(-1, *(1,) * (rows.ndim - 1))
        return unless_unknown(block, coarse, found, segments, wide)

    return run


def _flat(x: Any, size: int) -> Any:
    return filled(x.reshape(len(x)), size)


def _where(known: Any, weight: Any) -> Any:
    """The weight, NaN where a member sees nothing."""
    return weight if known.all() else np.where(known, weight, np.nan)


def _sums(segments: Segments, rows: Any, index: Any, weight: Any, where: Any) -> Any:
    if where is not None and not (where == 1).all():
        counts = np.flatnonzero(where != 0)
        group = np.full(len(where), -1)
        order = np.arange(len(where)) if segments.order is None else segments.order
        group[order] = segments.group_of_members()
        weight = np.where(where == 1, weight, np.nan)
        return _sums(segments_of(group[counts], segments.size), rows, index[counts], weight[counts], None)
    if len(segments.starts) == 0:
        return np.zeros((segments.size, rows.shape[1]))
    if len(rows) == 0:
        return segments.spread(np.full((len(segments.starts), rows.shape[1]), np.nan), 0.0)
    index, weight = np.maximum(segments.members(index), 0), segments.members(weight)
    found = weighed_sums(np.ascontiguousarray(rows), index, weight, segments.starts)
    return segments.spread(_finite(found), 0.0)


def _finite(x: Any) -> Any:
    """NaN for what is infinite; SciPy does not say when something is."""
    return x if np.isfinite(np.abs(x).max(initial=0.0)) else np.where(np.isinf(x), np.nan, x)


MAKERS: Mapping[str, Maker] = {"same": same, "weighed_sum": weighed_sum}
