"""How a function becomes machine code: by numba, the extra `pmdsl[fast]`. Compiled code alone imports this.

The machine code is kept on disk, in the folder `__pycache__` beside the function: whoever changes one that
functions of another file take in removes that folder, because numba looks at the file of the caller alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba
from numba.core.event import Event, Listener, register

_R = TypeVar("_R")


def compiled(function: Callable[..., _R]) -> Callable[..., _R]:
    """The function compiled on its first call and kept on disk; it holds no lock while it runs.

    Sums keep their order, nothing is contracted, division by zero is that of numpy.
    """
    return _compiler()(function)


def inlined(function: Callable[..., _R]) -> Callable[..., _R]:
    """As `compiled`, for what is to become a part of its callers: a loop with a call in it is no vector."""
    return _compiler(forceinline=True)(function)


def _compiler(**more: bool) -> Callable[[Callable[..., _R]], Callable[..., _R]]:
    compiler: Callable[[Callable[..., _R]], Callable[..., _R]] = numba.njit(
        cache=True, nogil=True, error_model="numpy", boundscheck=False, **more
    )
    return compiler


class _First(Listener):  # type: ignore[misc]
    """Calls `tell` when something is compiled, the first time only; what comes from disk is not compiled."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell: Callable[[], None] | None = tell

    def on_start(self, event: Event) -> None:
        tell, self.tell = self.tell, None
        if tell is not None:
            tell()

    def on_end(self, event: Event) -> None:
        """The end of a compilation is no news."""


def before_compiling(tell: Callable[[], None]) -> None:
    """Have `tell` called once, before the first function that is not kept is compiled, which takes long."""
    register("numba:compile", _First(tell))
