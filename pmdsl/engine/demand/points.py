"""What reductions over an axis, and single points of one, stand on."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.engine.demand.need import Asked, Needs


def over_axis(asked: Asked) -> Needs:
    """Reductions over an axis: every point that counts."""
    node = asked.node
    has_where, has_empty = bool(node.params.get("where")), bool(node.params.get("if_empty"))
    if not has_where:
        return asked.of(0, _all_points(asked, 0))
    where = asked.input(1)
    found = [*asked.of(1, _all_points(asked, 1)), *asked.of(0, _all_points(asked, 0) & (where == 1))]
    if has_empty:
        axis = 1 + asked.frame.index(node.params["axis"])
        found += asked.of(2, asked.cells & ~(where != 0).any(axis=axis, keepdims=True))
    return found


def _all_points(asked: Asked, k: int) -> Any:
    """The needed cells, at every point of the axis that is reduced."""
    return np.broadcast_to(asked.cells, np.broadcast_shapes(asked.cells.shape, asked.input(k).shape))


def quantile_over(asked: Asked) -> Needs:
    node = asked.node
    found = asked.of(1, asked.cells)
    counting = asked.input(2) == 1 if node.params.get("where") else np.True_
    if node.params.get("where"):
        found += asked.of(2, _all_points(asked, 2))
    if node.params.get("weighing"):
        last = len(node.inputs) - 1
        found += asked.of(last, _all_points(asked, last) & counting)
    return found + asked.of(0, _all_points(asked, 0) & counting)


def ewma_over(asked: Asked) -> Needs:
    """Every point: the first value stands on all of them."""
    axis = 1 + asked.frame.index(asked.node.params["axis"])
    every = np.broadcast_to(asked.cells.any(axis=axis, keepdims=True), asked.cells.shape)
    return [*asked.of(0, every), *asked.of(1, asked.cells)]


def choose_over(asked: Asked) -> Needs:
    """All preferences at all points."""
    return [found for k in range(len(asked.node.inputs)) for found in asked.of(k, _all_points(asked, k))]


def pick(asked: Asked) -> Needs:
    """The point, and x there."""
    name = asked.node.params["axis"]
    axis = 1 + asked.frame.index(name)
    point, size = asked.input(1), asked.input(0).shape[axis]
    cells = asked.cells
    if name in asked.node.axes:
        found = np.zeros(np.broadcast_shapes(cells.shape, point.shape), dtype=bool)
        for at in range(size):
            index = [slice(None)] * found.ndim
            index[axis] = slice(at, at + 1)
            found[tuple(index)] = (cells & (point == at)).any(axis=axis, keepdims=True)
        return [*asked.of(1, cells), *asked.of(0, found)]
    shape = [1] * cells.ndim
    shape[axis] = size
    return [*asked.of(1, cells), *asked.of(0, cells & (point == np.arange(size).reshape(shape)))]


def stack(asked: Asked) -> Needs:
    axis = 1 + asked.frame.index(asked.node.params["axis"])
    parts = [np.take(asked.cells, [k], axis=axis) for k in range(len(asked.node.inputs))]
    return [found for k, part in enumerate(parts) for found in asked.of(k, part)]
