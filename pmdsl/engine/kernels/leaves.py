"""Operations without inputs of their own: constants, columns, what the run is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.columns import seconds_of
from pmdsl.engine.inputs import wanted_by
from pmdsl.engine.kernels.site import Kernel, Maker, Site, bad, dtype_of, filled, point_axis, poison_of
from pmdsl.engine.words import Array


def constant(site: Site) -> Kernel:
    """params value, in the base of the node."""
    value = np.array([site.constant(site.params["value"], site.node)], dtype=dtype_of(site.node))
    return lambda block, xs: value


def point(site: Site) -> Kernel:
    """The point that params value names, or every point of the axis."""
    if "value" in site.params:
        return constant_point(site)
    every = np.arange(site.world.axes[site.params["axis"]].size, dtype=np.int64)[None, :]
    return lambda block, xs: every


def constant_point(site: Site) -> Kernel:
    """One point of an axis by its name."""
    value = np.array([site.world.point(site.params["axis"], site.params["value"])], dtype=np.int64)
    return lambda block, xs: value


def axis_column(site: Site) -> Kernel:
    """A column over the points of an axis, as written: params values."""
    cells = [site.constant(text, site.node) for text in site.params["values"]]
    column = np.array(cells, dtype=dtype_of(site.node))[None, :]
    return lambda block, xs: column


def axis_dates(site: Site) -> Kernel:
    """The dates of the points of a history."""
    values = site.world.axes[site.params["axis"]].values
    assert values is not None
    dates = values[None, :]
    return lambda block, xs: dates


def axis_age(site: Site) -> Kernel:
    """How many points later the last one is; not known where the history has no day."""
    points = site.world.axes[site.params["axis"]]
    age = np.arange(points.size, dtype=np.float64)[::-1]
    known = age if points.values is None else np.where(np.isnan(points.values), np.nan, age)
    return lambda block, xs: known[None, :]


def axis_size(site: Site) -> Kernel:
    """The number of points of an axis; 0 where a history has no day."""
    points = site.world.axes[site.params["axis"]]
    number = points.size if points.values is None else np.count_nonzero(~np.isnan(points.values))
    size = np.array([number], dtype=np.float64)
    return lambda block, xs: size


def read(site: Site) -> Kernel:
    """() or (default,): an attribute of each row, the default where it was not given."""
    table, column, level = site.params["table"], site.params["column"], site.node.level
    wanted = wanted_by(site.node)
    poison = poison_of(site.node)
    plain, key = site.node.base != "point", (table, column)
    if site.world.is_owned(level):

        def owned(block: Block, xs: list[Any]) -> Any:
            if plain and not xs and key in block.views:
                return block.views[key]
            low, high = block.span(level)
            found = block.columns[table, column]
            if plain and not xs and found.torn is None:
                block.views[key] = found.values[low:high]
                return block.views[key]
            values = with_default(in_base(site, found.values[low:high]), xs)
            if found.torn is None:
                return values
            return np.where(found.torn[low:high], poison, values)

        return owned

    def shared(block: Block, xs: list[Any]) -> Any:
        found = site.world.reader.column(wanted)
        values, spoilt = in_base(site, found.values), found.spoilt
        source = None if level == "" else block.index.levels[level].source
        values = with_default(values if source is None else values[source], xs)
        if spoilt is None:
            return values
        return np.where(spoilt if source is None else spoilt[source], poison, values)

    return shared


def in_base(site: Site, values: Array) -> Any:
    """Words that name points of an axis as those points; everything else as it is. Shape of `values`."""
    if site.node.base != "point":
        return values
    world, axis = site.world, point_axis(site.plan, site.node)
    distinct, inverse = np.unique(values, return_inverse=True)
    points = [world.point(axis, world.interner.text(int(code))) for code in distinct]
    return np.array(points, dtype=np.int64)[inverse]


def with_default(values: Array, xs: list[Any]) -> Any:
    """The values with the default where they were not given. Shape (rows,)."""
    if not xs:
        return values
    missing = bad(values)
    return np.where(missing, filled(xs[0], len(values)), values) if np.count_nonzero(missing) else values


def key(site: Site) -> Kernel:
    """A part of the key of each row of a key level."""
    level, part = site.params["level"], site.params["part"]
    return lambda block, xs: block.index.levels[level].parts[part]


def valuation(site: Site) -> Kernel:
    """The date of the run, or its moment: midnight in UTC where the book has no time of day."""
    book = site.world.book
    if site.params["what"] == "date":
        value = float(book.on.toordinal())
    else:
        value = seconds_of(book.moment or datetime(book.on.year, book.on.month, book.on.day, tzinfo=UTC))
    found = np.array([value])
    return lambda block, xs: found


def given(site: Site) -> Kernel:
    """Whether a table of that name was given at run time."""
    value = np.array([float(site.params["data"] in site.world.given)])
    return lambda block, xs: value


MAKERS: Mapping[str, Maker] = {
    "const": constant,
    "word": constant,
    "point": point,
    "axis_column": axis_column,
    "axis_dates": axis_dates,
    "axis_age": axis_age,
    "axis_size": axis_size,
    "input": read,
    "key": key,
    "valuation": valuation,
    "given": given,
}
