"""Results: amounts by name, the JSON answer, Arrow, and books that give more than anyone reads."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import pmdsl
from pmdsl.engine.rounding import money
from pmdsl.render.shown import as_text
from pmdsl.result_arrow import minor_units
from pmdsl.result_json import account_record
from tests.api.world import ROOT, SMALL, TINY, demo, rules, small


def test_amounts_by_account_and_name() -> None:
    result = rules().margin(small())
    assert list(result) == ["A1", "A2"]
    assert len(result) == 2
    assert result["A2"].maintenance == Decimal("750.00")
    assert result["A2"].requirements == {"maintenance": Decimal("750.00")}
    assert result["A1"].eligible == {"minimum_equity": True}
    assert result["A2"].eligible == {"minimum_equity": None}
    assert "maintenance" in dir(result["A1"])


def test_unknown_accounts_and_requirements_are_named() -> None:
    result = rules().margin(small())
    with pytest.raises(KeyError, match="no account `A3`"):
        result["A3"]
    with pytest.raises(AttributeError, match="did you mean `maintenance`"):
        result["A1"].maintenence  # noqa: B018


def test_a_requirement_that_could_not_be_had() -> None:
    book = SMALL.replace("kind: stock, price: 50,", "kind: stock,")
    result = rules().margin(book)
    assert result["A2"].requirements["maintenance"] is None
    assert result["A2"].has_errors
    assert not result["A1"].has_errors
    with pytest.raises(pmdsl.PmdslError):
        result["A2"].maintenance  # noqa: B018


def test_a_report_of_groups_where_nothing_is_held() -> None:
    by_name = TINY.replace("levels position -> account", "levels position -> name -> account")
    reported = by_name.replace(
        "  require maintenance",
        "  group name = underlying.id\n  report names = sum worth into name\n  require maintenance",
    )
    result = pmdsl.load(reported).margin("on: 2024-03-02\naccounts: [{id: A1}]\n")
    assert result["A1"].maintenance == Decimal(0)
    assert not result["A1"].has_errors


def test_the_date_may_be_changed() -> None:
    tiny = pmdsl.load(TINY)
    assert tiny.margin(small(), on="2024-12-31")["A2"].maintenance == Decimal("750.00")
    assert tiny.margin(small(), on=date(2025, 1, 1))["A2"].maintenance == Decimal("1000.00")


def test_the_json_answer() -> None:
    record = json.loads(rules().margin(small()).to_json())
    first, second = record["results"]
    assert record["on"] == "2026-03-02"
    assert list(first) == [
        "account", "rules", "digest", "currency", "requirements", "parent", "data", "unverified_used",
        "binding", "last_steps", "eligible", "messages",
    ]  # fmt: skip
    assert second["account"] == "A2"
    assert second["requirements"] == {"maintenance": "750.00"}
    assert second["binding"] == {
        "maintenance": [{"level": "portfolio_group", "group": "XYZ", "amount": "750.00", "by": "d5"}]
    }
    assert second["last_steps"] == {}
    assert second["eligible"] == {"minimum_equity": None}
    assert second["parent"] is None


def test_where_bound_amounts_are_not_the_requirement_the_answer_says_what_they_are_of() -> None:
    found = pmdsl.load("eu.esma_cfd").margin(ROOT / "examples" / "11_retail_cfds.yaml")["pair"]
    record = account_record(found)
    assert record["binding"]["close_out"][0]["amount"] == record["requirements"]["initial"]
    assert record["last_steps"] == {"close_out": "close_out_share * initial"}


def test_equal_inputs_give_equal_bytes() -> None:
    again = pmdsl.read_portfolio(SMALL)
    assert rules().margin(small()).to_json() == pmdsl.load("us.finra.cpm").margin(again).to_json()


def test_a_scenario_axis_that_nobody_verified_is_counted() -> None:
    axis = """
  scenarios point {
    cite book at "p. 1" unverified
    | point | move |
    | down  | -15% |
  }
  source book { title "A book"  read_on 2026-01-01 }
