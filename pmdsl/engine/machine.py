"""What differs between the engines: the kernels, and how runs of rows are summed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmdsl.engine.engines import Engine
from pmdsl.engine.kernels import MAKERS
from pmdsl.engine.kernels.site import Maker
from pmdsl.engine.sums import Runs


@dataclass(frozen=True, eq=False)
class Machine:
    """Kernels by operation, and the runs whose sums are taken."""

    makers: Mapping[str, Maker]
    runs: type[Runs] = Runs


NUMPY = Machine(MAKERS)


def machine(engine: Engine) -> Machine:
    """The machine of an engine. numba is imported where it is compiled, and nowhere else."""
    if engine == "numpy":
        return NUMPY
    from pmdsl.engine import compiled

    return Machine({**MAKERS, **compiled.MAKERS}, compiled.CompiledRuns)
