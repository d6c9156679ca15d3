"""Order statistics over an axis, by the conventions that rules name. Worst means largest: x is a loss.

Of n points that count and a level p, exactly: kth_worst is the k-th largest with k = max(1, floor(n (1 -
p))); kth_worst_up with k = max(1, ceil(n (1 - p))); interpolated lies at (n - 1) p between the order
statistics, counted from the least at 0; first_reaching is the first value, from the worst down, at which the
summed weights reach 1 - p.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.axes import real_where
from pmdsl.engine.kernels.folds import counted
from pmdsl.engine.kernels.site import Kernel, Maker, Site

REACHED = 1e-12


@dataclass(frozen=True, eq=False)
class Losses:
    """Losses along the last axis, worst first; those that do not count are last and minus infinity.

    `number` says how many count, `weights` (in the same order) what each weighs.
    """

    worst_first: Any
    number: Any
    weights: Any = None

    def at(self, index: Any) -> Any:
        """The value at a place counted from the worst at 0."""
        last = self.worst_first.shape[-1] - 1
        place = np.clip(index, 0, last)[..., None]
        return np.take_along_axis(self.worst_first, place, axis=-1)[..., 0]

    def first(self, k: Any) -> Any:
        """The sum of the k worst values."""
        total = np.cumsum(self.worst_first, axis=-1)
        summed = np.take_along_axis(total, np.maximum(k - 1, 0)[..., None], axis=-1)[..., 0]
        return np.where(k > 0, summed, 0.0)


def by_number(losses: Losses, function: Any, kind: Any = np.int64) -> Any:
    """A function of how many points count, worked out exactly once for each such number."""
    most = losses.worst_first.shape[-1]
    return np.array([function(n) for n in range(most + 1)], dtype=kind)[losses.number]


def kth(losses: Losses, tail: Fraction, rounding: Any) -> Any:
    """k of the k-th worst. Shape of `number`."""
    return by_number(losses, lambda n: max(1, rounding(n * tail)))


def order_statistic(losses: Losses, tail: Fraction, by: str) -> Any:
    """quantile by kth_worst and kth_worst_up."""
    return losses.at(kth(losses, tail, math.ceil if by == "kth_worst_up" else math.floor) - 1)


def interpolated(losses: Losses, tail: Fraction) -> Any:
    """quantile by interpolated."""
    level = 1 - tail
    low = by_number(losses, lambda n: math.floor(max(n - 1, 0) * level))
    part = by_number(losses, lambda n: float(max(n - 1, 0) * level % 1), np.float64)
    a, b = losses.at(losses.number - 1 - low), losses.at(np.maximum(losses.number - 2 - low, 0))
    return np.where(part == 0.0, a, a + (b - a) * part)


def reaching(losses: Losses, tail: Fraction) -> tuple[Any, Any]:
    """Where the summed weights reach the tail (the number of points: never), and their sum before it."""
    total = np.cumsum(losses.weights, axis=-1)
    reached = total >= float(tail) - REACHED
    place = np.where(reached.any(axis=-1), reached.argmax(axis=-1), losses.weights.shape[-1])
    before = np.take_along_axis(
        total, np.maximum(place - 1, 0).clip(0, total.shape[-1] - 1)[..., None], axis=-1
    )
    return place, np.where(place > 0, before[..., 0], 0.0)


def first_reaching(losses: Losses, tail: Fraction) -> Any:
    """quantile by first_reaching."""
    place, _ = reaching(losses, tail)
    return np.where(place < losses.number, losses.at(place), np.nan)


def tail_of_worst(losses: Losses, tail: Fraction, by: str) -> Any:
    """tail_mean by kth_worst and kth_worst_up: the average of the k worst."""
    k = kth(losses, tail, math.ceil if by == "kth_worst_up" else math.floor)
    return losses.first(k) / k


def tail_interpolated(losses: Losses, tail: Fraction) -> Any:
    """tail_mean by interpolated: the n (1 - p) worst, the last of them in part."""
    whole = by_number(losses, lambda n: math.floor(n * tail))
    part = by_number(losses, lambda n: float(n * tail % 1), np.float64)
    size = by_number(losses, lambda n: float(n * tail), np.float64)
    last = np.where(part > 0.0, part * losses.at(whole), 0.0)
    return np.where(
        size > 0.0, (losses.first(whole) + last) / np.where(size > 0.0, size, 1.0), losses.at(whole * 0)
    )


def tail_reaching(losses: Losses, tail: Fraction) -> Any:
    """tail_mean by first_reaching: the weighted average down to that place, which has what is left."""
    place, before = reaching(losses, tail)
    weighed = np.where(losses.weights > 0.0, losses.weights * losses.worst_first, 0.0)
    summed = Losses(weighed, losses.number).first(np.minimum(place, weighed.shape[-1]))
    found = (summed + (float(tail) - before) * losses.at(place)) / float(tail)
    return np.where(place < losses.number, found, np.nan)


def answer(losses: Losses, tail: Fraction, kind: str, by: str) -> Any:
    """The quantile or tail mean. Shape of `number`."""
    mean = kind == "tail_mean"
    if by == "interpolated":
        return tail_interpolated(losses, tail) if mean else interpolated(losses, tail)
    if by == "first_reaching":
        if tail == 0:
            return losses.at(losses.number * 0)
        return tail_reaching(losses, tail) if mean else first_reaching(losses, tail)
    return tail_of_worst(losses, tail, by) if mean else order_statistic(losses, tail, by)


def quantile_over(site: Site) -> Kernel:
    """(x, level[, where][, weights]): the level is used exactly."""
    axis = site.dimension(site.params["axis"])
    has_where, has_weights = bool(site.params.get("where")), bool(site.params.get("weighing"))
    written = site.inputs[1].params.get("value") if site.inputs[1].op == "const" else None

    def run(block: Block, xs: list[Any]) -> Any:
        x, where = xs[0], real_where(site, block, xs[0], xs[2] if has_where else None)
        weights = xs[-1] if has_weights else None
        level = float(xs[1].reshape(-1)[0])
        if level != level:
            return np.full(np.delete(x.shape, axis), np.nan)
        tail = 1 - Fraction(written if written is not None else repr(level))
        return _quantile(x, where, weights, axis, tail, site.params["kind"], site.params["by"])

    return run


def _quantile(x: Any, where: Any, weights: Any, axis: int, tail: Fraction, kind: str, by: str) -> Any:
    given = [part for part in (x, where, weights) if part is not None]
    shape = np.broadcast_shapes(*(part.shape for part in given))
    x, where, weights = (
        None if part is None else np.moveaxis(np.broadcast_to(part, shape), axis, -1)
        for part in (x, where, weights)
    )
    poison = np.isnan(x if where is None else counted(x, where, 0.0)).any(axis=-1)
    number = np.full(x.shape[:-1], x.shape[-1]) if where is None else (where == 1).sum(axis=-1)
    if where is not None:
        x = counted(x, where, -np.inf)
    order = np.argsort(-x, axis=-1, kind="stable")
    if weights is not None:
        weights = weights if where is None else np.where(where == 1, weights, 0.0)
        weights = np.take_along_axis(weights, order, axis=-1)
        poison = poison | np.isnan(weights).any(axis=-1)
    elif by == "first_reaching":
        by = "kth_worst_up"
    found = answer(Losses(np.take_along_axis(x, order, axis=-1), number, weights), tail, kind, by)
    return np.where(poison | (number == 0), np.nan, found)


def ewma_over(site: Site) -> Kernel:
    """(x, decay): the root of the exponentially weighted mean square, as it was known before each point.

    Before the first point the mean square of all points stands in.
    """
    axis = site.dimension(site.params["axis"])

    def run(block: Block, xs: list[Any]) -> Any:
        x = np.moveaxis(xs[0], axis, 0)
        decay = np.moveaxis(xs[1], axis, 0)[0]
        square = x * x
        known = np.add.reduce(square, axis=0) / max(len(x), 1)
        found = np.empty(np.broadcast_shapes(x.shape, (1, *known.shape), (1, *decay.shape)))
        for point in range(len(x)):
            found[point] = known
            known = decay * known + (1.0 - decay) * square[point]
        return np.moveaxis(np.sqrt(found), 0, axis)

    return run


MAKERS: Mapping[str, Maker] = {"quantile_over": quantile_over, "ewma_over": ewma_over}
