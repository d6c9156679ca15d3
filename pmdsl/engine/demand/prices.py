"""What theoretical values stand on."""

from __future__ import annotations

import numpy as np

from pmdsl.engine.demand.members import member_cells
from pmdsl.engine.demand.need import Asked, Needs
from pmdsl.engine.kernels.pricing import instruments_of, specs
from pmdsl.engine.terms import contracts


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
