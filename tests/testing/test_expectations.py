"""Every form of expectation, met and not met."""

from __future__ import annotations

import pytest

from tests.testing.helpers import codes, one, run, sample

BOOK = """
  using test.small
  on 2024-03-01
  underlyings {
    | id  | kind  | price | size |
    | XYZ | stock | 50.00 |      |
    | BIG | stock | 20.00 | big  |
  }
  positions {
    | instrument | quantity |
    | XYZ        |      100 |
    | BIG        |      -50 |
  }
"""
TWO = """
  using test.small
  on 2026-03-01
  accounts {
    | id | equity |
    | A1 |   1000 |
    | A2 |    -10 |
  }
  underlyings {
    | id  | kind  | price |
    | XYZ | stock | 50.00 |
  }
  positions {
    | account | instrument | quantity |
    | A1      | XYZ        |      100 |
    | A2      | XYZ        |       10 |
  }
"""
MET = """
maintenance = USD 550.00
maintenance = 550 * USD 1
maintenance = USD 540 within USD 10
maintenance = USD 545 within 1%
name_pnl[XYZ] at low = USD -500
name_pnl[XYZ] at mid = 0
move[XYZ] at high = 10%
move[BIG] at high = 0.05
buffer = 0
scan[BIG] = USD 50
scans[XYZ] = USD 500.00
pnl[BIG] at high = USD -50
"""


@pytest.mark.parametrize("expect", MET.strip().splitlines())
def test_values_that_are_met(expect: str) -> None:
    assert one(f"{BOOK}\n  expect {expect}").findings == ()


@pytest.mark.parametrize(
    ("expect", "code"),
    [
        ("maintenance = USD 550.01", "PM801"),
        ("maintenance = USD 540 within USD 9", "PM801"),
        ("maintenance = 550", "PM815"),
        ("maintenance = EUR 550", "PM815"),
        ("maintenance = high", "PM815"),
        ("buffer = USD 0.05", "PM815"),
        ("name_pnl[XYZ] at low = USD -500.000001", "PM801"),
        ("name_pnl at low = USD -500", "PM814"),
        ("name_pnl[XYZ] = USD -500", "PM814"),
        ("name_pnl[XYZ] at lowest = USD -500", "PM814"),
        ("name_pnl[ABC] at low = USD -500", "PM814"),
        ("maintenance at low = USD 550", "PM814"),
        ("maintenence = USD 550", "PM813"),
        ("base.maintenance = USD 550", "PM813"),
        ("usage = 5%", "PM801"),
        ("maintenance = 10% * price", "PM812"),
    ],
)
def test_values_that_are_not_met(expect: str, code: str) -> None:
    assert codes(one(f"{BOOK}\n  expect {expect}")) == [code]


def test_a_failure_says_what_was_found_and_what_bound() -> None:
    found = one(f"{BOOK}\n  expect maintenance = USD 500").findings[0]
    assert found.message == "`maintenance` is USD 550.00, expected USD 500"
    assert found.hint == "+50 off; bound: BIG by high (50.00), XYZ by low (500.00)"
    assert found.span is not None
    assert found.span.text.endswith("maintenance = USD 500")


def test_a_value_that_cannot_be_had_says_why() -> None:
    found = one(f"{BOOK}\n  expect usage = 5%").findings[0]
    assert found.message == "`usage` could not be had, expected 5%"
    assert found.hint is not None
    assert "equity" in found.hint


@pytest.mark.parametrize(
    ("expect", "code"),
    [
        ("maintenance[A1] = USD 825.00", ""),
        ("maintenance[A2] = USD 82.50", ""),
        ("name_pnl[A2, XYZ] at low = USD -75", ""),
        ("name_pnl[A2] at low = USD -75", ""),
        ("maintenance = USD 825.00", "PM814"),
        ("maintenance[A3] = USD 825.00", "PM814"),
        ("eligible solvent = yes", "PM805"),
        ("binding maintenance = low", ""),
        ("alert call = no", "PM805"),
        ("alert call[A1] = no", ""),
        ("alert call[A2] = no", "PM805"),
        ("alert call[A2] = yes", ""),
        ("alert call[A3] = yes", "PM814"),
        ("alert call[A1, XYZ] = no", "PM814"),
        ("eligible solvent[A1] = yes", ""),
        ("eligible solvent[A2] = yes", "PM805"),
        ("eligible solvent[A4] = yes", "PM814"),
        ("binding maintenance[A1] = low", ""),
        ("binding maintenance[A2] = high", "PM804"),
        ('check "never negative"[A1] = proved', "PM814"),
    ],
)
def test_several_accounts(expect: str, code: str) -> None:
    assert codes(one(f"{TWO}\n  expect {expect}")) == ([code] if code else [])


