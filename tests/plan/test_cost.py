"""What a run costs, in letters and in numbers, and runs that are refused."""

from __future__ import annotations

import pytest

import pmdsl
from pmdsl.plan.cost import Sizes, cost_of, refuse_above, sizes_for
from pmdsl.plan.limits import MOST_MATCHES
from tests.api.world import rules
from tests.plan.written import DAY

BOOK = {"account": 10, "underlying": 5, "instrument": 40, "position": 100}


def test_cells_by_level() -> None:
    plan = rules("generic.stress").on(DAY)
    loads = {load.level: load for load in cost_of(plan).loads}
    assert sum(load.nodes for load in loads.values()) == len(plan.nodes)
    points = len(plan.axes["move"].points)
    assert loads["instrument"].cells[()] > points


def test_sizes_are_bounds() -> None:
    plan = rules().on(DAY)
    sizes = sizes_for(plan, BOOK)
    assert sizes.rows["class_group"] == 100
    assert sizes.rows["class_group.key"] == 5
    assert cost_of(plan).cells(sizes) < 20_000


def test_matches_are_as_many_as_a_run_looks_at() -> None:
    plan = rules("us.reg_t").on(DAY)
    rows = {n: sizes_for(plan, {**BOOK, "position": n}).rows["cover"] for n in (1, 3, 10**6)}
    patterns = plan.levels["cover"].patterns
    assert rows[1] == len(patterns) + 1
    assert rows[3] == sum(3 ** len(pattern.slots) for pattern in patterns) + 3
    assert rows[10**6] == MOST_MATCHES + 10**6


def test_axes_of_data_are_letters() -> None:
    assert Sizes({}, {"day": 500}).value({(): 31, ("day",): 12}) == 31 + 12 * 500


def test_lattices_are_dearer_than_formulas() -> None:
    plan = rules().on(DAY)
    cost, sizes = cost_of(plan), sizes_for(plan, BOOK)
    assert cost.work(sizes) > 40 * 200 * 200 / 2


@pytest.mark.parametrize("limits", [{"cells": 1000}, {"memory": 1000}])
def test_a_run_above_a_limit_is_refused(limits: dict[str, int]) -> None:
    plan = rules().on(DAY)
    refuse_above(plan, BOOK)
    with pytest.raises(pmdsl.PmdslError) as caught:
        refuse_above(plan, BOOK, **limits)
    assert caught.value.findings[0].code == "PM528"
