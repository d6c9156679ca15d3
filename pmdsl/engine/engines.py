"""Which engine runs a plan: numpy alone, or the same with compiled kernels for what is hot."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

from pmdsl.diagnostics import Finding, PmdslError, did_you_mean

Engine = Literal["numpy", "compiled"]
ENGINES: tuple[Engine, ...] = ("numpy", "compiled")


def engine_named(name: str) -> Engine:
    """An engine by its name. Raises PmdslError for a name that is none, or where its extra is missing."""
    for engine in ENGINES:
        if engine == name:
            if engine == "compiled" and find_spec("numba") is None:
                raise PmdslError([Finding("PM731", MISSING, hint="pip install 'pmdsl[fast]'")])
            return engine
    message = f"there is no engine `{name}`"
    hint = did_you_mean(str(name), ENGINES) or f"engines are {' and '.join(f'`{e}`' for e in ENGINES)}"
    raise PmdslError([Finding("PM731", message, hint=hint)])


MISSING = "the engine `compiled` needs numba, which is not installed"
