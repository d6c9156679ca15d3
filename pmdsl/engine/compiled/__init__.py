"""The compiled engine: what is hot in a plan as loops of machine code, everything else as in numpy.

Needs numba, the extra `pmdsl[fast]`. The loops are compiled once and kept on disk.
"""

from pmdsl.engine.compiled.makers import MAKERS
from pmdsl.engine.compiled.runs import CompiledRuns
from pmdsl.engine.machine import NUMPY, Machine
from pmdsl.plan.limits import BLOCK_ROWS

COMPILED = Machine({**NUMPY.makers, **MAKERS}, CompiledRuns, 2 * BLOCK_ROWS, 2 * BLOCK_ROWS)

__all__ = ["COMPILED", "MAKERS", "CompiledRuns"]
