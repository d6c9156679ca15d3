"""Long arrays, a range of rows at a time.

What is worked out over all positions at once is given back to the system when it is done with, and faulted in
again page by page by the next such array; what is worked out over a range stays in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator

RANGE = 1 << 16


def ranges(rows: int) -> Iterator[tuple[int, int]]:
    """The first row of each range and the row after its last; nothing where there are no rows."""
    return ((low, min(low + RANGE, rows)) for low in range(0, rows, RANGE))
