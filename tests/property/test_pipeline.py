"""Random rule sets through the whole pipeline, text to plan to JSON to engine, against an interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pmdsl.plan.from_json import read_plan
from pmdsl.plan.simplify import simplify
from pmdsl.plan.to_json import write_plan
from pmdsl.source import Source
from tests.operators.running import ON, Cells, Member, answer, book_of, planned, reports, undated
from tests.property.drawing import Program, programs
from tests.property.interpreter import Interpreter
from tests.property.writing import declarations, text

NUMBERS = st.integers(-16, 16).map(lambda n: n / 4)
MEMBERS = st.lists(
    st.builds(
        Member,
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["g", "h"]),
        st.fixed_dictionaries({"a": NUMBERS, "b": NUMBERS}),
    ),
    min_size=1,
    max_size=6,
)
FAST = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def expected(program: Program, members: list[Member]) -> Mapping[str, Cells]:
    """What the interpreter says, in the shape of the engine's reports."""
    model = Interpreter(program, members)
    told: dict[str, Cells] = {}
    for number, step in enumerate(program):
        points = range(3) if step.axis else range(1)
        cells: dict[tuple[str, str], Any] = {}
        for row in model.rows(step.level):
            values = [float(model.value(number, row, point)) for point in points]
            at = (row[0], row[-1]) if row else ("", "")
            cells[at] = values if step.axis else values[0]
        told[f"r{number}"] = cells
    return told


@FAST
@given(programs(), MEMBERS)
def test_the_engine_agrees_with_the_interpreter(program: Program, members: list[Member]) -> None:
    assert reports(answer(planned(text(program)), book_of(members))) == expected(program, members)


@FAST
@given(programs(), MEMBERS, st.randoms(use_true_random=False))
def test_the_order_of_declarations_does_not_matter(
    program: Program, members: list[Member], random: Any
) -> None:
    order = list(range(len(declarations(program))))
    random.shuffle(order)
    found = reports(answer(planned(text(program, order)), book_of(members)))
    assert found == expected(program, members)


@FAST
@given(programs(), MEMBERS)
def test_plans_read_back_from_json_are_the_same(program: Program, members: list[Member]) -> None:
    plan, book = planned(text(program)), book_of(members)
    written = write_plan(plan)
    again = read_plan(Source("plan.json", written))
    assert write_plan(again) == written
    assert reports(answer(again, book)) == reports(answer(plan, book))


@FAST
@given(programs(), MEMBERS)
def test_blocks_of_any_size_give_the_same(program: Program, members: list[Member]) -> None:
    plan, book = planned(text(program)), book_of(members)
    assert reports(answer(plan, book, rows=1)) == reports(answer(plan, book))


@FAST
@given(programs(), MEMBERS, st.data())
def test_simplifying_for_one_answer_changes_none(program: Program, members: list[Member], data: Any) -> None:
    """A plan that is cut down to one of its outputs says what the whole plan says."""
    plan, book = undated(text(program)), book_of(members)
    whole = reports(answer(simplify(plan, ON), book))
    one = data.draw(st.sampled_from(plan.outputs))
    alone = reports(answer(simplify(replace(plan, outputs=(one,)), ON), book))
    assert alone == {one.name: whole[one.name]}
