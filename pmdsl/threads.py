"""Work divided among threads, of which the caller is one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def each(work: Callable[[_T], _R], items: Iterable[_T], threads: int) -> list[_R]:
    """work(item) of each item, in the order of the items, on so many threads at the most.

    The caller works from the first moment on and the others join in when they are awake, which may take
    longer than the work. What work raises is raised, once everybody has stopped.
    """
    if threads < 2:
        return [work(item) for item in items]
    todo: list[Any] = list(items)
    found: list[Any] = [None] * len(todo)
    # Taking the next number is one step, in which no other thread has a part.
    left = iter(range(len(todo)))

    def take() -> None:
        try:
            for k in left:
                # What an item has gathered on its way goes with it.
                item, todo[k] = todo[k], None
                found[k] = work(item)
        except BaseException:
            # Nobody begins anything more.
            for _ in left:
                pass
            raise

    others = max(0, min(threads, len(todo)) - 1)
    with ThreadPoolExecutor(max(1, others)) as pool:
        started = [pool.submit(take) for _ in range(others)]
        take()
    for other in started:
        other.result()
    return found
