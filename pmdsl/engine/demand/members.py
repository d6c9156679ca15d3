"""What rows of a coarser level stand on: their parents, their members, the pairs of these."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.engine.demand.need import Asked, Need, Needs
from pmdsl.engine.kernels.correlation import members_of
from pmdsl.engine.kernels.folds import finer
from pmdsl.engine.words import Codes


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