"""
    text = TINY.replace("  step worth", axis + "  step worth").replace("* rate", "* rate * (1 - point.move)")
    text = text.replace("sum abs(worth)", "worst (sum abs(worth)").replace(
        "into account\n", "into account) over point\n"
    )
    assert pmdsl.load(text).on("2026-03-02").unverified == 1


def test_what_is_done_with_the_groups_is_said_where_they_are_not_simply_added() -> None:
    formula = "max(maintenance + concentration, base.maintenance) * (1 + buffer)"
    house = as_text(rules("house.example").margin(demo()).__rich__(), 110).splitlines()
    said = f"amounts before the last step: house = {formula}"
    assert [line.strip() for line in house if "before the last step" in line] == [said]
    assert "before the last step" not in as_text(rules().margin(demo()).__rich__(), 110)


def test_alerts_and_the_parent_stand_in_the_answer() -> None:
    record = json.loads(rules("house.example").margin(small()).to_json())["results"][0]
    assert record["parent"] == {"name": "us.finra.cpm", "digest": rules().digest}
    assert record["alerts"] == []


def test_an_attribute_that_nobody_reads_is_an_error() -> None:
    book = SMALL.replace("{id: A2}", "{id: A2, colour: red}")
    with pytest.raises(pmdsl.PmdslError) as caught:
        rules().margin(book)
    assert [finding.code for finding in caught.value.findings] == ["PM703"]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (SMALL.replace("{id: A2}", "{id: A2, colour: red}"), "colour"),
        (SMALL.replace("quantity: 100}", "quantity: 100, colour: red}"), "colour"),
        (SMALL.replace("rate: 0.04", "rate: 0.04\nmarket: {strss: 2}"), "strss"),
        (SMALL.replace("rate: 0.04", 'rate: 0.04\nmarket: {"strss" : 2}'), '"strss"'),
    ],
)
def test_what_nobody_reads_is_shown_at_its_key(given: str, place: str) -> None:
    stressed = TINY.replace("  levels", "  input market { stress: factor default 1 }\n  levels")
    with pytest.raises(pmdsl.PmdslError) as caught:
        pmdsl.load(stressed.replace("* rate", "* rate * market.stress")).margin(given)
    [finding] = caught.value.findings
    assert finding.code == "PM703"
    assert finding.span is not None
    assert finding.span.text == place


def test_a_column_that_nobody_reads_is_shown_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "underlyings.csv"
    path.write_text("id,kind,price,colour\nXYZ,stock,50,red\n", encoding="utf-8")
    book = pmdsl.book_from_tables(
        {"instrument": ["XYZ"], "quantity": [1]}, {"id": []}, path, on=date(2026, 3, 2)
    )
    with pytest.raises(pmdsl.PmdslError) as caught:
        rules().margin(book)
    assert str(caught.value.findings[0].span).endswith("underlyings.csv:1:15")


def test_an_attribute_of_another_rule_set_at_hand_is_none() -> None:
    book = SMALL.replace("id: XYZ, kind: stock", "id: XYZ, kind: stock, breadth: narrow")
    assert pmdsl.load(TINY).margin(book)["A2"].maintenance == Decimal("1000.00")


def test_arrow_out() -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table(rules().margin(small()))
    assert table.column("account").to_pylist() == ["A1", "A2"]
    assert table.column("maintenance").to_pylist()[1] == Decimal("750.00")


def test_whole_columns_round_as_single_amounts_do() -> None:
    random = np.random.default_rng(5)
    values = np.concatenate(
        [random.uniform(-1e7, 1e7, 2000), random.integers(-99, 99, 500) / 200, [2.675, -0.005]]
    )
    units, missing = minor_units(values, 2)
    assert not missing.any()
    expected = [int(money(float(value), "USD") * 100) for value in values]
    assert units.tolist() == expected


def test_what_is_shown() -> None:
    result = rules().margin(demo())
    text = str(result)
    assert "maintenance" in text
    assert "53,046.05" in text
    assert "us.finra.cpm 2026.1" in text
    assert result._repr_html_().startswith("<pre")
    assert "A2" not in str(result["A1"])
    assert repr(result) == "<Result us.finra.cpm on 2023-09-14: 2 accounts>"
