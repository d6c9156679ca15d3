"""Where poison arose: from a cell that could not be had back to the node and row that spoilt it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pmdsl.engine.demand import Asked, Need, Scene, needs
from pmdsl.engine.demand.walk import rows_at
from pmdsl.engine.index import UNKNOWN, key_of
from pmdsl.engine.kernels.site import bad


@dataclass(frozen=True)
class Culprit:
    """The node where poison arose, the row of its level (in the block) and the cell; and who asked for it.

    `edge` is set where no value is to blame but a row without a parent: (level, row, coarser level).
    """

    node: int
    row: int
    cell: tuple[int, ...]
    asked_by: tuple[int, ...]
    edge: tuple[str, int, str] | None = None


def culprit(scene: Scene, node: int, row: int, cell: tuple[int, ...]) -> Culprit:
    """Walk back from a poisoned cell, always to the first input that is poisoned where it mattered."""
    path: list[int] = []
    while True:
        path.append(node)
        before = _before(scene, node, row, cell)
        if before is None:
            edge = _broken_edge(scene, node, row)
            if edge is not None and edge[1] >= 0:
                further = _key_to_blame(scene, *edge)
                if further is not None:
                    node, row, cell = further[0], further[1], ()
                    continue
            return Culprit(node, row, cell, tuple(reversed(path)), edge)
        node, row, cell = before


def _before(
    scene: Scene, node: int, row: int, cell: tuple[int, ...]
) -> tuple[int, int, tuple[int, ...]] | None:
    """The first poisoned cell among those that this one needed; None where there is none."""
    shape = scene.values[node].shape[1:]
    cells = np.zeros((1, *shape), dtype=bool)
    cells[(0, *cell)] = True
    for number, need in needs(Asked(scene, node, Need(np.array([row]), cells))):
        found = scene.poison(number, need)
        if len(found.rows):
            at = np.argwhere(found.cells)[0]
            return number, int(found.rows[at[0]]), tuple(int(i) for i in at[1:])
    return None


def _broken_edge(scene: Scene, node: int, row: int) -> tuple[str, int, str] | None:
    """Where a node is poisoned because its row has no parent: the edge of the index that is not known."""
    here = scene.node(node)
    if here.op == "down":
        coarse = scene.node(here.inputs[0]).level
        along = here.params.get("along", "")
        if along or coarse == "" or scene.block.parent(here.level, coarse)[row] >= 0:
            return None
        return broken(scene, here.level, row, coarse)
    if here.op == "pairing":
        within = scene.plan.levels[here.level].within
        return _unknown_key(scene, within, int(scene.block.parent(here.level, within)[row]))
    if here.op in ("fold_into", "net_into"):
        return _unknown_key(scene, here.level, row)
    return None


def _unknown_key(scene: Scene, group: str, row: int) -> tuple[str, int, str] | None:
    """The edge that is not known below a group whose key is not known."""
    unknown = scene.block.unknown(group)
    if unknown is None or not unknown[row]:
        return None
    return broken(scene, group, row, key_of(scene.plan, group))


def broken(scene: Scene, fine: str, row: int, coarse: str) -> tuple[str, int, str]:
    """The first unknown step on the way from a row to a coarser level; rows are those of the block.

    A group without a known key is led back to the first of its members, and a match to its group.
    """
    plan = scene.plan
    if plan.levels[fine].kind == "match":
        within = plan.levels[fine].within
        return broken(scene, within, int(scene.block.parent(fine, within)[row]), coarse)
    if plan.levels[fine].kind == "group":
        key = key_of(plan, fine)
        low = scene.block.span(fine)[0]
        if scene.block.index.edge(fine, key)[row + low] == UNKNOWN:
            of = plan.levels[fine].of
            member = int(np.flatnonzero(scene.block.parent(of, fine) == row)[0])
            return broken(scene, of, member, key)
    groups = [name for name, level in plan.levels.items() if level.kind == "group"]
    path = scene.block.index.path(fine, coarse, groups) or [(fine, coarse)]
    for here, there in path:
        parent = int(scene.block.parent(here, there)[row])
        if parent < 0:
            return here, row, there
        row = parent
    return fine, row, coarse


def _key_to_blame(scene: Scene, fine: str, row: int, coarse: str) -> tuple[int, int] | None:
    """The poisoned part of a key that a row was to be grouped by, and its row."""
    level = scene.plan.levels[coarse]
    if level.kind != "key" or level.of != fine:
        return None
    for node in level.keys:
        at = scene.node(node).level
        rows = rows_at(scene, fine, at, np.array([row]))
        for found in rows.tolist():
            if bad(scene.values[node][found]).any():
                return node, int(found)
    return None
