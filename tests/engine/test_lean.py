"""The engine's own form of a plan: known conditions decided, sums of weighed rows as one operation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import pmdsl
from pmdsl.engine import bind
from pmdsl.engine.lean import lean
from pmdsl.plan.nodes import Plan

ON = date(2026, 3, 2)


def plan_of(name: str) -> Plan:
    return pmdsl.load(name).on(ON)


def leaned(name: str, given: frozenset[str] = frozenset()) -> Plan:
    plan = plan_of(name)
    return lean(plan, [out.node for out in plan.outputs], given)


def test_a_sum_of_what_positions_weigh_is_one_operation() -> None:
    plan = leaned("us.finra.cpm")
    found = [node for node in plan.nodes if node.op == "weighed_sum"]
    assert [(node.level, node.axes, node.params["members"]) for node in found] == [
        ("class_group", ("point",), "position")
    ]
    rows = plan.nodes[found[0].inputs[0]]
    assert (rows.op, rows.level, rows.params["currency"]) == ("currency", "instrument", "USD")


def test_a_choice_that_a_named_parameter_decides_is_what_it_chooses() -> None:
    plan, found = plan_of("us.finra.cpm"), leaned("us.finra.cpm")
    words = [
        n
        for n, node in enumerate(plan.nodes)
        if node.op == "if" and plan.nodes[node.inputs[0]].op == "eq" and not plan.nodes[node.inputs[0]].level
    ]
    assert words
    assert {found.nodes[n].op for n in words} == {"same"}


def test_what_depends_on_a_table_is_decided_by_whether_it_was_given() -> None:
    plan = plan_of("us.finra.cpm")
    choice = next(
        n for n, node in enumerate(plan.nodes) if node.op == "if" and plan.nodes[node.inputs[0]].op == "given"
    )
    name = plan.nodes[plan.nodes[choice].inputs[0]].params["data"]
    _, then, other = plan.nodes[choice].inputs
    assert leaned("us.finra.cpm", frozenset([name])).nodes[choice].inputs == (then,)
    assert leaned("us.finra.cpm").nodes[choice].inputs == (other,)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_asked_in_full_has_the_same_bits(seed: int) -> None:
    draw = np.random.default_rng(seed)
    book = pmdsl.book_from_tables(
        {
            "account": [f"A{k}" for k in draw.integers(0, 4, 60)],
            "instrument": [f"U{k}" for k in draw.integers(0, 9, 60)],
            "quantity": draw.integers(-9, 10, 60).astype(float),
        },
        {"id": []},
        {
            "id": [f"U{k}" for k in range(9)],
            "kind": ["etf", "stock", "stock"] * 3,
            "price": draw.uniform(1, 99, 9),
            "breadth": ["broad", "narrow", "narrow"] * 3,
            "capitalization": ["high", "other", "high"] * 3,
            "tracks": ["I", None, None] * 3,
        },
        on=ON,
        rate=0.04,
    )
    bound = bind(plan_of("us.finra.cpm"), book)
    answer = bound.run()
    target = bound.plan.outputs[0].node
    full = bound.again(answer.run, [target], keep=True)
    values = [full.execute(block)[target] for block in full.blocks()]
    assert np.array_equal(np.concatenate(values), answer.amounts("maintenance"), equal_nan=True)
