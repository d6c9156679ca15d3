"""Positions that cannot be paired: nothing takes them, sizes without a measure, too much to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.columns import plain
from pmdsl.engine.complaints.words import declared, label, needed_by, place
from pmdsl.engine.demand import Scene
from pmdsl.engine.demand.matches import inputs_of
from pmdsl.engine.kernels.pairing import answer
from pmdsl.engine.kernels.pairing_inputs import Inputs
from pmdsl.engine.pairing import Reason
from pmdsl.engine.run import seen


def held_position(scene: Scene, level: str, row: int) -> str:
    """A position with what is held of it: `position -2 XYZ C90 of account A`."""
    name, of = label(scene, level, row), f"{level} "
    column = scene.block.columns.get((level, "quantity"))
    if column is None:
        return name
    quantity = float(column.values[row + scene.block.span(level)[0]])
    return name.replace(of, f"{of}{plain(quantity)} ", 1)


def nothing_takes(scene: Scene, found: Culprit) -> Finding:
    """A position that no pattern of one leg takes."""
    level = scene.plan.levels[scene.node(found.node).level]
    position = int(scene.block.slots(level.name)[found.row, 0])
    return _untaken(scene, found, level.of, position)


def _untaken(scene: Scene, found: Culprit, of: str, position: int) -> Finding:
    node = scene.node(found.node)
    which = "`" + scene.plan.levels[node.level].name + "`"
    if node.op == "pairing":
        which += f", as {declared(node)} uses it," if node.origin.name else ""
    message = f"no pattern of one leg in {which} takes the {held_position(scene, of, position)}"
    hint = "add a pattern of one leg for it: what is in no combination must have its own charge"
    return Finding("PM727", message + needed_by(scene, found), hint=hint)


def no_measure(scene: Scene, found: Culprit) -> Finding:
    """The sizes of the legs of a match are equal for no number of contracts."""
    node = scene.node(found.node)
    level = scene.plan.levels[node.level]
    low = scene.block.span(level.of)[0]
    sizes = seen(scene.block, level.of, level.keys[level.size], scene.values)
    slots = scene.block.slots(level.name)[found.row]
    legs = [
        f"{scene.block.index.label(level.of, slot + low)} has {sizes[slot]:.12g}"
        for slot in slots[slots >= 0].tolist()
    ]
    match = scene.block.index.label(level.name, found.row + scene.block.span(level.name)[0])
    message = f"no numbers of contracts of {match} have equal sizes: {', '.join(legs)}"
    hint = "sizes are above zero and whole in millionths, and no leg takes more than a million contracts"
    return Finding("PM728", message + needed_by(scene, found), hint=hint)


# ---- pairings ----------------------------------------------------------------------------------------------


def no_pairing(scene: Scene, found: Culprit) -> Finding:
    """Why a group has no pairing."""
    inputs = inputs_of(scene, found.node, found.cell)
    group = int(inputs.group[found.row])
    reason = Reason(int(answer(inputs).reason[group]))
    return REASONS.get(reason, _unsolved)(scene, found, inputs, group)


def _alone(scene: Scene, found: Culprit, inputs: Inputs, group: int) -> Finding:
    taken = np.zeros(len(inputs.home), dtype=bool)
    taken[inputs.slots[inputs.usable & inputs.single, 0]] = True
    lone = np.flatnonzero((inputs.home == group) & (inputs.held > 0) & ~taken)
    return _untaken(scene, found, inputs.level.of, int(lone[0]))


def _empty(scene: Scene, found: Culprit, inputs: Inputs, group: int) -> Finding:
    rows, slots = np.nonzero(
        (inputs.group == group)[:, None] & inputs.admitted[:, None] & (inputs.taken <= 0)
    )
    row, slot = int(rows[0]), int(slots[0])
    contracts = plain(float(inputs.taken[row, slot]))
    match = label(scene, inputs.level.name, row)
    name = inputs.level.patterns[int(inputs.pattern[row])].slots[slot].name
    message = f"{match} would take {contracts} contracts of its leg `{name}`{needed_by(scene, found)}"
    return Finding("PM728", message, hint="let `count` be a number above zero")


def _too_large(scene: Scene, found: Culprit, inputs: Inputs, group: int) -> Finding:
    where = label(scene, inputs.level.within, group)
    positions = int((inputs.home == group).sum())
    message = (
        f"the {positions} positions of {where} can be combined in too many ways: "
        f"{declared(scene.node(found.node))}{place(scene.node(found.node))}"
    )
    return Finding("PM729", message, hint="let `same` or `where` say what the legs of its patterns agree in")


def _unsolved(scene: Scene, found: Culprit, inputs: Inputs, group: int) -> Finding:
    where = label(scene, inputs.level.within, group)
    node = scene.node(found.node)
    message = f"no cheapest pairing of {where} was found: {declared(node)}{place(node)}"
    return Finding("PM730", message, hint="the solver gave up, or its answer did not hold: value it in parts")


REASONS: Mapping[Reason, Callable[[Scene, Culprit, Inputs, int], Finding]] = {
    Reason.UNTAKEN: _alone,
    Reason.EMPTY: _empty,
    Reason.TOO_LARGE: _too_large,
}
