"""Plans written to JSON and read back: equal, with equal meaning; the published schema fits them all."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest

import pmdsl
from pmdsl.plan import nodes
from pmdsl.plan.digest import digest
from pmdsl.plan.from_json import read_plan
from pmdsl.plan.operations import OPERATIONS
from pmdsl.plan.schema import plan_schema, schema_text
from pmdsl.plan.to_json import write_plan
from pmdsl.plan.wire import parts
from pmdsl.plan.wire.contracts import CONTRACTS
from pmdsl.source import Source
from tests.api.world import ROOT, rules, small
from tests.plan.written import NAMES, plans

RECORDS = {
    nodes.Origin: parts.ORIGIN,
    nodes.Node: parts.NODE,
    nodes.Level: parts.LEVEL,
    nodes.Axis: parts.AXIS,
    nodes.Binding: parts.BINDING,
    nodes.Output: parts.OUTPUT,
    nodes.InputColumn: parts.INPUT,
    nodes.DataTable: parts.DATA,
}
HEAD = {"format", "format_version", "meaning", "origins"}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_back_is_what_was_written(name: str) -> None:
    for plan in plans(name):
        text = write_plan(plan)
        again = read_plan(Source("plan.json", text))
        assert again == plan
        assert [node.origin for node in again.nodes] == [node.origin for node in plan.nodes]
        assert digest(again) == digest(plan)
        assert write_plan(again) == text


@pytest.mark.parametrize("name", NAMES)
def test_every_plan_fits_the_schema(name: str) -> None:
    for plan in plans(name):
        jsonschema.Draft202012Validator(plan_schema()).validate(json.loads(write_plan(plan)))


def test_the_schema_is_the_published_one() -> None:
    published = (ROOT / "pmdsl" / "schemas" / "plan.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "python -m pmdsl.plan.schema > pmdsl/schemas/plan.schema.json"
    jsonschema.Draft202012Validator.check_schema(plan_schema())


def test_every_operation_has_a_contract() -> None:
    assert set(CONTRACTS) == set(OPERATIONS)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_field_is_written(kind: type) -> None:
    shape = RECORDS[kind].of
    assert {field.name for field in fields(kind)} == {*shape.keys, *shape.optional}


def test_every_field_of_a_plan_is_written() -> None:
    assert {field.name for field in fields(nodes.Plan)} == {*parts.PLAN.keys, *parts.PLAN.optional} - HEAD


@pytest.mark.parametrize("on", [None, "2026-03-02"])
def test_a_written_plan_answers_as_its_rule_set_does(tmp_path: Path, on: str | None) -> None:
    compiled = rules("house.example")
    path = tmp_path / "house.json"
    path.write_text(write_plan(compiled.plan if on is None else compiled.on(on)), encoding="utf-8")
    written = pmdsl.load(path)
    assert written.digest == compiled.digest
    assert written.margin(small()).to_json() == compiled.margin(small()).to_json()


def test_a_plan_for_a_date_is_for_that_date(tmp_path: Path) -> None:
    written = pmdsl.load(write_plan(rules().on("2026-03-02")))
    with pytest.raises(pmdsl.PmdslError) as caught:
        written.margin(small(), on="2026-03-03")
    assert caught.value.findings[0].code == "PM707"
