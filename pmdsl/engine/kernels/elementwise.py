"""Operations that look at one cell at a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.index import said
from pmdsl.engine.kernels.site import Kernel, Maker, Plain, Site, bad, number, point_axis, poison_of
from pmdsl.pricing.normal import cdf, density, quantile


def unary(function: Any) -> Maker:
    """An operation of one input that numpy has."""
    return lambda site: Plain(function)


def binary(function: Any) -> Maker:
    """An operation of two inputs that numpy has."""
    return lambda site: Plain(function)


def folded(function: Any) -> Maker:
    """An operation of any number of inputs, taken from left to right."""
    return lambda site: Plain(function) if len(site.inputs) == 2 else lambda block, xs: reduce(function, xs)


def finite(function: Any) -> Maker:
    """As `unary`, with NaN for what is not finite."""

    def make(site: Site) -> Kernel:
        def run(block: Block, xs: list[Any]) -> Any:
            found = function(*xs)
            return np.where(np.isfinite(found), found, np.nan)

        return run

    return make


def power(x: Any, y: Any) -> Any:
    """x to the y; numpy has 1 for poison to the 0 and for 1 to the poison."""
    return np.power(x, y) + 0.0 * x + 0.0 * y


def clamp(site: Site) -> Kernel:
    """(x, low, high)"""
    return lambda block, xs: np.minimum(np.maximum(xs[0], xs[1]), xs[2])


def ratio(site: Site) -> Kernel:
    """(a, b, if_zero): a / b, and if_zero where b is 0."""

    def run(block: Block, xs: list[Any]) -> Any:
        a, b, if_zero = xs
        zero = b == 0
        return np.where(zero, if_zero, a / np.where(zero, 1.0, b))

    return run


def comparison(function: Any) -> Maker:
    """A comparison: 0 or 1, NaN where a side is poison."""

    def make(site: Site) -> Kernel:
        limit = number(site.inputs[1])

        def beside(block: Block, xs: list[Any]) -> Any:
            found = function(xs[0], limit).astype(np.float64)
            poison = np.isnan(xs[0])
            return np.where(poison, np.nan, found) if np.count_nonzero(poison) else found

        def run(block: Block, xs: list[Any]) -> Any:
            a, b = xs
            found = function(a, b).astype(np.float64)
            poison = np.isnan(a + b) if a.dtype.kind == "f" == b.dtype.kind else bad(a) | bad(b)
            if np.count_nonzero(poison):
                found[np.broadcast_to(poison, found.shape)] = np.nan
            return found

        return run if limit is None else beside

    return make


def both(block: Block, xs: list[Any]) -> Any:
    """and: where the left is false, the right does not matter."""
    a, b = xs
    return np.where(a == 0, 0.0, a * b)


def either(block: Block, xs: list[Any]) -> Any:
    """or: where the left is true, the right does not matter."""
    a, b = xs
    return np.where(a == 1, 1.0, a + b)


def choice(site: Site) -> Kernel:
    """(condition, then, else): what the condition does not choose does not matter."""
    poison = poison_of(site.node)
    first, second = (number(node) for node in site.inputs[1:])

    def run(block: Block, xs: list[Any]) -> Any:
        condition, then, other = xs
        found = np.where(condition, then if first is None else first, other if second is None else second)
        unknown = np.isnan(condition)
        return np.where(unknown, poison, found) if np.count_nonzero(unknown) else found

    return run


def member(site: Site) -> Kernel:
    """(x): whether x is one of params words."""
    wanted = [site.constant(word, site.inputs[0]) for word in site.params["words"]]

    def run(block: Block, xs: list[Any]) -> Any:
        found = np.isin(xs[0], wanted).astype(np.float64)
        found[bad(xs[0])] = np.nan
        return found

    return run


def point_name(site: Site) -> Kernel:
    """(point): the name of the point as a text, "" where there is none."""
    axis = site.params.get("axis") or point_axis(site.plan, site.inputs[0])
    if site.plan.axes[axis].kind == "distinct":
        return lambda block, xs: _value_names(site, block, axis, xs[0])
    codes = site.world.interner.column([*site.world.axes[axis].names, ""])
    return lambda block, xs: codes[np.maximum(xs[0], -1)]


def _value_names(site: Site, block: Block, axis: str, point: Any) -> Any:
    """The names of points of distinct values: the values as people write them."""
    values, _ = block.points[axis]
    level, within = site.inputs[0].level, site.plan.axes[axis].within
    rows = np.arange(len(values)) if level == within else block.parent(level, within)
    found = values[np.maximum(rows, 0), np.maximum(point, 0)]
    distinct, inverse = np.unique(found, return_inverse=True)
    base = site.plan.nodes[site.plan.axes[axis].node].base
    codes = [site.world.interner.code(said(block.index, value, base)) for value in distinct]
    return np.where(point < 0, site.world.interner.code(""), np.array(codes, dtype=np.int64)[inverse])


MAKERS: Mapping[str, Maker] = {
    "add": binary(np.add),
    "sub": binary(np.subtract),
    "mul": binary(np.multiply),
    "div": finite(np.divide),
    "neg": unary(np.negative),
    "abs": unary(np.abs),
    "sqrt": unary(np.sqrt),
    "exp": finite(np.exp),
    "ln": finite(np.log),
    "normal_cdf": unary(cdf),
    "normal_pdf": unary(density),
    "normal_quantile": finite(quantile),
    "power": finite(power),
    "floor": unary(np.floor),
    "ceil": unary(np.ceil),
    "min": folded(np.minimum),
    "max": folded(np.maximum),
    "clamp": clamp,
    "ratio": ratio,
    "eq": comparison(np.equal),
    "ne": comparison(np.not_equal),
    "lt": comparison(np.less),
    "le": comparison(np.less_equal),
    "gt": comparison(np.greater),
    "ge": comparison(np.greater_equal),
    "and": lambda site: both,
    "or": lambda site: either,
    "not": lambda site: lambda block, xs: 1.0 - xs[0],
    "if": choice,
    "member": member,
    "point_name": point_name,
}
