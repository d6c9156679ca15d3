"""How messages name rows, declarations, places and values."""

from __future__ import annotations

from typing import Any

import numpy as np

from pmdsl.data import shown_path
from pmdsl.engine.blame import Culprit
from pmdsl.engine.demand import Asked, Need, Scene
from pmdsl.engine.index import said
from pmdsl.plan.nodes import Node


def label(scene: Scene, level: str, row: int) -> str:
    """What people call a row of a level of the block: `class_group SPX`, `position SPY of A1`."""
    index, at = scene.block.index, row + scene.block.span(level)[0]
    if level == "":
        return "the run"
    name = f"{level.removesuffix('.key')} {index.label(level, at)}"
    if not index.owned(level) or level == "account":
        return name
    account = int(index.parent(level, "account")[at])
    return f"{name} of account {index.label('account', account)}"


def declared(node: Node) -> str:
    """The declaration that a node comes from: `step `ratio``, or what it works out where it has no name."""
    return f"`{node.origin.name}`" if node.origin.name else "a formula"


def place(node: Node) -> str:
    """The node's place in the rule file, in parentheses; empty where it has none."""
    return f" ({shown_path(node.origin.file)}:{node.origin.line})" if node.origin.line else ""


def needed_by(scene: Scene, found: Culprit) -> str:
    """Who asked for the value: `, which `product_group` needs`. A table does not ask for its own row."""
    own = scene.node(found.node).params
    for number in found.asked_by[1:]:
        node = scene.node(number)
        if node.origin.name and node.origin.name not in (own.get("table"), own.get("name")):
            return f", which {declared(node)} needs{place(node)}"
    return ""


def shown(scene: Scene, node: Node, value: Any) -> str:
    """A value as a message writes it."""
    if node.base == "point":
        return (
            str(scene.world.axes[node.unit].names[int(value)])
            if node.unit in scene.world.axes
            else str(value)
        )
    return said(scene.block.index, value, node.base)


def value_at(scene: Scene, number: int, found: Culprit, k: int) -> Any:
    """The value of input k of a node at the culprit's cell."""
    cells = np.zeros((1, *scene.values[number].shape[1:]), dtype=bool)
    cells[(0, *found.cell)] = True
    asked = Asked(scene, number, Need(np.array([found.row]), cells))
    value = asked.input(k)
    wide, cells = np.broadcast_arrays(value, asked.cells)
    return wide[cells][0]
