"""Going down to a finer level and up to a coarser one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.site import Kernel, Maker, Site, bad, filled, poison_of
from pmdsl.engine.segments import Segments
from pmdsl.engine.words import Number

NOTHING: Mapping[str, float] = {"sum": 0.0, "largest": -np.inf, "smallest": np.inf, "average": 0.0}
UFUNC: Mapping[str, np.ufunc] = {
    "sum": np.add,
    "largest": np.maximum,
    "smallest": np.minimum,
    "average": np.add,
}


def down(site: Site) -> Kernel:
    """(x): each row takes its parent's value."""
    fine, coarse = site.node.level, site.inputs[0].level
    along = site.params.get("along", "")
    poison = poison_of(site.node)

    def run(block: Block, xs: list[Any]) -> Any:
        x = xs[0]
        parent = block.along(fine, along) if along else block.parent(fine, coarse)
        if len(x) == 0:
            return np.full((len(parent), *x.shape[1:]), poison)
        found = x.take(parent, axis=0, mode="clip")
        orphans = parent < 0
        if orphans.any():
            found[orphans] = poison
        return found

    if coarse == "":
        return lambda block, xs: filled(xs[0], block.size(fine))
    return run


def agree(site: Site) -> Kernel:
    """(x): the entity's own value where the key is its id, else the one value of all members."""
    fine, coarse = site.inputs[0].level, site.node.level
    entity = site.plan.levels[coarse].entity
    poison = poison_of(site.node)

    def run(block: Block, xs: list[Any]) -> Any:
        x = filled(xs[0], block.size(fine))
        segments = block.members(fine, coarse)
        low = segments.reduce(np.minimum, x, poison)
        high = segments.reduce(np.maximum, x, poison)
        found = np.where((low == high) & ~bad(low), low, poison)
        if entity == fine:
            row = block.index.entity_of(coarse)
            known = row >= 0
            found[known] = x[row[known]]
        return found

    return run


def finer(site: Site) -> str:
    """The level whose rows are folded: that of the first input that has one."""
    return next(
        (node.level for node in site.inputs if node.level not in ("", site.node.level)), site.node.level
    )


def fold_into(site: Site) -> Kernel:
    """(x[, where][, if_empty]): over the members of each row."""
    fine, coarse, kind = finer(site), site.node.level, site.params["kind"]
    has_where, has_empty = bool(site.params.get("where")), bool(site.params.get("if_empty"))

    def run(block: Block, xs: list[Any]) -> Any:
        x = filled(xs[0], block.size(fine))
        where = xs[1] if has_where else None
        segments = block.members(fine, coarse)
        if kind == "sum":
            if where is not None:
                x = counted(x, where, 0.0)
            found = segments.reduce(np.add, x, 0.0)
        else:
            if_empty = xs[-1] if has_empty else np.nan
            found = _extreme_or_average(segments, x, where, kind, if_empty)
        return unless_unknown(block, coarse, found, segments, where)

    return run


def counted(x: Any, where: Any, nothing: float) -> Number:
    """The members that count, `nothing` for those that do not, poison where that is not known."""
    found: Number = np.where(where == 1, x, np.where(where == 0, nothing, np.nan))
    return found


def _extreme_or_average(segments: Segments, x: Any, where: Any, kind: str, if_empty: Any) -> Any:
    number = _count(segments, where, x)
    if where is not None:
        x = counted(x, where, NOTHING[kind])
    found = segments.reduce(UFUNC[kind], x, NOTHING[kind])
    if kind == "average":
        found = found / np.where(number == 0, 1.0, number)
    return np.where(number == 0, if_empty, found)


def _count(segments: Segments, where: Any, x: Any) -> Any:
    """How many members count, NaN where that is not known. Shape of the result."""
    if where is None:
        return segments.counts().reshape(-1, *(1,) * (x.ndim - 1)).astype(np.float64)
    return segments.reduce(np.add, np.broadcast_to(where, (len(x), *where.shape[1:])), 0.0)


def unless_unknown(block: Block, level: str, found: Any, segments: Segments, where: Any) -> Any:
    """Poison for groups whose key is not known, unless none of their members counts."""
    unknown = block.unknown(level)
    if unknown is None:
        return found
    column = unknown.reshape(-1, *(1,) * (found.ndim - 1))
    if where is None:
        return np.where(column, np.nan, found)
    flat = where if len(where) > 1 else np.broadcast_to(where, (segments.total, *where.shape[1:]))
    some = segments.reduce(np.maximum, np.where(flat == 0, 0.0, 1.0), 0.0) == 1
    return np.where(some & column, np.nan, found)


def net_into(site: Site) -> Kernel:
    """(x, crediting[, where]): losses in full and gains at what the member credits, at each point."""
    fine, coarse = finer(site), site.node.level

    def run(block: Block, xs: list[Any]) -> Any:
        x = filled(xs[0], block.size(fine))
        net = credited(x, xs[1])
        where = xs[2] if len(xs) > 2 else None
        if where is not None:
            net = counted(net, where, 0.0)
        segments = block.members(fine, coarse)
        return unless_unknown(block, coarse, segments.reduce(np.add, net, 0.0), segments, where)

    return run


def credited(x: Any, credit: Any) -> Any:
    """Losses in full, and of gains the part that is credited. Shape of x."""
    if in_bounds(credit):
        part = credit * x
        return np.minimum(x, part, out=part)
    return np.minimum(x, 0.0) + credit * np.maximum(x, 0.0)


def in_bounds(credit: Any) -> bool:
    """Whether all credits are known and lie between 0 and 1."""
    return bool(((credit >= 0.0) & (credit <= 1.0)).all())


def currency(site: Site) -> Kernel:
    """(x, code): x where the currency is params currency, poison elsewhere."""
    wanted = site.world.interner.code(site.params["currency"])

    def run(block: Block, xs: list[Any]) -> Any:
        x, code = xs
        same = code == wanted
        return x if same.all() else np.where(same, x, np.nan)

    return run


def fx(site: Site) -> Kernel:
    """(code): the factor from that currency to params to."""
    world, to = site.world, site.params["to"]

    def run(block: Block, xs: list[Any]) -> Any:
        distinct, inverse = np.unique(xs[0], return_inverse=True)
        factors = [rate(world.book.fx, world.interner.text(int(code)), to) for code in distinct]
        return np.array(factors, dtype=np.float64)[inverse].reshape(xs[0].shape)

    return run


def rate(rates: Mapping[str, float], given: str, to: str) -> float:
    """The factor from one currency to another: 1, the rate, or one over the opposite one; NaN for none."""
    if not given:
        return np.nan
    if given == to:
        return 1.0
    opposite = rates.get(to + given, 0.0)
    return rates.get(given + to, 1.0 / opposite if opposite else np.nan)


MAKERS: Mapping[str, Maker] = {
    "down": down,
    "agree": agree,
    "fold_into": fold_into,
    "net_into": net_into,
    "currency": currency,
    "fx": fx,
}
