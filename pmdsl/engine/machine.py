"""What differs between the engines: the kernels, and how runs of rows are summed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmdsl.engine.engines import Engine
from pmdsl.engine.kernels import MAKERS
from pmdsl.engine.kernels.site import Maker
from pmdsl.engine.sums import Runs
from pmdsl.plan.limits import BLOCK_ROWS


@dataclass(frozen=True, eq=False)
class Machine:
    """Kernels by operation, the runs whose sums are taken, and the positions of a block, at the most.

    Compiled loops leave little in the cache and are short, so that their blocks may be larger.
    """

    makers: Mapping[str, Maker]
    runs: type[Runs] = Runs
    rows: int = BLOCK_ROWS // 2


NUMPY = Machine(MAKERS)


def machine(engine: Engine) -> Machine:
    """The machine of an engine. numba is imported where it is compiled, and nowhere else."""
    if engine == "numpy":
        return NUMPY
    from pmdsl.engine.compiled import COMPILED

    return COMPILED
