"""What the rows of a level of matches are: their pattern, and the contracts that they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pmdsl.engine.blocks import Block
from pmdsl.engine.kernels.site import Kernel, Maker, Site
from pmdsl.engine.words import POISON


def pattern(site: Site) -> Kernel:
    """The name of the pattern of each row; poison for a position that no pattern of one slot takes."""
    level = site.node.level
    names = site.world.interner.column(known.name for known in site.plan.levels[level].patterns)
    padded = np.append(names, np.int64(POISON))

    def run(block: Block, xs: list[Any]) -> Any:
        low, high = block.span(level)
        return padded[block.index.matches(level).pattern[low:high]]

    return run


def contracts(site: Site) -> Kernel:
    """Contracts of params slot in the smallest match; poison where there is no such slot."""
    level, slot = site.node.level, int(site.params["slot"])

    def run(block: Block, xs: list[Any]) -> Any:
        low, high = block.span(level)
        return block.index.matches(level).contracts[low:high, slot]

    return run


MAKERS: Mapping[str, Maker] = {"pattern": pattern, "contracts": contracts}
