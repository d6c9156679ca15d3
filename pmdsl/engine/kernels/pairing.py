"""How often each match is taken: the inputs become a question for each point of the node's axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.pairing_inputs import Inputs, flat, inputs_at
from pmdsl.engine.kernels.site import Kernel, Maker, Site, bad
from pmdsl.engine.pairing import Question, Reason, paired
from pmdsl.engine.words import Codes, Number, Truth


@dataclass(frozen=True, eq=False)
class Answer:
    """How often each row is taken, NaN in a group without an answer, and why that has none: a `Reason`.

    Shapes (R,) and (G,).
    """

    taken: Number
    reason: Codes


def pairing(site: Site) -> Kernel:
    """Inputs by the places in params: how many of each match are taken."""

    def run(block: Block, xs: list[Any]) -> Any:
        points = [max(x.shape[site.dimension(axis)] for x in xs) for axis in site.node.axes]
        found: Any = np.full((block.size(site.node.level), *points), np.nan)
        for point in product(*(range(size) for size in points)):
            found[(slice(None), *point)] = answer(inputs_at(site, block, xs, point)).taken
        return found

    return run


def answer(inputs: Inputs) -> Answer:
    """The pairing at one point. Groups in which something is wrong are not asked about."""
    wrong = beforehand(inputs)
    found = paired(question(inputs, wrong != Reason.NONE))
    reason = np.where(wrong != Reason.NONE, wrong, found.reason)
    return Answer(np.where(reason[inputs.group] != Reason.NONE, np.nan, found.taken), reason)


def beforehand(inputs: Inputs) -> Codes:
    """Why groups cannot be asked about. Shape (G,) of `Reason`."""
    block, within = inputs.block, inputs.level.within
    found = np.full(block.size(within), Reason.NONE, dtype=np.int64)
    matches = inputs.matches
    empty = inputs.admitted[:, None] & (inputs.taken <= 0)
    found[inputs.group[empty.any(axis=1)]] = Reason.EMPTY
    found[of_groups(inputs, matches.crowded_pattern, matches.crowded_group)] = Reason.TOO_LARGE
    found[of_groups(inputs, matches.doubted_pattern, matches.doubted_group)] = Reason.SPOILT
    unknown = block.unknown(within)
    if unknown is not None:
        found[unknown] = Reason.SPOILT
    found[inputs.home[(inputs.home >= 0) & np.isnan(inputs.held)]] = Reason.SPOILT
    for place, cells in inputs.mattering():
        poison = (bad(flat(inputs.at[place])) & flat(cells)).any(axis=1)
        found[inputs.group[poison]] = Reason.SPOILT
    for number in range(len(inputs.params["pools"])):
        lost = inputs.members(number) & (inputs.pool_group(number) < 0)
        found[inputs.group[lost]] = Reason.SPOILT
    return found


def of_groups(inputs: Inputs, patterns: Codes, groups: Codes) -> Codes:
    """The groups of the block among pairs of a pattern and a group, for the patterns that may be used."""
    low, high = inputs.block.span(inputs.level.within)
    allowed = np.array([pattern.name in inputs.params["allowed"] for pattern in inputs.level.patterns])
    inside = (groups >= low) & (groups < high)
    inside &= allowed[patterns] if len(patterns) else False
    return groups[inside] - low


def question(inputs: Inputs, without: Truth) -> Question:
    """What is asked, some groups left out."""
    home = inputs.home
    return Question(
        groups=len(without),
        group=inputs.group,
        slots=inputs.slots,
        taken=inputs.taken,
        single=inputs.single,
        usable=inputs.placed & ~without[inputs.group],
        charges=np.column_stack([inputs.row(o["linear"]) for o in inputs.params["objectives"]]),
        home=np.where((home >= 0) & ~without[np.maximum(home, 0)], home, -1) if len(without) else home,
        held=np.nan_to_num(inputs.held),
        pools=tuple(inputs.pool(number) for number in range(len(inputs.params["pools"]))),
        scans=tuple(scan for _, scan in inputs.scans()),
    )


MAKERS: Mapping[str, Maker] = {"pairing": pairing}
