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
from pmdsl.render.shown import as_text
from pmdsl.rules import Rules
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.testing.market import market_of
from tests.api.world import ROOT, TINY, demo, rules, small

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


def test_a_row_of_a_collect_table_is_told_as_itself() -> None:
    text = TINY.replace(
        "  step worth",
        """  collect table extra by underlying.kind {
    | kind         | rate |
    | etf          |   1% |
    | stock or etf |  20% |
  }
  step worth""",
    ).replace("* rate into", "* (rate + extra.rate) into")
    found = whole(pmdsl.load(text).margin(small()).explain("A2"), "maintenance")
    [row] = [cited for part in parts_of(found) for cited in part.cited]
    assert (row.key, row.values) == ("stock or etf", {"rate": "20%"})
    assert row.place.endswith(":16")


def test_an_override_is_cited_for_its_own_rows_alone() -> None:
    explanation = rules("house.example").margin(small()).explain("A1")
    found = whole(explanation, "maintenance")
    cited = {row.key: row.cites for part in parts_of(found) for row in part.cited if row.name == "range"}
    assert not any("committee" in cite for cite in cited["high_cap_index"])


FLY = ROOT / "examples" / "03_short_fly.yaml"
CHILD = """
methodology child {
  title    "The parent's answer as a floor"
  version  "1"
  currency USD
  covers   2020-01-01 onward
  extends  tiny at "1"

  override param rate: percent { from 2020-01-01 = 10% from 2025-01-01 = 10% }  because "a test"
  param buffer: percent { from 2020-01-01 = 10% }
  require house = max(maintenance, base.maintenance) * (1 + buffer)
}
"""


def under_tiny(tmp_path: Path) -> Rules:
    """A rule set that lowers a rate of its parent and keeps the parent's answer as a floor."""
    (tmp_path / "tiny.margin").write_text(TINY, encoding="utf-8")
    path = tmp_path / "child.margin"
    path.write_text("pmdsl 1\n" + CHILD, encoding="utf-8")
    return pmdsl.load(path, paths=[tmp_path])


def test_rows_of_the_parents_own_table_are_told_like_any_other() -> None:
    found = whole(rules("house.example").margin(FLY).explain("A1"), "house")
    row = next(row for part in parts_of(found) for row in part.cited if row.name == "base.range")
    assert row.key == "alone"
    assert row.values == {"down": "-15%", "up": "+15%"}
    assert row.place.startswith("rules/us/finra/cpm.margin:")
    assert row.cites == ("sec minimum and maximum range of stress",)


def test_parameters_of_the_parent_and_of_the_child_are_told_apart(tmp_path: Path) -> None:
    explanation = under_tiny(tmp_path).margin(small()).explain("A2")
    params = {r.name: [(p.name, p.values[""]) for p in r.params] for r in explanation.requirements}
    assert params["maintenance"] == [("rate", "10%")]
    assert sorted(params["house"]) == [("base.rate", "20%"), ("buffer", "10%"), ("rate", "10%")]


def test_a_floor_that_has_points_of_its_own_is_no_minimum() -> None:
    found = whole(rules("house.example").margin(FLY).explain("A1"), "house")
    assert found.by == ""
    assert [part.by for part in found.parts] == ["d5"]


def test_the_way_from_the_requirement_to_its_groups_is_told_step_by_step() -> None:
    shown = as_text(rules("house.example").margin(FLY).explain("A1").__rich__(), 110)
    lines = [line.strip() for line in shown[shown.index("330.00 = ") :].splitlines()]
    assert lines[:3] == [
        "330.00 = 300.00 × 1.1 (1 + buffer)",
        "base.maintenance 300.00 over maintenance + concentration 200.00",
        "└── XYZ  300.00 at d5   portfolio_group",
    ]


def test_a_term_that_adds_nothing_is_told() -> None:
    shown = as_text(rules("house.example").margin(demo()).explain("A1").__rich__(), 110)
    after = shown[shown.index("house  55,698.35") :]
    assert "55,698.35 = 53,046.05 × 1.05 (1 + buffer)" in after
    assert "maintenance  53,046.05  as above" in after
    assert "concentration  0.00" in after


def test_what_is_clamped_behind_a_factor_is_not_divided_out(tmp_path: Path) -> None:
    text = TINY.replace(
        "sum abs(worth) * rate into account", "clamp((sum abs(worth) into account) * rate, 0, USD 500)"
    )
    [requirement] = pmdsl.load(text).margin(small()).explain("A2").requirements
    assert requirement.amount == 500
    assert requirement.whole is not None
    [fact] = requirement.whole.facts
    assert (fact.role, fact.of, fact.value) == ("factor", 5000.0, 0.2)


def test_a_factor_from_a_table_is_called_by_its_column() -> None:
    table = """
  first table charge by underlying.kind {
    | kind  | share | extra |
    | stock |   20% |    0% |
    | any   |   10% |    1% |
  }
"""
    text = TINY.replace("  require", table + "  step name_worth = sum abs(worth) into name\n  require")
    text = text.replace("position -> account", "position -> name -> account\n  group name = underlying.id")
    text = text.replace("sum abs(worth) * rate into", "sum name_worth * charge.share into")
    [requirement] = pmdsl.load(text).margin(small()).explain("A2").requirements
    assert requirement.whole is not None
    [fact] = requirement.whole.parts[0].facts
    assert fact.name == "charge.share"


def test_parameters_are_told_once() -> None:
    shown = as_text(rules("house.example").margin(demo()).explain("A1").__rich__(), 110)
    assert shown.count("contract_minimum from") == 1
    assert shown.count("buffer from") == 1


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


def test_a_value_at_a_point_is_followed_at_that_point() -> None:
    """Each stage was charged for combinations of its own, and says which."""
    found = pmdsl.load("tw.taifex").margin(ROOT / "examples" / "23_taifex.yaml").explain("strangle")
    lines = {name: whole(found, name).parts[0].positions for name in ("clearing", "initial")}
    assert [line.position for line in lines["initial"]] == ["straddle: -1 C23700, -1 P23500"]
    assert lines["initial"][0].amount == pytest.approx(118_950)
    assert lines["clearing"][0].amount == pytest.approx(95_750)


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
