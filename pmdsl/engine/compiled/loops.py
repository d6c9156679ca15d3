"""The compiled loops. Nothing here makes an array of members and points.

Runs are given by their edges: run k goes from edges[k] up to edges[k + 1]. Rows of points lie in `flat`, one
every `stride` doubles, `stride` a multiple of 16. Sums go from the first member to the last, as everywhere in
the engine, so their bits are those of numpy.

Whatever counts rows is unsigned: such a number counts from no end, and nobody looks at its sign.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.engine.compiled.lanes import (
    WIDTH,
    add,
    least,
    lesser,
    load,
    mul,
    opaque,
    prefetch,
    splat,
    store,
    unknown,
)
from pmdsl.jit import compiled, inlined

# Two vectors of eight doubles are worked on together: a row of sixteen points is two cache lines.
CHUNK = 2 * WIDTH
# So many members ahead their rows are asked for: the best of 8 to 64 where rows come from the third level.
AHEAD = 32

U = np.uintp


# ---- sums of weighed rows ----------------------------------------------------------------------------------


@inlined
def sum_of_run(flat: Any, stride: int, index: Any, weight: Any, c: int, low: int, high: int) -> Any:
    """The sum of weight[i] * row index[i] for i from low up to high, of sixteen points from c on."""
    a, b = splat(0.0), splat(0.0)
    last = U(len(index) - 1)
    i, end = U(low), U(high)
    while i < end:
        ahead = np.intp(index[min(i + U(AHEAD), last)]) * stride + c
        prefetch(flat, ahead)
        prefetch(flat, ahead + WIDTH)
        row, w = np.intp(index[i]) * stride + c, splat(weight[i])
        a = add(a, mul(w, load(flat, row)))
        b = add(b, mul(w, load(flat, row + WIDTH)))
        i = opaque(i + U(1))
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


# ---- cascades ----------------------------------------------------------------------------------------------


@inlined
def netted(a: Any, b: Any, credit: Any, group: Any) -> Any:
    """Losses in full and gains as far as the credit of a group goes; both in full where nobody credits."""
    if len(credit) == 0:
        return a, b
    part = splat(credit[group * U(min(1, len(credit) - 1))])
    return lesser(a, mul(part, a)), lesser(b, mul(part, b))


@inlined
def sum_of_groups(
    flat: Any, stride: int, index: Any, weight: Any, c: int, edges: Any, credit: Any, low: int, high: int
) -> Any:
    """The sum of the nets of the weighed sums of groups from low up to high, of sixteen points from c on."""
    a, b = splat(0.0), splat(0.0)
    for group in range(U(low), U(high)):
        first, end = edges[group], edges[group + U(1)]
        x, y = sum_of_run(flat, stride, index, weight, c, first, end)
        x, y = netted(x, y, credit, group)
        a, b = add(a, x), add(b, y)
    return a, b


@inlined
def lower(out: Any, k: Any, sign: float, a: Any, b: Any) -> None:
    """out[k] = the smallest of what it is and sign times the sixteen, NaN where one is NaN."""
    x, y = mul(splat(sign), a), mul(splat(sign), b)
    if unknown(x, y):
        out[k] = np.nan
    else:
        found = least(lesser(x, y))
        if found < out[k]:
            out[k] = found


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
    out: Any,
) -> None:
    """out[k] = the smallest over the points of sign * the net of the weighed sums below k.

    Runs of members make groups (`edges`), runs of groups the groups of `out` (`edges_1`). Where groups are
    netted, `credit` of each says which part of a gain counts, between 0 and 1: one for each, or one for all;
    an empty `credit` means that they are added.
    """
    out[:] = np.inf
    for c in range(0, stride, CHUNK):
        for k in range(U(len(out))):
            low, high = edges_1[k], edges_1[k + U(1)]
            a, b = sum_of_groups(flat, stride, index, weight, c, edges, credit, low, high)
            lower(out, k, sign, a, b)


@compiled
def longer_cascade(
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
    """The same with one more net: runs of the groups of `edges_1` make the groups of `out` (`edges_2`)."""
    out[:] = np.inf
    for c in range(0, stride, CHUNK):
        for k in range(U(len(out))):
            a, b = splat(0.0), splat(0.0)
            for group in range(U(edges_2[k]), U(edges_2[k + U(1)])):
                low, high = edges_1[group], edges_1[group + U(1)]
                x, y = sum_of_groups(flat, stride, index, weight, c, edges, credit, low, high)
                x, y = netted(x, y, credit_1, group)
                a, b = add(a, x), add(b, y)
            lower(out, k, sign, a, b)


@compiled
def finish(x: Any, factor: float, floor: bool) -> None:
    """Each number times `factor`, 0 where that is less and `floor` says so, NaN where it is not finite."""
    for k in range(U(len(x))):
        found = factor * x[k] if np.isfinite(x[k]) else np.nan
        x[k] = 0.0 if floor and found <= 0.0 else found


# ---- sums and nets of rows ---------------------------------------------------------------------------------


@compiled
def sums_of_rows(x: Any, edges: Any, out: Any) -> None:
    """out[k] = the sum of the rows of x in run k. Shapes (rows, points), (runs + 1,), (runs, points)."""
    for k in range(len(edges) - 1):
        for p in range(x.shape[1]):
            out[k, p] = 0.0
        for i in range(edges[k], edges[k + 1]):
            for p in range(x.shape[1]):
                out[k, p] += x[i, p]


@inlined
def taken(x: Any, edges: Any, out: Any, i: Any, k: Any, total: float) -> Any:
    """Row i added to run k or, where it is the first one after it, to the next run: what follows i, k, total.

    No run is empty, and nothing is guessed: where short runs end is what processors cannot foresee.
    """
    begins = U(edges[k + U(1)]) == i
    k = k + U(begins)
    total = (0.0 if begins else total) + x[i]
    out[k] = total
    return i + U(1), k, total


@compiled
def sums(x: Any, edges: Any, out: Any) -> None:
    """out[k] = the sum of x in run k, none of which is empty. Shapes (rows,), (runs + 1,), (runs,).

    Four quarters of the runs go side by side, since each row waits for the sum before it.
    """
    runs = U(len(edges) - 1)
    k0, k1, k2, k3 = U(0), runs // U(4), runs // U(2), runs - runs // U(4)
    i0, i1, i2, i3, end = U(0), U(edges[k1]), U(edges[k2]), U(edges[k3]), U(len(x))
    end0, end1, end2 = i1, i2, i3
    t0 = t1 = t2 = t3 = 0.0
    for _ in range(min(min(end0, end1 - i1), min(end2 - i2, end - i3))):
        i0, k0, t0 = taken(x, edges, out, i0, k0, t0)
        i1, k1, t1 = taken(x, edges, out, i1, k1, t1)
        i2, k2, t2 = taken(x, edges, out, i2, k2, t2)
        i3, k3, t3 = taken(x, edges, out, i3, k3, t3)
    while i0 < end0:
        i0, k0, t0 = taken(x, edges, out, i0, k0, t0)
    while i1 < end1:
        i1, k1, t1 = taken(x, edges, out, i1, k1, t1)
    while i2 < end2:
        i2, k2, t2 = taken(x, edges, out, i2, k2, t2)
    while i3 < end:
        i3, k3, t3 = taken(x, edges, out, i3, k3, t3)


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
