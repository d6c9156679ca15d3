"""Decision tables, look-ups in tables given at run time, and rates by brackets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.site import Kernel, Maker, Site, bad, dtype_of, poison_of
from pmdsl.engine.words import POISON, Codes
from pmdsl.plan.nodes import Node

NO_ROW = -1
UNKNOWN_ROW = -2

Test = Any


def pattern_test(site: Site, pattern: Mapping[str, Any] | None, node: Node) -> Test:
    """What a key must be for a row to fit: None for anything, else a function from values to truths."""
    if pattern is None:
        return None
    if "is" in pattern:
        wanted = [site.constant(text, node) for text in pattern["is"]]
        if len(wanted) == 1:
            return lambda x: x == wanted[0]
        return lambda x: np.isin(x, wanted)
    low, high = pattern.get("from"), pattern.get("to")
    above = np.greater if pattern.get("from_open") else np.greater_equal
    below = np.less_equal if pattern.get("to_closed") else np.less
    least = None if low is None else site.constant(low, node)
    most = None if high is None else site.constant(high, node)

    def between(x: Any) -> Any:
        found = np.ones(x.shape, dtype=bool) if least is None else above(x, least)
        return found if most is None else found & below(x, most)

    return between


def match(site: Site) -> Kernel:
    """(key, ..., when, ...): the row that fits; -1 where none does, -2 where that cannot be told."""
    keys = int(site.params["keys"])
    rows: Sequence[Sequence[Mapping[str, Any] | None]] = site.params["rows"]
    whens = when_inputs(site, keys, len(rows))
    tests = [row_tests(site, row) for row in rows]

    def run(block: Block, xs: list[Any]) -> Any:
        shape = np.broadcast_shapes(*(x.shape for x in xs)) if xs else (1,)
        poisons = [bad(x) for x in xs[:keys]]
        some_bad = [poison.any() for poison in poisons]
        found = np.full(shape, NO_ROW, dtype=np.int64)
        open_ = np.ones(shape, dtype=bool)
        for row, parts in enumerate(tests):
            if parts is None:
                continue
            fits: Any = open_
            unsure: Any = np.False_
            for k, test in parts:
                fit = test(xs[k])
                if some_bad[k]:
                    fit = fit | poisons[k]
                    unsure = unsure | poisons[k]
                fits = fits & fit
            when = whens[row]
            if when >= 0:
                condition = xs[when]
                fits = fits & (condition != 0)
                unsure = unsure | np.isnan(condition)
            fits = np.broadcast_to(fits, shape)
            found = np.where(fits, np.where(unsure, UNKNOWN_ROW, row), found)
            open_ = open_ & ~fits
            if not open_.any():
                break
        return found

    return run


def row_tests(site: Site, row: Sequence[Mapping[str, Any] | None] | None) -> list[tuple[int, Test]] | None:
    """The keys that a row asks about, each with its test; None for a row that is not in force."""
    if row is None:
        return None
    asked = [(k, pattern) for k, pattern in enumerate(row) if pattern is not None]
    return [(k, pattern_test(site, pattern, site.inputs[k])) for k, pattern in asked]


def when_inputs(site: Site, keys: int, rows: int) -> list[int]:
    """For each row the input that holds its condition, -1 for a row without one."""
    marks = site.params.get("whens") or (NO_ROW,) * rows
    conditions = iter(range(keys, len(site.inputs)))
    return [next(conditions) if mark >= 0 else NO_ROW for mark in marks]


def select(site: Site) -> Kernel:
    """(row, cell, ...): the cell of the row."""
    poison, kind = poison_of(site.node), dtype_of(site.node)
    flat = all(node.level == "" and not node.axes for node in site.inputs[1:])

    def from_constants(block: Block, xs: list[Any]) -> Any:
        cells = np.array([*(x.reshape(-1)[0] for x in xs[1:]), poison], dtype=kind)
        return cells[np.maximum(xs[0], -1)]

    def from_values(block: Block, xs: list[Any]) -> Any:
        row = xs[0]
        shape = np.broadcast_shapes(*(x.shape for x in xs))
        found = np.full(shape, poison, dtype=kind)
        row = np.broadcast_to(row, shape)
        for number, cell in enumerate(xs[1:]):
            here = row == number
            if here.any():
                np.copyto(found, np.broadcast_to(cell, shape), where=here)
        return found

    return from_constants if flat else from_values


def collect(site: Site) -> Kernel:
    """(fits, cell) pairs: the sum of the cells whose rows fit."""

    def run(block: Block, xs: list[Any]) -> Any:
        total: Any = np.zeros((1,) * xs[0].ndim)
        for fits, cell in zip(xs[::2], xs[1::2], strict=True):
            total = total + np.where(fits == 1, cell, np.where(fits == 0, 0.0, np.nan))
        return total

    return run


def lookup(site: Site) -> Kernel:
    """(key, ...): the row of a table given at run time; -1 where none fits, -2 where a key is poison."""
    table = site.world.table(site.params["table"])
    finder = Finder([table.columns[name] for name in table.keys])

    def run(block: Block, xs: list[Any]) -> Any:
        wide = np.broadcast_arrays(*xs)
        found = finder.find([x.ravel() for x in wide]).reshape(wide[0].shape)
        poison = np.logical_or.reduce([bad(x) for x in wide])
        return np.where(poison, UNKNOWN_ROW, found)

    return run


class Finder:
    """Finds rows by their keys: each key becomes the rank of its value, the ranks become one number."""

    def __init__(self, columns: Sequence[Any]) -> None:
        self.values = [np.unique(column) for column in columns]
        code = self._codes(columns)
        self.order: Codes = np.argsort(code, kind="stable").astype(np.int64)
        self.sorted = code[self.order]

    def _codes(self, columns: Sequence[Any]) -> Codes:
        """One number a row, -1 where a value does not stand in the table."""
        total = np.zeros(len(columns[0]) if columns else 1, dtype=np.int64)
        missing = np.zeros(len(total), dtype=bool)
        for values, column in zip(self.values, columns, strict=True):
            if len(values) == 0:
                return np.full(len(total), NO_ROW)
            at = np.searchsorted(values, column).clip(0, len(values) - 1)
            missing |= values[at] != column
            total = total * len(values) + at
        return np.where(missing, NO_ROW, total)

    def find(self, keys: Sequence[Any]) -> Codes:
        """The first row with these keys, -1 where there is none. Shape of each key."""
        code = self._codes(keys)
        if len(self.sorted) == 0:
            return np.full(len(code), NO_ROW)
        at = np.searchsorted(self.sorted, code).clip(0, len(self.sorted) - 1)
        return np.where(self.sorted[at] == code, self.order[at], NO_ROW)


def cell(site: Site) -> Kernel:
    """(row): that column of a row from `lookup`; poison where there is no row."""
    column = site.world.table(site.params["table"]).columns[site.params["column"]]
    padded = np.append(column, np.array([poison_of(site.node)], dtype=column.dtype))
    return lambda block, xs: padded[np.maximum(xs[0], -1)]


def found(site: Site) -> Kernel:
    """(row): whether `lookup` found one."""
    return lambda block, xs: np.where(xs[0] == UNKNOWN_ROW, np.nan, (xs[0] >= 0).astype(np.float64))


def has(site: Site) -> Kernel:
    """(row): whether that column was given in a row from `lookup`; poison where there is no row."""
    column = site.world.table(site.params["table"]).columns[site.params["column"]]
    given = np.append((~bad(column)).astype(np.float64), [np.nan])
    return lambda block, xs: given[np.maximum(xs[0], -1)]


def marginal(site: Site) -> Kernel:
    """(x, rate, ...): each rate on the part of x that lies in its bracket."""
    bounds = [float(Fraction(text)) for text in site.params["bounds"]]

    def run(block: Block, xs: list[Any]) -> Any:
        x, rates = xs[0], xs[1:]
        total: Any = np.zeros((1,) * x.ndim)
        for low, high, rate in zip(bounds, [*bounds[1:], np.inf], rates, strict=True):
            part = np.minimum(x, high) - low
            total = total + np.where(part > 0, part * rate, 0.0)
        return np.where(np.isnan(x), np.nan, total)

    return run


MAKERS: Mapping[str, Maker] = {
    "match": match,
    "select": select,
    "collect": collect,
    "lookup": lookup,
    "cell": cell,
    "found": found,
    "has": has,
    "marginal": marginal,
}
__all__ = ["MAKERS", "NO_ROW", "POISON", "UNKNOWN_ROW", "Finder"]
