"""The backward pass over a schedule: needs of outputs become needs of everything that they stand on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from pmdsl.engine.demand.matches import slot_needs
from pmdsl.engine.demand.need import Asked, Need, Needs, Scene, joined
from pmdsl.engine.demand.rules import needs
from pmdsl.engine.index import key_of
from pmdsl.engine.schedule import Phase, Schedule, Step
from pmdsl.engine.words import Codes


def demand(
    scene: Scene, todo: Schedule, wanted: Mapping[int, Need], closed: Collection[str] = ()
) -> dict[int, Need]:
    """For each node that mattered to the wanted cells, its rows and cells that did.

    What operations in `closed` stand on is left out.
    """
    found: dict[int, Need] = dict(wanted)
    used: dict[str, set[int]] = {}
    for step in reversed(order_of(todo)):
        if step.node < 0:
            more = level_needs(scene, step.level, used.get(step.level, set()))
        elif step.node in found and scene.node(step.node).op not in closed:
            need = found[step.node]
            used.setdefault(scene.node(step.node).level, set()).update(need.rows.tolist())
            more = needs(Asked(scene, step.node, need))
        else:
            continue
        for number, need in more:
            found[number] = joined(found.get(number), need)
    return found


def order_of(todo: Schedule) -> tuple[Step, ...]:
    """All steps in an order in which each stands after what it needs."""
    return tuple(step for phase in Phase for step in todo.steps[phase])


def level_needs(scene: Scene, level: str, rows: Iterable[int]) -> Needs:
    """What made some rows of a level that accounts own."""
    kind = scene.plan.levels[level].kind
    if kind == "match":
        return slot_needs(scene, scene.plan.levels[level], rows)
    return group_needs(scene, level, rows) if kind == "group" else []


def group_needs(scene: Scene, level: str, rows: Iterable[int]) -> Needs:
    """What puts the members of some groups into them: their keys, and the condition of membership."""
    plan = scene.plan
    members = members_of(scene, level, rows)
    group, key = plan.levels[level], plan.levels[key_of(plan, level)]
    found: Needs = []
    for node in (*key.keys, *group.keys):
        parents = rows_at(scene, group.of, scene.node(node).level, members)
        if len(parents):
            found.append((node, Need(parents, np.ones(len(parents), dtype=bool))))
    return found


def members_of(scene: Scene, level: str, rows: Iterable[int]) -> Codes:
    """The members of some rows of a group."""
    parent = scene.block.parent(scene.plan.levels[level].of, level)
    return np.flatnonzero(np.isin(parent, list(rows)))


def rows_at(scene: Scene, fine: str, coarse: str, rows: Codes) -> Codes:
    """The rows of a coarser level above some rows, each once, without those that are not known."""
    if coarse == "":
        return np.zeros(1, dtype=np.int64)
    parents = rows if fine == coarse else scene.block.parent(fine, coarse)[rows]
    return np.unique(parents[parents >= 0])
