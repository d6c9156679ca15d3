"""Kernels of operations whose loops are compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.compiled import loops
from pmdsl.engine.compiled.runs import aligned
from pmdsl.engine.kernels import MAKERS as NUMPY
from pmdsl.engine.kernels.axes import plain_kind
from pmdsl.engine.kernels.folds import finer, in_bounds
from pmdsl.engine.kernels.site import Kernel, Maker, Site
from pmdsl.engine.kernels.weighed import weights
from pmdsl.engine.lean import MOST_STAGES
from pmdsl.plan.nodes import Node

NOBODY = np.empty(0)


def lined_up(site: Site) -> Kernel:
    """(rows): the same rows, aligned to cache lines."""
    return lambda block, xs: aligned(xs[0].reshape(len(xs[0]), prod(xs[0].shape[1:])))


def net_into(site: Site) -> Kernel:
    """As in numpy, where every member counts and credits lie between 0 and 1."""
    plain, fine, coarse = NUMPY["net_into"](site), finer(site), site.node.level

    def run(block: Block, xs: list[Any]) -> Any:
        x, credit = xs[0], xs[1]
        edges = whole_edges(block, fine, coarse)
        if edges is None or len(xs) > 2 or len(x) != block.size(fine) or credit.size != len(credit):
            return plain(block, xs)
        credits = part(credit)
        if credits is None:
            return plain(block, xs)
        flat = np.ascontiguousarray(x).reshape(len(x), prod(x.shape[1:]))
        found = np.empty((len(edges) - 1, flat.shape[1]))
        loops.nets(flat, credits, edges, found)
        return found.reshape(len(found), *x.shape[1:])

    return run


def cascade(site: Site) -> Kernel:
    """(rows, weight, currency of each member..., credit of each net...): the extreme over the points of the
    nets of nets of weighed sums, without an array of groups and points.
    """
    params, rows_at = site.params, site.inputs[0].level
    stages: tuple[Node, ...] = params["stages"]
    levels = (params["members"], *(node.level for node in stages))
    codes = [site.world.interner.code(name) for name in params["currencies"]]
    nets = [node.op == "net_into" for node in stages[1:]]
    slow, finish = step_by_step(site), finisher(params["kind"])

    def run(block: Block, xs: list[Any]) -> Any:
        edges = [whole_edges(block, fine, coarse) for fine, coarse in pairwise(levels)]
        given = iter(xs[2 + len(codes) :])
        parts = [part(next(given)) if net else NOBODY for net in nets]
        if any(found is None for found in (*edges, *parts)) or len(xs[0]) == 0:
            return slow(block, xs)
        weight, seen = weights(block, params["members"], rows_at, xs[1], zip(codes, xs[2:], strict=False))
        found = np.empty(block.size(levels[-1]))
        if len(stages) == 1:
            edges.append(np.arange(len(found) + 1, dtype=np.int32))
            parts.append(NOBODY)
        first = xs[0].reshape(-1), xs[0].shape[1], finish.sign, seen.row, np.ascontiguousarray(weight)
        if len(stages) == MOST_STAGES:
            loops.longer_cascade(*first, edges[0], parts[0], edges[1], parts[1], edges[2], found)
        else:
            loops.cascade(*first, edges[0], parts[0], edges[1], found)
        return finish(found)

    return run


@dataclass(frozen=True)
class Finish:
    """What is made of the smallest of what `sign` multiplies."""

    sign: float
    out: float
    floor: bool

    def __call__(self, found: Any) -> Any:
        loops.finish(found, self.out, self.floor)
        return found


def finisher(kind: str) -> Finish:
    """The worst is the largest of what is negated, and the largest the smallest of what is."""
    plain, negate = plain_kind(kind)
    if negate:
        return Finish(1.0, -1.0, kind == "worst")
    return Finish(-1.0, -1.0, False) if plain == "largest" else Finish(1.0, 1.0, False)


def part(credit: Any) -> Any:
    """The credit of each group, or the one of all; None where one is not between 0 and 1."""
    return np.ascontiguousarray(credit.reshape(-1)) if in_bounds(credit) else None


def step_by_step(site: Site) -> Kernel:
    """The same, one operation after the other."""
    stages, world = site.params["stages"], site.world
    first = NUMPY["weighed_sum"](Site.of(world, stages[0]))
    nets = [NUMPY[node.op](Site.of(world, node)) for node in stages[1:]]
    fold = NUMPY["fold_over"](Site.of(world, site.params["fold"]))
    own = len(stages[0].inputs)

    def run(block: Block, xs: list[Any]) -> Any:
        found, credits = first(block, xs[:own]), iter(xs[own:])
        for kernel, node in zip(nets, stages[1:], strict=True):
            found = kernel(block, [found, next(credits)] if node.op == "net_into" else [found])
        return fold(block, [found])

    return run


def whole_edges(block: Block, fine: str, coarse: str) -> Any:
    """The edges of groups that are known, stand together and all have members; None where that is not so."""
    found = block.members(fine, coarse)
    plain = found.order is None and found.rows is None and found.size > 0
    return found.runs.edges if plain and block.unknown(coarse) is None else None


MAKERS: Mapping[str, Maker] = {"aligned": lined_up, "net_into": net_into, "cascade": cascade}
