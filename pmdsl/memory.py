"""A hint to the allocator of the C library, worth a third of the time of large arrays that come and go.

glibc gives freed memory back to the system in pieces of 128 kB, and the temporaries of a block are larger:
each would be faulted in page by page, which costs as much as its arithmetic. Once a larger piece has been
freed, glibc keeps as much for itself, to the end of the process (mallopt(3), "dynamic mmap threshold").
Elsewhere this does nothing; nowhere does it change a number.
"""

from __future__ import annotations

import numpy as np

# What comes and goes with a block of options, and with one of accounts: the latter just below the most that
# glibc lets its threshold grow to.
OPTIONS = 8 << 20
ACCOUNTS = 30 << 20


def keep_freed_memory(most: int) -> None:
    """Have freed arrays of so many bytes kept for the next ones. No memory is touched here."""
    np.empty(most, dtype=np.uint8)
