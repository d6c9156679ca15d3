"""The compiled loops. Nothing here makes an array of members and points.

Runs are given by their edges: run k goes from edges[k] up to edges[k + 1]. Rows of points lie in `flat`, one
every `stride` doubles, `stride` a multiple of 16. Sums go from the first member to the last, as everywhere in
the engine, so their bits are those of numpy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from pmdsl.engine.compiled.lanes import (
    WIDTH,
    add,
    lesser,
    load,
    minimum,
    mul,
    prefetch,
    smallest,
    splat,
    store,
)

# Two vectors of eight doubles are worked on together: a row of sixteen points is two cache lines.
CHUNK = 2 * WIDTH
# So many members ahead their rows are asked for: the best of 8 to 64 where rows come from the third level.
AHEAD = 32

compiled = njit(cache=True, nogil=True, error_model="numpy", boundscheck=False)


inlined = njit(cache=True, nogil=True, error_model="numpy", boundscheck=False, forceinline=True)


@inlined
def sum_of_run(flat: Any, stride: int, index: Any, weight: Any, c: int, low: int, high: int) -> Any:
    """The sum of weight[i] * row index[i] for i from low up to high, of sixteen points from c on."""
    a, b = splat(0.0), splat(0.0)
    total = np.uintp(len(index))
    # An unsigned number counts from no end, and needs no look at its sign.
    for i in range(np.uintp(low), np.uintp(high)):
        if i + np.uintp(AHEAD) < total:
            ahead = np.intp(index[i + np.uintp(AHEAD)]) * stride + c
            prefetch(flat, ahead)
            prefetch(flat, ahead + WIDTH)
        row, w = np.intp(index[i]) * stride + c, splat(weight[i])
        a = add(a, mul(w, load(flat, row)))
        b = add(b, mul(w, load(flat, row + WIDTH)))
    return a, b


@compiled
def weighed(flat: Any, stride: int, index: Any, weight: Any, edges: Any, out: Any, points: int) -> None:
    """out[k] = sum of weight[i] * row index[i] over run k.

    `out` is flat, a row every `points` doubles, and has room for 16 more: what a row has too many is
    overwritten by the next one.
    """
    for k in range(len(edges) - 1):
        for c in range(0, points, CHUNK):
            a, b = sum_of_run(flat, stride, index, weight, c, edges[k], edges[k + 1])
            store(out, k * points + c, a)
            store(out, k * points + c + WIDTH, b)


@compiled
def cascade(
    flat: Any,
    stride: int,
    sign: float,
    index: Any,
    weight: Any,
    edges: Any,
    credit: Any,
    edges_1: Any,
    credit_1: Any,
    edges_2: Any,
    out: Any,
) -> None:
    """out[k] = the smallest over the points of sign * the net of the nets of the weighed sums below k.

    Runs of members make groups (`edges`), runs of groups make groups of the next level (`edges_1`), runs of
    these the groups of `out` (`edges_2`). Where groups are netted, `credit` of each says which part of a gain
    counts, between 0 and 1: one for each, or one for all; an empty `credit` means that they are added.
    """
    nets, nets_1 = len(credit) > 0, len(credit_1) > 0
    step, step_1 = min(1, len(credit) - 1), min(1, len(credit_1) - 1)
    signs = splat(sign)
    for top in range(len(out)):
        best = np.inf
        for c in range(0, stride, CHUNK):
            a2, b2 = splat(0.0), splat(0.0)
            for k in range(edges_2[top], edges_2[top + 1]):
                a1, b1 = splat(0.0), splat(0.0)
                for j in range(edges_1[k], edges_1[k + 1]):
                    a, b = sum_of_run(flat, stride, index, weight, c, edges[j], edges[j + 1])
                    if nets:
                        part = splat(credit[j * step])
                        a, b = lesser(a, mul(part, a)), lesser(b, mul(part, b))
                    a1, b1 = add(a1, a), add(b1, b)
                if nets_1:
                    part = splat(credit_1[k * step_1])
                    a1, b1 = lesser(a1, mul(part, a1)), lesser(b1, mul(part, b1))
                a2, b2 = add(a2, a1), add(b2, b1)
            found = smallest(minimum(mul(signs, a2), mul(signs, b2)))
            best = found if np.isnan(found) or found < best else best
            if np.isnan(found):
                break
        out[top] = best


@compiled
def sums_of_rows(x: Any, edges: Any, out: Any) -> None:
    """out[k] = the sum of the rows of x in run k. Shapes (rows, points), (runs + 1,), (runs, points)."""
    for k in range(len(edges) - 1):
        for p in range(x.shape[1]):
            out[k, p] = 0.0
        for i in range(edges[k], edges[k + 1]):
            for p in range(x.shape[1]):
                out[k, p] += x[i, p]


@compiled
def sums(x: Any, edges: Any, out: Any) -> None:
    """out[k] = the sum of x in run k. Shapes (rows,), (runs + 1,), (runs,)."""
    for k in range(len(edges) - 1):
        total = 0.0
        for i in range(np.uintp(edges[k]), np.uintp(edges[k + 1])):
            total += x[i]
        out[k] = total


@compiled
def nets(x: Any, credit: Any, edges: Any, out: Any) -> None:
    """out[k] = the sum over run k of losses in full and gains as far as credit[i], between 0 and 1, goes.

    Shapes (rows, points), (rows,) or (1,), (runs + 1,), (runs, points).
    """
    step = min(1, len(credit) - 1)
    for k in range(len(edges) - 1):
        for p in range(x.shape[1]):
            out[k, p] = 0.0
        for i in range(edges[k], edges[k + 1]):
            for p in range(x.shape[1]):
                part = credit[i * step] * x[i, p]
                out[k, p] += part if x[i, p] > part or np.isnan(part) else x[i, p]
