"""Room for declarations that need one another in long chains: each link takes a dozen calls."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

CALLS = 50_000


@contextmanager
def room() -> Iterator[None]:
    """Allow deep calls inside. RecursionError still comes where even this is not enough."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
