"""What single cells stand on: branches, junctions, defaults of inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pmdsl.engine.demand.need import Asked, Needs
from pmdsl.engine.inputs import wanted_by
from pmdsl.engine.kernels.site import bad


def choice(asked: Asked) -> Needs:
    condition = asked.input(0)
    then, other = asked.cells & (condition == 1), asked.cells & (condition == 0)
    return [*asked.of(0, asked.cells), *asked.of(1, then), *asked.of(2, other)]


def junction(undecided: float) -> Callable[[Asked], Needs]:
    """The right side matters where the left leaves it open."""

    def rule(asked: Asked) -> Needs:
        return [*asked.of(0, asked.cells), *asked.of(1, asked.cells & (asked.input(0) == undecided))]

    return rule


def ratio(asked: Asked) -> Needs:
    zero = asked.input(1) == 0
    return [*asked.of(1, asked.cells), *asked.of(0, asked.cells & ~zero), *asked.of(2, asked.cells & zero)]


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
