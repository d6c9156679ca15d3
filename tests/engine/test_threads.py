"""Work divided among threads: order, errors, and that each item is taken once."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from pmdsl.threads import each


@pytest.mark.parametrize("threads", [1, 2, 3, 50])
@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_answers_stand_in_the_order_of_the_items(threads: int, count: int) -> None:
    seen: Counter[int] = Counter()

    def work(item: int) -> int:
        seen[item] += 1
        return item * item

    assert each(work, iter(range(count)), threads) == [k * k for k in range(count)]
    assert seen == Counter(range(count))


def test_several_threads_work_at_once() -> None:
    both = threading.Barrier(2, timeout=60)

    def work(item: int) -> int:
        both.wait()
        return threading.get_ident()

    assert len(set(each(work, range(2), 2))) == 2


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_what_work_raises_is_raised_and_nothing_more_is_begun(threads: int) -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        raise ValueError(f"item {item}")

    with pytest.raises(ValueError, match="item"):
        each(work, range(1000), threads)
    assert len(begun) <= threads