@pytest.mark.parametrize(
    ("expect", "code"),
    [
        ("binding maintenance = high", ""),
        ("binding maintenance = low", ""),
        ("binding maintenance = minimum", "PM804"),
        ("binding maintenance = mid", "PM804"),
        ("binding upkeep = mid", "PM813"),
        ("eligible solvent = unknown", ""),
        ("eligible solvent = yes", "PM805"),
        ("eligible solvent = maybe", "PM812"),
        ("eligible solvable = yes", "PM813"),
        ("alert call = no", ""),
        ("alert call = yes", "PM805"),
        ("alert call = unknown", "PM812"),
        ("alert call[book] = no", ""),
        ("alert call[A1] = no", "PM814"),
        ("alert cal = no", "PM813"),
        ('check "never negative" = proved', ""),
        ('check "never negative" = unknown', "PM807"),
        ('check "never negative" = perhaps', "PM812"),
        ('check "always" = proved', "PM813"),
        ("error PM717", "PM802"),
        ("error PM999", "PM813"),
    ],
)
def test_states(expect: str, code: str) -> None:
    assert codes(one(f"{BOOK}\n  expect {expect}")) == ([code] if code else [])


@pytest.mark.parametrize(
    ("expect", "code"),
    [
        ("range[little]", ""),
        ("range[big]", ""),
        ('charge["2%"]', ""),
        ('charge["1%"]', "PM806"),
        ('charge["100%"]', "PM806"),
        ("limit[anything]", ""),
        ("pricing[linear]", ""),
        ("pricing[black_scholes]", "PM806"),
        ("range[medium]", "PM814"),
        ("range[big, little]", "PM814"),
        ("ranges[big]", "PM813"),
    ],
)
def test_rows_that_fire(expect: str, code: str) -> None:
    assert codes(one(f"{BOOK}\n  expect fires {expect}")) == ([code] if code else [])


def test_an_error_is_expected_by_its_code() -> None:
    wrong = BOOK.replace("| BIG        |      -50 |", "| BOG        |      -50 |")
    assert codes(one(f"{wrong}\n  expect error PM614")) == []
    assert codes(one(f"{wrong}\n  expect error PM717")) == ["PM803", "PM802"]
    assert codes(one(f"{wrong}\n  expect maintenance = USD 1")) == ["PM803"]


def test_a_date_that_is_not_covered() -> None:
    early = BOOK.replace("2024-03-01", "2019-03-01")
    assert codes(one(f"{early}\n  expect error PM407")) == []
    assert codes(one(f"{early}\n  expect maintenance = USD 1")) == ["PM803"]


def test_a_cell_of_the_wrong_type_is_reported_though_nothing_else_fails() -> None:
    wrong = BOOK.replace("| XYZ | stock | 50.00 |      |", "| XYZ | stock | 50.00 | tiny |")
    assert codes(one(f"{wrong}\n  expect error PM702")) == []


CHILD = """
pmdsl 1

methodology test.child {
  title    "A stricter one"
  version  "1"
  currency USD
  covers   2020-01-01 onward
  extends  test.small at "1"

  scenarios side {
    | side   | sign |
    | posted |   -1 |
    | called |    1 |
  }
  require house by side = maintenance * 2 * side.sign
}

test "sides and the parent" {
  using test.child
  on 2024-03-01
  underlyings {
    | id  | kind  | price |
    | XYZ | stock | 50.00 |
  }
  positions {
    | instrument | quantity |
    | XYZ        |      100 |
  }
  expect house.called     = USD 1_000.00
  expect house.posted     = USD -1_000.00
  expect house at called  = USD 1_000.00
  expect base.maintenance = USD 500.00
  expect base.name_pnl[XYZ] at low = USD -500
  expect fires base.range[little]
}
"""


def test_sides_and_values_of_the_parent() -> None:
    report = run({"small.margin": sample("small.margin"), "child_test.margin": CHILD.lstrip()})
    assert report.ok, "\n".join(
        str(f) for f in (*report.findings, *(f for c in report.cases for f in c.findings))
    )


def test_data_rows_stand_before_those_of_the_rule_file() -> None:
    body = BOOK + "\n  data limits {\n | name | most |\n | XYZ | USD 4_000 |\n }\n"
    assert codes(one(f"{body}\n  expect excess[XYZ] = USD 100\n  expect excess[BIG] = 0")) == []
