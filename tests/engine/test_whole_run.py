"""What is said of a run as a whole: plans, sources, columns and rows that do not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pmdsl.diagnostics import PmdslError
from pmdsl.engine import bind, unknown_columns
from pmdsl.plan.nodes import Level
from tests.engine.building import ON, Building, book
from tests.engine.two_accounts import ACCOUNTS, FOLD


def test_a_plan_for_another_date_is_refused() -> None:
    building = Building()
    building.output(building.const(1), "initial", "requirement")
    with pytest.raises(PmdslError) as caught:
        bind(replace(building.plan(), on=ON + timedelta(days=1)), book())
    assert [finding.code for finding in caught.value.findings] == ["PM707"]
    building.output(
        building.add("dated", building.const(1), segments=((None, None),)), "later", "requirement"
    )
    with pytest.raises(PmdslError, match="was not made ready for a date"):
        bind(building.plan(), book())


def test_sources_read_long_ago_are_said() -> None:
    building = Building()
    building.output(building.const(1), "initial", "requirement")
    old = replace(building.plan(), newest_read_on=ON - timedelta(days=400))
    assert [f.code for f in bind(old, book()).findings] == ["PM725"]
    assert len(bind(replace(old, newest_read_on=ON - timedelta(days=365)), book()).findings) == 0


def test_columns_that_no_plan_reads_are_said_with_a_near_miss() -> None:
    building = Building()
    building.output(building.input("underlying", "breadth", base="text"), "b")
    unders = [
        {"id": "XYZ", "price": 1.0, "bredth": "narrow", "sector": "tech"},
        {"id": "ABC", "breadth": "broad"},
    ]
    found = unknown_columns([building.plan()], book((), (), unders, market={"vix": "14"}))
    assert [(f.message, f.hint) for f in found] == [
        ("no rule set at hand reads `bredth` of underlying", "did you mean `breadth`?"),
        ("no rule set at hand reads `sector` of underlying", None),
        ("no rule set at hand reads `vix` of the market", None),
    ]
    assert len(unknown_columns([building.plan()], book((), (), unders[1:]))) == 0


def test_rows_of_an_input_table_belong_to_accounts() -> None:
    building = Building()
    building.levels["sensitivity"] = Level("sensitivity", "table")
    bucket = building.input("sensitivity", "bucket", base="text")
    building.group("bucket", "sensitivity", "sensitivity", bucket)
    amount = building.input("sensitivity", "amount")
    sums = building.add("fold_into", amount, level="bucket", kind="sum", **FOLD)
    building.output(sums, "by")
    building.output(
        building.add("fold_into", sums, level="account", kind="sum", **FOLD), "initial", "requirement"
    )
    rows = [
        {"account": a, "bucket": b, "amount": str(x)}
        for a, b, x in [
            ("A2", "EUR", 1),
            ("A1", "USD", 2),
            ("A1", "EUR", 3),
            ("A1", "USD", 4),
            ("A9", "USD", 5),
        ]
    ]
    answer = bind(building.plan(), book((), (), (), ACCOUNTS, tables={"sensitivity": rows})).run()
    assert answer.reports("A1")["by"] == {"EUR": 3.0, "USD": 6.0}
    assert answer.amounts("initial").tolist() == [9.0, 1.0]
    assert [(f.code, f.message) for f in answer.findings] == [
        ("PM704", "row 5 of sensitivity is of account `A9`, which is not listed")
    ]
