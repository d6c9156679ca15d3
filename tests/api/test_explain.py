"""Explanations: they add up, they cite, and no rule of the tests of operators is beyond them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import pmdsl
from pmdsl.asking import ask
from pmdsl.compare.explanation import Explanation, Part
from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.names.library import Library
from pmdsl.rules import Rules
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.testing.market import market_of
from tests.api.world import ROOT, demo, rules, small

OPERATORS = sorted((ROOT / "tests" / "operators").glob("*.margin"))
NEAR = 1e-6


def parts_of(part: Part) -> Iterator[Part]:
    """A part and all below it."""
    yield part
    for below in part.parts:
        yield from parts_of(below)


def whole(found: Explanation, name: str) -> Part:
    part = next(requirement.whole for requirement in found.requirements if requirement.name == name)
    assert part is not None
    return part


def test_groups_add_up_to_the_requirement() -> None:
    result = rules().margin(demo())
    for account in result:
        found = whole(result.explain(account), "maintenance")
        assert sum(part.amount for part in found.parts) == pytest.approx(
            float(result[account].maintenance), abs=0.01
        )
        assert [(p.name, p.by) for p in found.parts] == [
            (b.group, b.by) for b in result[account].binding["maintenance"]
        ]


def test_positions_add_up_to_their_group() -> None:
    found = whole(rules().margin(demo()).explain("A1"), "maintenance")
    for part in parts_of(found):
        if part.positions:
            assert sum(held.amount for held in part.positions) == pytest.approx(part.amount, abs=NEAR)
            for held in part.positions:
                assert held.quantity is not None
                assert held.multiplier is not None
                assert held.value is not None
                assert held.shocked is not None
                moved = held.quantity * held.multiplier * (held.shocked - held.value)
                assert held.amount == pytest.approx(moved, abs=NEAR)


def test_credits_say_how_gains_paid_for_losses() -> None:
    found = whole(rules().margin(demo()).explain("A1"), "maintenance")
    credits = [(part, part.credit) for part in parts_of(found) if part.credit is not None]
    assert credits
    for _, credit in credits:
        assert credit.share is not None
        assert credit.after == pytest.approx(credit.losses + credit.share * credit.gains, abs=NEAR)


def test_rows_have_places_values_and_citations() -> None:
    found = whole(rules().margin(small()).explain("A2"), "maintenance")
    [group] = found.parts
    row = next(row for row in group.cited if row.name == "range")
    assert row.key == "alone"
    assert row.values == {"down": "-15%", "up": "+15%"}
    assert row.place.startswith("rules/us/finra/cpm.margin:")
    assert row.cites


def test_an_override_is_cited_for_its_own_rows_alone() -> None:
    explanation = rules("house.example").margin(small()).explain("A1")
    found = whole(explanation, "maintenance")
    cited = {row.key: row.cites for part in parts_of(found) for row in part.cited if row.name == "range"}
    assert not any("committee" in cite for cite in cited["high_cap_index"])


def test_parameters_are_those_in_force() -> None:
    explanation = rules("house.example").margin(small()).explain("A1")
    house = next(requirement for requirement in explanation.requirements if requirement.name == "house")
    buffer = next(param for param in house.params if param.name == "buffer")
    assert buffer.key == "from 2025-08-01"
    assert buffer.values == {"": "10%"}


def test_a_requirement_that_could_not_be_had() -> None:
    book = (
        "on: 2026-03-02\nunderlyings: [{id: XYZ, kind: stock}]\npositions: [{instrument: XYZ, quantity: 1}]\n"
    )
    found = rules().margin(book).explain("book")
    assert found.requirements[0].amount is None
    assert found.requirements[0].whole is None
    assert found.messages


def test_sources_are_those_that_are_cited() -> None:
    found = rules().margin(small()).explain("A2")
    assert "finra" in found.sources
    assert found.sources["finra"].startswith("FINRA Rule 4210")


def test_what_is_shown() -> None:
    found = rules().margin(small())["A2"].explain()
    assert "750.00 at d5" in str(found)
    assert found._repr_html_().startswith("<pre")


@pytest.mark.parametrize("path", OPERATORS, ids=lambda path: path.stem)
def test_every_operator(path: Path) -> None:
    """Whatever a rule computes, its explanation is made, written and drawn, with the amount of the answer."""
    library = Library((path.parent,))
    compiled = compile_source(Source.read(path), library, Findings(), checks=False)
    for methodology in compiled.methodologies:
        for case in compiled.tests:
            explain_case(Rules(methodology.plan, library, methodology), case) if methodology.plan else None


def explain_case(found: Rules, case: ast.TestCase) -> None:
    """Explain every account of a test."""
    day = next((member.value for member in case.members if isinstance(member, ast.On)), None)
    market = market_of(case, found.currency, Findings())
    if day is None or market is None:
        return
    try:
        [result] = ask([found], market.book, dict(market.data))
    except pmdsl.PmdslError:
        return
    for account in result:
        explanation = result.explain(account)
        json.dumps(explanation.to_json(), allow_nan=False)
        assert str(explanation)
        for requirement in explanation.requirements:
            if requirement.whole is not None:
                assert requirement.whole.amount == pytest.approx(float(requirement.amount or 0), abs=1)
