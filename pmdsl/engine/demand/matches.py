"""What matches and pairings stand on: who may fill which slot, and all that a group could have taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np

from pmdsl.engine.demand.need import Asked, Need, Needs, Scene, lined_up, trimmed
from pmdsl.engine.index import key_of
from pmdsl.engine.kernels.pairing_inputs import Inputs, Point, inputs_at, is_single
from pmdsl.engine.kernels.site import frame_of
from pmdsl.engine.matches import compared, mattering
from pmdsl.engine.run import seen
from pmdsl.engine.words import Codes, Truth
from pmdsl.plan.nodes import Level


def key_need(scene: Scene, level: Level, place: int, rows: Codes) -> Needs:
    """A key of a level of matches, at some rows of its `of` level."""
    node = level.keys[place]
    at = scene.node(node).level
    if at == "":
        rows = np.zeros(min(len(rows), 1), dtype=np.int64)
    elif at != level.of:
        rows = scene.block.parent(level.of, at)[rows]
    rows = np.unique(rows[rows >= 0])
    return [(node, Need(rows, np.ones(len(rows), dtype=bool)))] if len(rows) else []


def pattern(asked: Asked) -> Needs:
    """Of a position that no pattern takes: what its own patterns ask of it."""
    level = asked.scene.plan.levels[asked.node.level]
    low = asked.scene.block.span(level.name)[0]
    rows = asked.need.rows
    lone = rows[asked.scene.block.index.matches(level.name).pattern[rows + low] < 0]
    places = [p.slots[0].taken for p in level.patterns if is_single(p)]
    positions = asked.scene.block.slots(level.name)[lone, 0]
    return [need for place in places for need in key_need(asked.scene, level, place, positions)]


def contracts(asked: Asked) -> Needs:
    """The sizes of all legs."""
    level = asked.scene.plan.levels[asked.node.level]
    if level.size < 0:
        return []
    slots = asked.scene.block.slots(level.name)[asked.need.rows]
    several = slots[(slots >= 0).sum(axis=1) > 1]
    return key_need(asked.scene, level, level.size, several[several >= 0])


def pairing(asked: Asked) -> Needs:
    """Everything that the groups of the needed rows could take, point by point."""
    scene, site = asked.scene, asked.scene.site(asked.number)
    xs = [lined_up(scene.values[i], scene.node(i).axes, asked.frame) for i in asked.node.inputs]
    masks = [np.zeros(x.shape, dtype=bool) for x in xs]
    groups = np.zeros(scene.block.size(scene.plan.levels[asked.node.level].within), dtype=bool)
    found: Needs = []
    for point in product(*(range(size) for size in asked.need.cells.shape[1:])):
        inputs = inputs_at(site, scene.block, xs, point)
        at = inputs_at(site, scene.block, masks, point).at
        wanted: Any = asked.need.cells
        mine = np.zeros(len(groups), dtype=bool)
        mine[inputs.group[asked.need.rows[wanted[(slice(None), *point)]]]] = True
        mark(inputs, at, mine)
        groups |= mine
        found += pool_keys(scene, inputs, mine)
    for place, number in enumerate(asked.node.inputs):
        cells = masks[place].reshape(scene.values[number].shape)
        need = trimmed(np.arange(len(cells)), cells)
        found += [(number, need)] if len(need.rows) else []
    held = asked.node.inputs[asked.node.params["held"]]
    first = [need for need in found if need[0] == held]
    rest = [need for need in found if need[0] != held]
    return [*first, *keys_of_groups(scene, asked, groups), *rest]


def inputs_of(scene: Scene, node: int, point: Point) -> Inputs:
    """The inputs of a pairing at one point of its axes."""
    found = scene.node(node)
    frame = frame_of(scene.plan, found)
    xs = [lined_up(scene.values[i], scene.node(i).axes, frame) for i in found.inputs]
    return inputs_at(scene.site(node), scene.block, xs, point)


def mark(inputs: Inputs, masks: tuple[Any, ...], groups: Truth) -> None:
    """Mark the cells of each input that matter to some groups. The masks are views of what is marked."""
    inside = (inputs.home >= 0) & groups[np.maximum(inputs.home, 0)]
    spread(masks[inputs.params["held"]], inside)
    for place, cells in inputs.mattering():
        mine = groups[inputs.group].reshape(-1, *(1,) * (cells.ndim - 1))
        spread(masks[place], cells & mine)


def spread(mask: Any, cells: Any) -> None:
    """Add cells to a mask of perhaps fewer rows. Shapes (rows or 1, axes) and (rows[, points])."""
    tall = mask.shape[1:] if cells.ndim > 1 else (1,) * (mask.ndim - 1)
    wide = cells.reshape(len(cells), *tall)
    mask |= wide if len(mask) == len(wide) else wide.any(axis=0, keepdims=True)


def keys_of_groups(scene: Scene, asked: Asked, groups: Truth) -> Needs:
    """What decides which positions of some groups may fill the slots of the allowed patterns."""
    level = scene.plan.levels[asked.node.level]
    values = [seen(scene.block, level.of, node, scene.values) for node in level.keys]
    home = scene.block.parent(level.of, level.within)
    home = np.where((home >= 0) & groups[np.maximum(home, 0)], home, -1)
    found: Needs = []
    for known in level.patterns:
        if known.name in asked.node.params["allowed"]:
            for place, where in mattering(known, values, home, len(groups)):
                found += key_need(scene, level, place, np.flatnonzero(where))
    return found


def pool_keys(scene: Scene, inputs: Inputs, groups: Truth) -> Iterator[tuple[int, Need]]:
    """What the members of pools in some groups agree in."""
    for number, pool in enumerate(inputs.params["pools"]):
        rows = np.flatnonzero(inputs.members(number) & groups[inputs.group])
        for node in scene.plan.levels[key_of(scene.plan, pool["level"])].keys:
            own = rows if scene.node(node).level else np.zeros(min(len(rows), 1), dtype=np.int64)
            if len(own):
                yield node, Need(own, np.ones(len(own), dtype=bool))


def slot_needs(scene: Scene, level: Level, rows: Iterable[int]) -> Needs:
    """What put positions into the slots of some matches."""
    at = np.array(sorted(rows), dtype=np.int64)
    number = scene.block.index.matches(level.name).pattern[at + scene.block.span(level.name)[0]]
    slots = scene.block.slots(level.name)[at]
    found: Needs = []
    for which, known in enumerate(level.patterns):
        for slot in range(len(known.slots)):
            positions = slots[number == which, slot]
            for place in (known.slots[slot].taken, *compared(known, slot)):
                found += key_need(scene, level, place, positions)
    return found
