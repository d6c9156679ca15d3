"""Digests: two plans that mean different things never share one; wording, layout and order change none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

import pytest

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.diagnostics.render import render_text
from pmdsl.names.library import Library
from pmdsl.plan.digest import digest
from pmdsl.plan.nodes import Output, Plan
from pmdsl.plan.simplify import simplify
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse
from pmdsl.syntax.printer import print_file
from tests.mutation.mutants import Mutant, mutants
from tests.plan.meanings import CHANGES, SAME, TEXT
from tests.plan.written import NAMES, ROOT
from tests.syntax.scatter import scattered

# Changes of the files of operators that mean the same, by the text of their line.
EQUAL = {
    "| stock | 2024-07-01 | 2024-09-30 | 20% |": "the row after it ends it on that day anyway",
    "| small | 2024-07-01 | 2024-09-30 | -20% | +20% |": "the row after it ends it on that day anyway",
    "input factor_of by class, period { factor: percent default 1% steep: bool default no }": "not read",
    "tier: tier default one": "not read",
    "input account { limit: money default 0 }": "not read",
    "input underlying { extreme: bool default no }": "not read",
}
SMALL = """pmdsl 1
methodology example.small {
  version  "1"
  currency USD
  covers   2020-01-01 onward
  levels   position -> account
"""
# The fields of records that say nothing about an answer.
UNMEANT = {"origin", "message", "binding", "unverified"}


def plans_of(text: str, name: str = "example.margin") -> list[Plan | None]:
    """The plans of a text, None where a methodology has errors."""
    found = compile_source(Source(name, text), Library(), Findings(), checks=False)
    return [methodology.plan for methodology in found.methodologies]


@cache
def plan_of(text: str) -> Plan:
    """The plan of a text that has no errors."""
    findings = Findings()
    found = compile_source(Source("example.margin", text), Library(), findings, checks=False)
    plan = found.methodologies[0].plan
    assert plan is not None, render_text(findings)
    return plan


# ---- one change --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHANGES)
def test_what_means_something_else_has_another_digest(name: str) -> None:
    before, after = CHANGES[name]
    assert before in TEXT
    assert plan_of(TEXT.replace(before, after)).digest != plan_of(TEXT).digest


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_has_the_same_digest(name: str) -> None:
    before, after = SAME[name]
    assert before in TEXT
    assert plan_of(TEXT.replace(before, after)).digest == plan_of(TEXT).digest


def test_a_claim_is_about_its_parameter_and_not_about_another_of_equal_value() -> None:
    other = TEXT.replace("loss * (1 + buffer) * (1 - other)", "loss * (1 + other) * (1 - buffer)")
    assert plan_of(other).digest != plan_of(TEXT).digest


def test_the_currency_enters() -> None:
    text = f"{SMALL}  report equity = account.equity\n}}\n"
    assert plan_of(text).digest != plan_of(text.replace("USD", "CAD")).digest


def test_numbers_of_different_units_are_apart_in_whatever_order_they_are_declared() -> None:
    reports = ["  report plain = 10\n", "  report money = USD 10\n"]
    texts = [SMALL + "".join(order) + "}\n" for order in (reports, reports[::-1])]
    assert plan_of(texts[0]).digest == plan_of(texts[1]).digest
    for plan in (simplify(plan_of(text), date(2024, 1, 2)) for text in texts):
        assert {out.name: plan.nodes[out.node].unit for out in plan.outputs} == {
            "plain": "",
            "money": "money",
        }


# ---- every field -------------------------------------------------------------------------------------------


def other(value: Any) -> Any:
    """A value that differs from one, of the same shape."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
        case Mapping():
            return {**value, "other": "1"}
    assert isinstance(value, tuple)
    sample = value[0] if value else "other"
    return (*value, 0 if isinstance(sample, int) else sample if isinstance(sample, tuple) else "other")


def variants(record: Any) -> dict[str, Any]:
    """A record with one field changed, for each field that has a meaning."""
    return {
        spec.name: replace(record, **{spec.name: other(getattr(record, spec.name))})
        for spec in fields(record)
        if spec.name not in UNMEANT
    }


def changed_plans(plan: Plan) -> dict[str, Plan]:
    """A plan with one field of one record changed, for each of them."""
    at = next(out.node for out in plan.outputs if out.name == "rounded")
    report = next(k for k, out in enumerate(plan.outputs) if out.name == "charged")
    table = plan.data["reported"]
    columns = {"columns": replace(table, columns=table.columns[:-1]), "keys": replace(table, keys=1)}
    share = next(k for k, column in enumerate(plan.inputs) if column.column == "share")
    found = {"lots": replace(plan, lots=True), "currency": replace(plan, currency="CAD")}
    found["covers"] = replace(plan, covers=(date(2020, 1, 1), None))
    for name, node in variants(plan.nodes[at]).items():
        found[f"node {name}"] = replace(plan, nodes=(*plan.nodes[:at], node, *plan.nodes[at + 1 :]))
    for name, out in variants(plan.outputs[report]).items():
        outputs = (*plan.outputs[:report], out, *plan.outputs[report + 1 :])
        found[f"output {name}"] = replace(plan, outputs=outputs)
    for name, column in variants(plan.inputs[share]).items():
        if name not in ("table", "column"):
            inputs = (*plan.inputs[:share], column, *plan.inputs[share + 1 :])
            found[f"input {name}"] = replace(plan, inputs=inputs)
    for name, level in variants(plan.levels["issue.key"]).items():
        found[f"level {name}"] = replace(plan, levels={**plan.levels, "issue.key": level})
    for name, axis in variants(plan.axes["settle"]).items():
        found[f"axis {name}"] = replace(plan, axes={**plan.axes, "settle": axis})
    for name, changed in {**variants(table), **columns}.items():
        if name != "name":
            found[f"data {name}"] = replace(plan, data={**plan.data, "reported": changed})
    return found


CHANGED = changed_plans(plan_of(TEXT))


@pytest.mark.parametrize("field", CHANGED)
def test_every_field_that_has_a_meaning_enters(field: str) -> None:
    assert digest(CHANGED[field]) != digest(plan_of(TEXT))


# ---- every rule file ---------------------------------------------------------------------------------------


def reworded(text: str, random: Random) -> str:
    """A rule file with its statements in another order, other notes, another layout and comments."""
    tree = parse(Source("x.margin", text), Findings())
    items = []
    for item in tree.items:
        if isinstance(item, ast.Methodology):
            members = [
                with_other_notes(member) for member in item.members if not isinstance(member, ast.Title)
            ]
            random.shuffle(members)
            items.append(replace(item, members=tuple(members)))
    return scattered(print_file(replace(tree, items=tuple(items))), random)[0]


def with_other_notes(member: ast.Declaration) -> ast.Declaration:
    """A statement that cites nothing and that nobody has verified."""
    if isinstance(member, ast.Override):
        return replace(member, declaration=with_other_notes(member.declaration))
    notes = getattr(member, "notes", None)
    if notes is None:
        return member
    return replace(member, notes=replace(notes, cites=(), unverified=True))  # type: ignore[call-arg]


@pytest.mark.parametrize("name", NAMES)
def test_wording_layout_and_order_change_no_digest(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    digests = [plan.digest if plan else "" for plan in plans_of(text, str(ROOT / name))]
    again = plans_of(reworded(text, Random(name)), str(ROOT / name))
    assert all(digests)
    assert [plan.digest if plan else "" for plan in again] == digests


def whole_digests(text: str, name: str) -> list[str]:
    """The digests of the plans of a text as if each step were reported, so that all of it counts."""
    found = []
    for plan in plans_of(text, name):
        steps = plan.steps.items() if plan else ()
        reports = tuple(Output("report", f"step {step}", node) for step, node in steps)
        found.append(digest(replace(plan, outputs=plan.outputs + reports)) if plan else "")
    return found


def tried(name: str) -> list[Mutant]:
    """The changes of a rule file that are tried: all of a small file, some of a large one."""
    found = [m for m in mutants(Source.read(ROOT / name)) if m.line not in EQUAL]
    return found if len(found) < 150 else Random(name).sample(found, 25)


@pytest.mark.parametrize("name", NAMES)
def test_a_small_change_of_a_rule_file_changes_its_digest(name: str) -> None:
    path = str(ROOT / name)
    before = whole_digests((ROOT / name).read_text(encoding="utf-8"), path)
    assert [str(mutant) for mutant in tried(name) if whole_digests(mutant.text, path) == before] == []
