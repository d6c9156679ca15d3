"""Correlated sums: the matrix of a pair level, and the root of the sum over pairs of members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.index import Index
from pmdsl.engine.kernels.folds import counted, finer
from pmdsl.engine.kernels.site import Kernel, Maker, Site, filled
from pmdsl.engine.kernels.tables import Finder
from pmdsl.engine.pairs import pair_rows
from pmdsl.engine.segments import Segments
from pmdsl.engine.words import Codes

PAIRS_AT_ONCE = 1 << 20
BEYOND_ONE = 1e-12
ROUND_OFF = 1e-12


def matrix(site: Site) -> Kernel:
    """Params name, source, entries, default: at a pair level, the entry of the pair either way round."""
    level = site.plan.levels[site.node.level]
    first, second, value = _entries(site)
    finder = Finder([first, second])
    padded = np.append(value, _default(site.params.get("default")))

    def run(block: Block, xs: list[Any]) -> Any:
        words = key_words(block.index, level.of)
        one, other = block.index.levels[level.name].parts[:2]
        a, b = words[one], words[other]
        row = finder.find([a, b])
        found = padded[np.maximum(row, -1)]
        return np.where((a == b) & (row < 0), 1.0, found)

    return run


def _entries(site: Site) -> tuple[Codes, Codes, Any]:
    """Both orders of each entry: words as codes, and values."""
    if site.params.get("source") == "book":
        pairs = site.world.book.matrices.get(site.params["name"], ())
        listed = [(pair.first, pair.second, pair.value) for pair in pairs]
    else:
        listed = [(a, b, float(Fraction(text))) for a, b, text in site.params.get("entries", ())]
    both = [*listed, *((b, a, value) for a, b, value in listed)]
    code = site.world.interner.code
    first = np.array([code(a) for a, _, _ in both], dtype=np.int64)
    second = np.array([code(b) for _, b, _ in both], dtype=np.int64)
    return first, second, np.array([value for _, _, value in both], dtype=np.float64)


def _default(text: Any) -> float:
    return float(Fraction(str(text))) if text not in (None, "") else np.nan


def key_words(index: Index, level: str) -> Codes:
    """The word of each key: its one text, or what people call it where it is made of several parts."""
    rows = index.levels[level]
    if (
        len(rows.parts) == 1
        and rows.parts[0].dtype.kind == "i"
        and not (rows.alone is not None and rows.alone.any())
    ):
        return rows.parts[0]
    return index.interner.column([index.label(level, row) for row in range(rows.size)])


@dataclass(frozen=True, eq=False)
class Members:
    """The members of each target in segments, with the key of each."""

    segments: Segments
    keys: Codes
    index: Index
    pair_level: str

    def chunks(self, width: int) -> Iterator[tuple[Codes, Codes, Codes, Codes]]:
        """Members i and their partners j > i in the same target: (rows i, starts, i of each pair, j of each
        pair).

        Chunks hold whole rows i only, so that sums do not depend on where they are cut.
        """
        ends = np.append(self.segments.starts, self.segments.total)[1:]
        lengths = ends - self.segments.starts
        partners = np.repeat(ends, lengths) - np.arange(self.segments.total) - 1
        rows = np.flatnonzero(partners > 0).astype(np.int64)
        reach = np.cumsum(partners[rows])
        limit = max(PAIRS_AT_ONCE // max(width, 1), 1)
        begin = 0
        while begin < len(rows):
            base = int(reach[begin - 1]) if begin else 0
            end = max(int(np.searchsorted(reach, base + limit, side="right")), begin + 1)
            mine = rows[begin:end]
            count = partners[mine]
            starts = (np.cumsum(count) - count).astype(np.int64)
            i = np.repeat(mine, count)
            j = i + 1 + np.arange(len(i)) - np.repeat(starts, count)
            yield mine, starts, i, j
            begin = end

    def pair_rows(self, i: Codes, j: Codes) -> Codes:
        """The rows of the pair level for pairs of members; -1 for pairs that it does not cover."""
        return pair_rows(self.index, self.pair_level, self.keys[i], self.keys[j])

    def rho(self, correlation: Any, i: Codes, j: Codes) -> Any:
        """The correlation of each pair; poison for pairs that are not covered or beyond one."""
        if self.pair_level == "":
            found = np.broadcast_to(correlation, (len(i), *correlation.shape[1:]))
        else:
            row = self.pair_rows(i, j)
            found = correlation.take(np.maximum(row, 0), axis=0, mode="clip")
            found = np.where((row < 0).reshape(-1, *(1,) * (found.ndim - 1)), np.nan, found)
        return np.where(np.abs(found) > 1.0 + BEYOND_ONE, np.nan, found)


def aggregate(site: Site) -> Kernel:
    """(x, correlation[, carried][, where]): the root of sum x^2 + 2 sum over pairs of rho c c."""
    fine, coarse = finer_of(site), site.node.level
    pair_level = site.inputs[1].level
    carrying, has_where = bool(site.params.get("carrying")), bool(site.params.get("where"))
    clamped, dropping = site.params.get("clamped", ""), bool(site.params.get("dropping"))

    def run(block: Block, xs: list[Any]) -> Any:
        size = block.size(fine)
        x = filled(xs[0], size)
        carried = filled(xs[2], size) if carrying else x
        where = xs[-1] if has_where else None
        if where is not None:
            x, carried = counted(x, where, 0.0), counted(carried, where, 0.0)
            where = filled(where, size)
        members = members_of(block, fine, coarse, pair_level)
        held = np.clip(carried, -np.abs(x), np.abs(x))
        c = held if clamped == "always" else carried
        form = _form(members, x, c, xs[1], where, dropping)
        if clamped == "when negative" and (form < 0).any():
            form = np.where(form < 0, _form(members, x, held, xs[1], where, dropping), form)
        return _root(members.segments, form, x, c)

    return run


def finer_of(site: Site) -> str:
    """The level of the members."""
    return site.inputs[0].level or finer(site)


def members_of(block: Block, fine: str, coarse: str, pair_level: str) -> Members:
    """The members of each group, and which of their pairs have a correlation."""
    segments = block.members(fine, coarse)
    if pair_level == "":
        return Members(segments, np.zeros(0, dtype=np.int64), block.index, "")
    keys = block.parent(fine, block.index.plan.levels[pair_level].of)
    keys = keys if segments.order is None else keys[segments.order]
    return Members(segments, keys, block.index, pair_level)


def _form(members: Members, x: Any, c: Any, correlation: Any, where: Any, dropping: bool) -> Any:
    """sum x^2 + 2 sum over pairs of rho c c, for each target. Shape (targets, ...)."""
    segments = members.segments
    total = segments.reduce(np.add, x * x, 0.0)
    c = segments.members(c)
    out = None if where is None else segments.members(where) == 0
    shape = np.broadcast_shapes(c.shape[1:], correlation.shape[1:])
    terms = np.zeros((len(c), *shape))
    for rows, starts, i, j in members.chunks(int(np.prod(shape, dtype=np.int64))):
        product = members.rho(correlation, i, j) * c[j]
        if dropping:
            product = np.where((c[i] < 0) & (c[j] < 0), 0.0, product)
        if out is not None:
            product = np.where(out[i] | out[j], 0.0, product)
        terms[rows] = np.add.reduceat(product, starts, axis=0) * c[rows]
    alone = replace(segments, order=None)
    return total + 2.0 * alone.reduce(np.add, terms, 0.0)


def _root(segments: Segments, form: Any, x: Any, c: Any) -> Any:
    """The root; a form below zero by more than round-off is poison."""
    size = segments.reduce(np.add, np.abs(x), 0.0) + segments.reduce(np.add, np.abs(c), 0.0)
    nothing = form >= -ROUND_OFF * size * size
    return np.where(nothing, np.sqrt(np.maximum(form, 0.0)), np.nan)


MAKERS: Mapping[str, Maker] = {"matrix": matrix, "aggregate": aggregate}
