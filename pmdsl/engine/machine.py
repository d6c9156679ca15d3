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

    `alone` is for one thread, `beside` for several, which wait for each other between operations: the less
    the longer blocks are. Compiled loops leave little in the cache, so that theirs may be longer anyway.
    """

    makers: Mapping[str, Maker]
    runs: type[Runs] = Runs
    alone: int = BLOCK_ROWS // 2
    beside: int = BLOCK_ROWS

    def rows(self, threads: int) -> int:
        """The positions of a block, at the most, for so many threads."""
        return self.alone if threads < 2 else self.beside


NUMPY = Machine(MAKERS)


def machine(engine: Engine) -> Machine:
    """The machine of an engine. numba is imported where it is compiled, and nowhere else."""
    if engine == "numpy":
        return NUMPY
    from pmdsl.engine.compiled import COMPILED

    return COMPILED
