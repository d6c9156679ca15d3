"""For each operation: which cells of its inputs matter to some cells of its value.

A branch that is not taken, a row that is not reached and a member that `where` leaves out do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from pmdsl.engine.demand.need import Asked, Need, trimmed
from pmdsl.engine.inputs import wanted_by
from pmdsl.engine.kernels.folds import finer
from pmdsl.engine.kernels.pricing import instruments_of, specs
from pmdsl.engine.kernels.site import bad
from pmdsl.engine.kernels.tables import row_tests, when_inputs
from pmdsl.engine.terms import contracts
from pmdsl.engine.words import Codes

Needs = list[tuple[int, Need]]
Rule = Callable[[Asked], Needs]


def everything(asked: Asked) -> Needs:
    """All inputs at the same cells."""
    return asked.all_of(range(len(asked.node.inputs)))


# ---- elementwise -------------------------------------------------------------------------------------------


def choice(asked: Asked) -> Needs:
    condition = asked.input(0)
    then, other = asked.cells & (condition == 1), asked.cells & (condition == 0)
    return [*asked.of(0, asked.cells), *asked.of(1, then), *asked.of(2, other)]


def junction(undecided: float) -> Rule:
    """The right side matters where the left leaves it open."""

    def rule(asked: Asked) -> Needs:
        return [*asked.of(0, asked.cells), *asked.of(1, asked.cells & (asked.input(0) == undecided))]

    return rule


def ratio(asked: Asked) -> Needs:
    zero = asked.input(1) == 0
    return [*asked.of(1, asked.cells), *asked.of(0, asked.cells & ~zero), *asked.of(2, asked.cells & zero)]


# ---- leaves ------------------------------------------------------------------------------------------------


def read(asked: Asked) -> Needs:
    """A default matters where the attribute was not given."""
    if not asked.node.inputs:
        return []
    missing = bad(given(asked))
    return asked.of(0, asked.cells & missing.reshape(-1, *(1,) * len(asked.frame)))


def given(asked: Asked) -> Any:
    """The attribute as the book has it, at the needed rows."""
    scene, node, rows = asked.scene, asked.node, asked.need.rows
    want = wanted_by(node)
    if scene.world.is_owned(node.level):
        low = scene.block.span(node.level)[0]
        return scene.block.columns[want.table, want.column].values[rows + low]
    values = scene.world.reader.column(want).values
    source = None if node.level == "" else scene.block.index.levels[node.level].source
    return values[rows if source is None else source[rows]]


# ---- levels ------------------------------------------------------------------------------------------------


def down(asked: Asked) -> Needs:
    scene, node = asked.scene, asked.node
    coarse = scene.node(node.inputs[0]).level
    if coarse == "":
        return asked.of(0, asked.cells)
    along = node.params.get("along", "")
    parent = scene.block.along(node.level, along) if along else scene.block.parent(node.level, coarse)
    mine = parent[asked.need.rows]
    known = mine >= 0
    return asked.of(0, asked.cells[known], mine[known])


def agree(asked: Asked) -> Needs:
    scene, node = asked.scene, asked.node
    fine = scene.node(node.inputs[0]).level
    if scene.plan.levels[node.level].entity == fine:
        row = scene.block.index.entity_of(node.level)[asked.need.rows]
        known = row >= 0
        rest = Asked(scene, asked.number, Need(asked.need.rows[~known], asked.need.cells[~known]))
        return [*asked.of(0, asked.cells[known], row[known]), *_members(rest, fine, [0])]
    return _members(asked, fine, [0])


def _members(asked: Asked, fine: str, inputs: list[int], where: int | None = None) -> Needs:
    """Inputs at the members of the needed rows, those that `where` leaves out excepted."""
    rows, cells = member_cells(asked, fine)
    found: Needs = []
    if where is not None:
        found += asked.of(where, cells, rows)
        cells = cells & (asked.input(where, rows) == 1)
    for k in inputs:
        found += asked.of(k, cells, rows)
    return found


def member_cells(asked: Asked, fine: str) -> tuple[Codes, Any]:
    """The members of the needed rows, each with the cells of its row, lined up over the frame."""
    scene, coarse = asked.scene, asked.node.level
    size = scene.block.size(fine)
    parent = scene.block.parent(fine, coarse) if fine != coarse else np.arange(size)
    place = np.full(scene.block.size(coarse) + 1, -1, dtype=np.int64)
    place[asked.need.rows] = np.arange(len(asked.need.rows))
    at = place[np.maximum(parent, -1)]
    rows = np.flatnonzero(at >= 0).astype(np.int64)
    return rows, asked.cells[at[rows]]


def fold_into(asked: Asked) -> Needs:
    node = asked.node
    fine = finer(asked.scene.site(asked.number))
    has_where, has_empty = bool(node.params.get("where")), bool(node.params.get("if_empty"))
    found = _members(asked, fine, [0], 1 if has_where else None)
    if has_empty:
        found += asked.of(
            len(node.inputs) - 1, asked.cells & ~_occupied(asked, fine, 1 if has_where else None)
        )
    return found


def _occupied(asked: Asked, fine: str, where: int | None) -> Any:
    """Which of the needed rows have a member that counts."""
    rows, cells = member_cells(asked, fine)
    if where is not None:
        cells = cells & (asked.input(where, rows) != 0)
    parent = asked.scene.block.parent(fine, asked.node.level)[rows]
    some = np.zeros((len(asked.need.rows), *cells.shape[1:]), dtype=bool)
    np.logical_or.at(some, np.searchsorted(asked.need.rows, parent), cells)
    return some


def net_into(asked: Asked) -> Needs:
    fine = finer(asked.scene.site(asked.number))
    return _members(asked, fine, [0, 1], 2 if len(asked.node.inputs) > 2 else None)


def aggregate(asked: Asked) -> Needs:
    node = asked.node
    fine = asked.scene.node(node.inputs[0]).level
    where = len(node.inputs) - 1 if node.params.get("where") else None
    found = _members(asked, fine, [0, *([2] if node.params.get("carrying") else [])], where)
    return found + _pairs(asked, fine)


def _pairs(asked: Asked, fine: str) -> Needs:
    """The correlations of the pairs of members."""
    from pmdsl.engine.kernels.correlation import members_of

    scene, node = asked.scene, asked.node
    level = scene.node(node.inputs[1]).level
    if level == "":
        return asked.of(1, asked.cells)
    members = members_of(scene.block, fine, node.level, level)
    target = members.segments.group_of_members()
    found: Needs = []
    for _, _, i, j in members.chunks(1):
        inside = np.isin(target[i], asked.need.rows)
        row = members.pair_rows(i[inside], j[inside])
        at = np.searchsorted(asked.need.rows, target[i[inside]])
        known = row >= 0
        found += asked.of(1, asked.cells[at[known]], row[known])
    return found


# ---- axes --------------------------------------------------------------------------------------------------


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


# ---- tables ------------------------------------------------------------------------------------------------


def match(asked: Asked) -> Needs:
    """Keys that a row asks about while no row was taken, and conditions of rows whose keys fit."""
    site = asked.scene.site(asked.number)
    params = site.params
    whens = when_inputs(site, int(params["keys"]), len(params["rows"]))
    open_ = asked.cells
    found: Needs = []
    for row, pattern in enumerate(params["rows"]):
        tests = row_tests(site, pattern)
        if tests is None:
            continue
        fits = open_
        for k, test in tests:
            found += asked.of(k, open_)
            fits = fits & (test(asked.input(k)) | bad(asked.input(k)))
        if whens[row] >= 0:
            found += asked.of(whens[row], fits)
            fits = fits & (asked.input(whens[row]) != 0)
        open_ = open_ & ~fits
    return found


def select(asked: Asked) -> Needs:
    row = asked.input(0)
    cells = range(1, len(asked.node.inputs))
    taken = [found for k in cells for found in asked.of(k, asked.cells & (row == k - 1))]
    return [*asked.of(0, asked.cells), *taken]


def gathered(asked: Asked) -> Needs:
    """collect: the cells of the rows that fit."""
    found: Needs = []
    for k in range(0, len(asked.node.inputs), 2):
        found += asked.of(k, asked.cells)
        found += asked.of(k + 1, asked.cells & (asked.input(k) == 1))
    return found


def marginal(asked: Asked) -> Needs:
    found = asked.of(0, asked.cells)
    for k, bound in enumerate(asked.node.params["bounds"], start=1):
        found += asked.of(k, asked.cells & (asked.input(0) > float(Fraction(bound))))
    return found


# ---- pricing -----------------------------------------------------------------------------------------------


def model(asked: Asked) -> Needs:
    """Conditions up to the first that holds."""
    open_ = asked.cells
    found: Needs = []
    for k in range(len(asked.node.inputs)):
        found += asked.of(k, open_)
        open_ = open_ & (asked.input(k) == 0)
    return found


def shocked(asked: Asked) -> Needs:
    """The model; its volatility and the shocks where the instrument has no values of its own."""
    scene, node = asked.scene, asked.node
    known = contracts(scene.world, scene.block.index)
    rows = instruments_of(scene.block, node.level)[asked.need.rows]
    modelled = (rows >= 0) & ~known.has_values[rows]
    options = np.array([*(spec.is_option for spec in specs(scene.site(asked.number))), False])
    chosen = scene.rows_of(node.inputs[0], asked.need.rows).reshape(len(rows))
    tall = (-1, *(1,) * len(asked.frame))
    optional = (options[np.maximum(chosen, -1)] & modelled).reshape(tall)
    found = [*asked.of(0, asked.cells), *asked.of(1, asked.cells & optional)]
    for k in range(2, len(node.inputs)):
        found += asked.of(k, asked.cells & modelled.reshape(tall))
    return found


def market_price(asked: Asked) -> Needs:
    scene = asked.scene
    known = contracts(scene.world, scene.block.index)
    rows = instruments_of(scene.block, asked.node.level)[asked.need.rows]
    missing = np.isnan(known.price[rows]).reshape(-1, *(1,) * len(asked.frame))
    return asked.of(0, asked.cells & missing)


def distinct(asked: Asked) -> Needs:
    """The members of the row."""
    fine = asked.scene.node(asked.node.inputs[0]).level
    rows, cells = member_cells(asked, fine)
    found = asked.of(0, cells.reshape(len(rows), -1).any(axis=1).reshape(-1, *(1,) * len(asked.frame)), rows)
    return found + (asked.of(1, asked.cells) if len(asked.node.inputs) > 1 else [])


RULES: Mapping[str, Rule] = {
    "if": choice,
    "and": junction(1.0),
    "or": junction(0.0),
    "ratio": ratio,
    "input": read,
    "down": down,
    "agree": agree,
    "fold_into": fold_into,
    "net_into": net_into,
    "aggregate": aggregate,
    "fold_over": over_axis,
    "arg_over": over_axis,
    "quantile_over": quantile_over,
    "ewma_over": ewma_over,
    "choose_over": choose_over,
    "pick": pick,
    "stack": stack,
    "match": match,
    "select": select,
    "collect": gathered,
    "marginal": marginal,
    "model": model,
    "revalue": shocked,
    "model_delta": shocked,
    "market_price": market_price,
    "distinct": distinct,
}


def needs(asked: Asked) -> Needs:
    """What mattered to some cells of a node."""
    return RULES.get(asked.node.op, everything)(asked)


__all__ = ["RULES", "Needs", "Rule", "given", "needs", "trimmed"]
