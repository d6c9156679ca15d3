"""Sums of runs against a loop, bit for bit: whatever the way, the order of the additions is the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.engine import sums
from pmdsl.engine.sums import Runs

LENGTHS = st.lists(st.integers(1, 40), min_size=1, max_size=12)
POINTS = st.integers(1, 17)


def slow(x: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """One addition after the other."""
    found = []
    for low, high in zip(starts, [*starts[1:], len(x)], strict=True):
        total = x[low].copy()
        for row in x[low + 1 : high]:
            total = total + row
        found.append(total)
    return np.array(found)


def drawn(lengths: list[int], points: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    starts = np.cumsum([0, *lengths])[:-1]
    return np.random.default_rng(seed).normal(size=(sum(lengths), points)), starts


@settings(deadline=None)
@given(LENGTHS, POINTS, st.integers(0, 99))
def test_every_way_adds_from_the_first_row_to_the_last(lengths: list[int], points: int, seed: int) -> None:
    x, starts = drawn(lengths, points, seed)
    wanted = slow(x, starts)
    runs = Runs(starts, len(x))
    assert (runs.sums(x) == wanted).all()
    assert (runs.sums(x[:, 0]) == wanted[:, 0]).all()
    assert (sums._product(runs.edges, np.arange(len(x)), np.ones(len(x)), x) == wanted).all()


@settings(deadline=None)
@given(LENGTHS, POINTS, st.integers(0, 99))
def test_weighed_sums_are_those_of_the_products(lengths: list[int], points: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    table = draw.normal(size=(7, points))
    index, weight = draw.integers(0, 7, sum(lengths)), draw.normal(size=sum(lengths))
    starts = np.cumsum([0, *lengths])[:-1]
    wanted = slow(table[index] * weight[:, None], starts)
    runs = Runs(starts, len(index))
    assert (runs.weighed_sums(table, index, weight, points) == wanted).all()
    assert (sums._product(runs.edges, index, weight, table) == wanted).all()


def test_what_is_not_known_spreads_to_its_own_run_alone() -> None:
    found = Runs(np.array([0, 2]), 3).sums(np.array([[1.0, np.nan], [2.0, 1.0], [5.0, 5.0]]))
    assert np.array_equal(found, [[3.0, np.nan], [5.0, 5.0]], equal_nan=True)
