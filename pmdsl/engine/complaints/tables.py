"""Tables without a row, and rows without a value."""

from __future__ import annotations

from pmdsl.data import shown_path
from pmdsl.diagnostics import Finding
from pmdsl.engine.blame import Culprit
from pmdsl.engine.complaints.words import label, needed_by, place, shown, value_at
from pmdsl.engine.demand import Scene


def no_row(scene: Scene, found: Culprit) -> Finding:
    """No row of a table fits; of one whose rows are dated, none that is in force."""
    node = scene.node(found.node)
    count = int(node.params["keys"])
    names = node.params.get("names") or tuple(f"key {k + 1}" for k in range(count))
    keys = [
        f"{name} = {shown(scene, scene.node(node.inputs[k]), value_at(scene, found.node, found, k))}"
        for k, name in enumerate(names)
    ]
    whose = f" for {', '.join(keys)}" if keys else f" for {label(scene, node.level, found.row)}"
    dated = any(row is None for row in node.params["rows"])
    day = f" on {scene.plan.on}" if dated and scene.plan.on is not None else ""
    message = f"table `{node.params['table']}` has no row{whose}{day}{needed_by(scene, found)}"
    place = f"{shown_path(node.origin.file)}:{node.origin.line}"
    where = f"the table stands at {place}" if node.origin.line else None
    return Finding("PM711", message, hint=where)


def not_found(scene: Scene, found: Culprit) -> Finding:
    """A table given at run time has no row of these keys."""
    node = scene.node(found.node)
    name = node.params["table"]
    keys = scene.world.table(name).keys
    values = [
        f"{key} = {shown(scene, scene.node(node.inputs[k]), value_at(scene, found.node, found, k))}"
        for k, key in enumerate(keys)
    ]
    given = "has no row" if scene.world.table(name).size else "was not given: it has no row"
    return Finding("PM721", f"the table `{name}` {given} for {', '.join(values)}{needed_by(scene, found)}")


def empty_cell(scene: Scene, found: Culprit) -> Finding:
    """A row of a table given at run time lacks a value."""
    node = scene.node(found.node)
    message = (
        f"`{node.params['column']}` is not given in row {_row(scene, found) + 1} of `{node.params['table']}`"
    )
    return Finding("PM721", message + needed_by(scene, found))


def no_day(scene: Scene, found: Culprit) -> Finding:
    """A history has no day to read: no table was given, or one without a row between the days meant."""
    axis = scene.node(found.node).params["axis"]
    source = scene.world.plan.axes[axis].source
    table, column = source["path"]
    between = [f" {word} {source[word]}" for word in ("from", "to") if source.get(word)]
    message = f"`{axis}` has no day: no row of the table `{table}` has a `{column}`{''.join(between)}"
    hint = f"give the book a table `{table}` with a column `{column}`, under `tables:`"
    return Finding("PM721", message + needed_by(scene, found), hint=hint)


def _row(scene: Scene, found: Culprit) -> int:
    return int(value_at(scene, found.node, found, 0))


def no_model(scene: Scene, found: Culprit) -> Finding:
    """No row of the pricing table fits an instrument."""
    node = scene.node(found.node)
    message = f"no row of `pricing` fits {label(scene, node.level, found.row)}{place(node)}"
    return Finding("PM718", message, hint="add a row for this kind of instrument")
