"""Operations along an axis: reducing it, reading one point of it, putting values along it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.folds import NOTHING, counted
from pmdsl.engine.kernels.site import Kernel, Maker, Site, poison_of
from pmdsl.engine.words import POISON

# What differs by less than this part of the largest value of the row is one value: round-off must not choose.
SAME = 1e-11
EXTREMES = ("largest", "smallest")
REDUCE: Mapping[str, Any] = {"sum": np.add, "largest": np.maximum, "smallest": np.minimum, "average": np.add}


def plain_kind(kind: str) -> tuple[str, bool]:
    """A worst is the largest of what is negated: the kind without it, and whether to negate."""
    return ("largest", True) if kind.startswith("worst") else (kind, False)


def fold_over(site: Site) -> Kernel:
    """(x[, where][, if_empty]): over the points of an axis, which is lost."""
    kind, axis = site.params["kind"], site.dimension(site.params["axis"])
    plain, negate = plain_kind(kind)
    has_where, has_empty = bool(site.params.get("where")), bool(site.params.get("if_empty"))

    def run(block: Block, xs: list[Any]) -> Any:
        x = xs[0]
        where = real_where(site, block, x, xs[1] if has_where else None)
        if where is None:
            found = _all(plain, x, axis) if not negate else -_all("smallest", x, axis)
        else:
            x = -x if negate else x
            if_empty = np.take(xs[-1], 0, axis=axis) if has_empty else np.nan
            found = _some(plain, x, where, axis, 0.0 if kind == "worst" else if_empty)
        return np.maximum(found, 0.0) if kind == "worst" else found

    return run


def _all(kind: str, x: Any, axis: int) -> Any:
    """Over all points. Rows far outnumber points as a rule, and numpy is quick along the longer side."""
    size = x.shape[axis]
    if kind in EXTREMES and x.ndim == 2 and len(x) > size:
        return REDUCE[kind].reduce(np.ascontiguousarray(x.T), axis=0)
    found = REDUCE[kind].reduce(x, axis=axis)
    return found / size if kind == "average" else found


def real_where(site: Site, block: Block, x: Any, where: Any) -> Any:
    """Which points count: those of `where`, and of a ragged axis only those that are not padding."""
    axis = site.params["axis"]
    if site.plan.axes[axis].kind != "distinct":
        return where
    real = block.real_points(axis, site.inputs[0].level)
    shape = [1] * x.ndim
    shape[0], shape[site.dimension(axis)] = real.shape
    real = real.reshape(shape)
    return real if where is None else np.where(real == 1, where, 0.0)


def _some(kind: str, x: Any, where: Any, axis: int, if_empty: Any) -> Any:
    where = np.broadcast_to(where, np.broadcast_shapes(where.shape, x.shape))
    found = REDUCE[kind].reduce(counted(x, where, NOTHING[kind]), axis=axis)
    if kind == "sum":
        return found
    number = np.add.reduce(where, axis=axis)
    if kind == "average":
        found = found / np.where(number == 0, 1.0, number)
    return np.where(number == 0, if_empty, found)


def arg_over(site: Site) -> Kernel:
    """The same inputs: the first point at which the extreme is reached, round-off aside."""
    kind, axis = site.params["kind"], site.dimension(site.params["axis"])
    negate = kind != "largest"
    has_where = bool(site.params.get("where"))

    def run(block: Block, xs: list[Any]) -> Any:
        x = xs[0]
        where = real_where(site, block, x, xs[1] if has_where else None)
        kept = x if where is None else np.where(where == 1, x, 0.0)
        size = np.abs(kept).max(axis=axis, keepdims=True)
        x = -x if negate else x
        if where is not None:
            x = counted(x, where, -np.inf)
        best = x.max(axis=axis, keepdims=True)
        found = np.argmax(x >= best - SAME * np.nan_to_num(size), axis=axis)
        return np.where(np.isfinite(best.squeeze(axis)), found, POISON)

    return run


def pick(site: Site) -> Kernel:
    """(x, point): x at that point of params axis."""
    name = site.params["axis"]
    axis, poison = site.dimension(name), poison_of(site.node)
    keeps = name in site.node.axes

    def run(block: Block, xs: list[Any]) -> Any:
        x, point = xs
        size = x.shape[axis]
        other = [a for a in range(x.ndim) if a != axis]
        shape = [
            max(x.shape[a], point.shape[a]) if 0 not in (x.shape[a], point.shape[a]) else 0
            for a in range(x.ndim)
        ]
        wide = np.broadcast_to(x, [size if a == axis else shape[a] for a in range(x.ndim)])
        at = np.broadcast_to(point, [shape[a] if a in other else point.shape[axis] for a in range(x.ndim)])
        found = np.take_along_axis(wide, np.clip(at, 0, size - 1), axis=axis)
        found = np.where(at < 0, poison, found)
        return found if keeps else found.squeeze(axis)

    return run


def stack(site: Site) -> Kernel:
    """One value a point: all of them along params axis."""
    axis = site.dimension(site.params["axis"])

    def run(block: Block, xs: list[Any]) -> Any:
        return np.concatenate(np.broadcast_arrays(*xs), axis=axis)

    return run


def choose_over(site: Site) -> Kernel:
    """(preference, ...[, ties]): the point that the first preference likes best, ties going to the next.

    Poison where a group has no point to choose from.
    """
    axis = site.dimension(site.params["axis"])
    kinds = tuple(site.params["kinds"])
    has_ties = bool(site.params.get("ties"))

    def run(block: Block, xs: list[Any]) -> Any:
        ties = xs[-1] if has_ties else 0.0
        wide = np.broadcast_arrays(*xs[: len(kinds)])
        real = real_where(site, block, wide[0], None)
        open_: Any = np.broadcast_to(True if real is None else real == 1, wide[0].shape)
        poison = ~open_.any(axis=axis, keepdims=True)
        for kind, x in zip(kinds, wide, strict=True):
            liked = x if kind == "largest" else -x
            best = np.where(open_, liked, -np.inf).max(axis=axis, keepdims=True)
            poison = poison | np.isnan(best)
            open_ = open_ & (liked >= best - ties * np.abs(best))
        found = np.argmax(open_, axis=axis)
        return np.where(poison.any(axis=axis), POISON, found)

    return run


MAKERS: Mapping[str, Maker] = {
    "fold_over": fold_over,
    "arg_over": arg_over,
    "pick": pick,
    "stack": stack,
    "choose_over": choose_over,
}
