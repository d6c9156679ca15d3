"""Operations that `lean` makes of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block, Seen
from pmdsl.engine.kernels.folds import unless_unknown
from pmdsl.engine.kernels.site import Kernel, Maker, Site, filled
from pmdsl.engine.segments import Segments, segments_of


def same(site: Site) -> Kernel:
    """(x): x."""
    return lambda block, xs: xs[0]


def weighed_sum(site: Site) -> Kernel:
    """(rows, weight, currency of each member..., [where]): the sum of weight times the row that each member
    sees.
    """
    fine, coarse, rows_at = site.params["members"], site.node.level, site.inputs[0].level
    wanted = [site.world.interner.code(name) for name in site.params["currencies"]]
    has_where = site.params["where"]
    sizes = [site.world.axes[axis].size for axis in site.node.axes]

    def run(block: Block, xs: list[Any]) -> Any:
        rows = xs[0]
        weight, seen = weights(block, fine, rows_at, xs[1], zip(wanted, xs[2:], strict=False))
        segments = block.members(fine, coarse)
        where = _flat(xs[-1], block.size(fine)) if has_where else None
        table = rows.reshape(len(rows), prod(rows.shape[1:]))
        sums = _sums(segments, table, prod(sizes), seen, weight, where)
        found = sums.reshape(len(sums), *sizes)
        wide = None if where is None else where.reshape(-1, *(1,) * len(sizes))
        return unless_unknown(block, coarse, found, segments, wide)

    return run


def weights(
    block: Block, fine: str, rows_at: str, weight: Any, currencies: Iterable[tuple[int, Any]]
) -> tuple[Any, Seen]:
    """What each member weighs and the row that it sees; NaN where it sees none, or is in another currency."""
    weight, seen = _flat(weight, block.size(fine)), block.seen(fine, rows_at)
    for currency, codes in currencies:
        weight = _unless(codes.reshape(-1) != currency, weight)
    return weight if seen.lost is None else _unless(seen.lost, weight), seen


def _flat(x: Any, size: int) -> Any:
    return filled(x.reshape(len(x)), size)


def _unless(lost: Any, weight: Any) -> Any:
    """The weight, NaN where a member sees nothing."""
    return np.where(lost, np.nan, weight) if lost.any() else weight


def _sums(segments: Segments, table: Any, points: int, seen: Seen, weight: Any, where: Any) -> Any:
    if where is not None and not (where == 1).all():
        counts = np.flatnonzero(where != 0)
        group = np.full(len(where), -1)
        order = np.arange(len(where)) if segments.order is None else segments.order
        group[order] = segments.group_of_members()
        left = np.where(where == 1, weight, np.nan)[counts]
        fewer = segments_of(group[counts], segments.size, segments.kind)
        return _sums(fewer, table, points, Seen(seen.row[counts], None), left, None)
    runs = segments.runs
    if len(runs) == 0:
        return np.zeros((segments.size, points))
    if len(table) == 0:
        return segments.spread(np.full((len(runs), points), np.nan), 0.0)
    found = runs.weighed_sums(table, segments.members(seen.row), segments.members(weight), points)
    return segments.spread(_finite(found), 0.0)


def _finite(x: Any) -> Any:
    """NaN for what is infinite; SciPy does not say when something is."""
    return x if np.isfinite(x.sum()) else np.where(np.isinf(x), np.nan, x)


MAKERS: Mapping[str, Maker] = {"same": same, "weighed_sum": weighed_sum}
