"""Groups, currencies and correlations that cannot be."""

from __future__ import annotations

import numpy as np

from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.complaints.words import declared, label, needed_by, place, shown, value_at
from pmdsl.engine.demand import Scene
from pmdsl.engine.kernels.correlation import BEYOND_ONE, members_of


def disagreement(scene: Scene, found: Culprit) -> Finding:
    """Members of a group that ought to have one value."""
    node = scene.node(found.node)
    source = node.inputs[0]
    fine = scene.node(source).level
    rows = np.flatnonzero(scene.block.parent(fine, node.level) == found.row)
    column = scene.node(source).params.get("column", scene.node(source).origin.name or "a value")
    seen: dict[str, str] = {}
    for row in rows.tolist():
        value = scene.values[source][(row, *found.cell)]
        seen.setdefault(shown(scene, scene.node(source), value), scene.block.index.label(fine, row))
    parts = ", ".join(f"{who} has {value}" for value, who in list(seen.items())[:3])
    message = f"the members of {label(scene, node.level, found.row)} do not agree about `{column}`: {parts}"
    return Finding("PM713", message + needed_by(scene, found))


def nothing_there(scene: Scene, found: Culprit) -> Finding:
    """An extreme or average of no members."""
    node = scene.node(found.node)
    kind = str(node.params.get("kind", "")).replace("_", " ")
    where = label(scene, node.level, found.row)
    message = f"there is nothing to take the {kind} of in {where}: {declared(node)}{place(node)}"
    return Finding("PM714", message, hint="say what it is then: `if_empty 0`")


def no_point(scene: Scene, found: Culprit) -> Finding:
    """A choice among no points."""
    node = scene.node(found.node)
    where = f"in {label(scene, node.level, found.row)}: {declared(node)}{place(node)}"
    message = f"there is no point of `{node.params['axis']}` to choose {where}"
    return Finding("PM714", message, hint="read it where there are members: `if … then x at chosen else 0`")


def no_parent(scene: Scene, found: Culprit) -> Finding:
    """A row that belongs to nothing where it must belong to something."""
    assert found.edge is not None
    fine, row, coarse = found.edge
    what = coarse.removesuffix(".key")
    message = f"{label(scene, fine, row)} has no {what}{needed_by(scene, found)}"
    return Finding("PM722", message)


def other_currency(scene: Scene, found: Culprit) -> Finding:
    """Money in another currency than it meets."""
    node = scene.node(found.node)
    code = shown(scene, scene.node(node.inputs[1]), value_at(scene, found.node, found, 1))
    wanted = node.params["currency"]
    where = f"{declared(node)}{place(node)}"
    message = f"{label(scene, node.level, found.row)} is in {code} and meets {wanted} in {where}"
    return Finding("PM715", message, hint=f"write `convert … to {wanted}`")


def no_rate(scene: Scene, found: Culprit) -> Finding:
    """A currency without a rate."""
    node = scene.node(found.node)
    code = shown(scene, scene.node(node.inputs[0]), value_at(scene, found.node, found, 0))
    to = node.params["to"]
    hint = f"give the book `fx: {{{code}{to}: …}}`: one {code} in {to}"
    return Finding("PM716", f"the book has no rate from {code} to {to}{needed_by(scene, found)}", hint=hint)


def bad_pairs(scene: Scene, found: Culprit) -> Finding:
    """A correlation that is missing or beyond one, or a form below zero."""
    node = scene.node(found.node)
    where = f"{declared(node)}{place(node)}"
    pair = _odd_pair(scene, found) if scene.node(node.inputs[1]).level else None
    if pair is not None:
        return Finding("PM720", f"the correlation of {pair[0]} and {pair[1]} {pair[2]}: {where}")
    of = label(scene, node.level, found.row)
    message = f"the correlated sum of {of} is the root of a number below zero: {where}"
    hint = "no set of correlations allows this: look for pairs that contradict each other"
    return Finding("PM720", message, hint=hint)


def _odd_pair(scene: Scene, found: Culprit) -> tuple[str, str, str] | None:
    """The first pair of members with a correlation that cannot be, and what is wrong with it."""
    node = scene.node(found.node)
    level, values = scene.node(node.inputs[1]).level, scene.values[node.inputs[1]]
    members = members_of(scene.block, scene.node(node.inputs[0]).level, node.level, level)
    target = members.segments.group_of_members()
    keys = scene.plan.levels[level].of
    for _, _, i, j in members.chunks(1):
        row = members.pair_rows(i, j)
        size = (
            np.abs(values[row]).reshape(len(row), -1).max(axis=1)
            if len(values)
            else np.full(len(row), np.nan)
        )
        odd = np.flatnonzero((target[i] == found.row) & ((row < 0) | ~(size <= 1.0 + BEYOND_ONE)))
        if len(odd):
            at = int(odd[0])
            one, other = (scene.block.index.label(keys, int(members.keys[k[at]])) for k in (i, j))
            said = f"is of size {size[at]:g}, which is beyond one" if row[at] >= 0 else "is not covered"
            return one, other, said
    return None


def no_entry(scene: Scene, found: Culprit) -> Finding:
    """A matrix without an entry for a pair."""
    node = scene.node(found.node)
    pair = scene.block.index.label(node.level, found.row)
    return Finding(
        "PM720", f"the matrix `{node.params['name']}` has no entry for {pair}{needed_by(scene, found)}"
    )
