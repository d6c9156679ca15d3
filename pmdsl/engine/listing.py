"""What a pairing took in one account: each match with its legs, worked out when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pmdsl.engine.demand.matches import inputs_of
from pmdsl.engine.kernels.pairing_inputs import Inputs
from pmdsl.engine.netting import QUANTITY
from pmdsl.engine.trace import Trace
from pmdsl.engine.words import Codes, Number


@dataclass(frozen=True)
class Leg:
    """A leg of a listed match: the position as people call it, and its contracts, below zero where short."""

    position: str
    contracts: float


@dataclass(frozen=True)
class Listed:
    """Some equal matches: the group that they are in, their pattern, how many, and the legs of all together.

    A pool is listed once for each of its groups, with all of its members.
    """

    group: str
    pattern: str
    count: float
    legs: tuple[Leg, ...]


def listed(trace: Trace, node: int, point: tuple[int, ...] = ()) -> tuple[Listed, ...]:
    """What the pairing `node` took, at a point of its further axes.

    By group, then by the order of the patterns, then by the legs; nothing of groups that have no pairing.
    """
    scene = trace.scene
    inputs = inputs_of(scene, node, point)
    values: Any = scene.values[node]
    count: Number = np.nan_to_num(values[(slice(None), *point)])
    together: dict[tuple[int, int], list[int]] = {}
    for row, pool in zip(np.flatnonzero(count > 0).tolist(), pool_of_rows(inputs)[count > 0], strict=True):
        key = (int(pool), int(inputs.pool_group(int(pool))[row])) if pool >= 0 else (-1, row)
        together.setdefault(key, []).append(row)
    return tuple(entry(trace, inputs, rows, count, pool) for (pool, _), rows in together.items())


def pool_of_rows(inputs: Inputs) -> Codes:
    """The number of the pool that each row is a member of, -1 for none. Shape (R,)."""
    found = np.full(len(inputs.pattern), -1, dtype=np.int64)
    for number in range(len(inputs.params["pools"])):
        found[inputs.members(number)] = number
    return found


def entry(trace: Trace, inputs: Inputs, rows: Sequence[int], count: Number, pool: int) -> Listed:
    """One match, or all members of one group of a pool."""
    level = inputs.level
    pattern = level.patterns[int(inputs.pattern[rows[0]])].name
    legs = [leg for row in rows for leg in legs_of(trace, inputs, row, float(count[row]))]
    return Listed(
        group=trace.label(level.within, int(inputs.group[rows[0]])),
        pattern=pattern if pool < 0 else pattern.rpartition(".")[0],
        count=float(count[rows[0]]) if pool < 0 else 1.0,
        legs=tuple(legs),
    )


def legs_of(trace: Trace, inputs: Inputs, row: int, count: float) -> list[Leg]:
    """The legs of a match taken so often."""
    of = inputs.level.of
    quantity = trace.scene.block.columns[of, QUANTITY].values
    low = trace.scene.block.span(of)[0]
    found = []
    for slot, position in enumerate(inputs.slots[row].tolist()):
        if position >= 0:
            contracts = count * float(inputs.taken[row, slot] * np.sign(quantity[low + position]))
            found.append(Leg(trace.label(of, position), contracts))
    return found
