"""Coverage counts what was written, and only what mattered counts as reached."""

from __future__ import annotations

from pmdsl.testing import render_report
from pmdsl.testing.coverage import Coverage
from tests.testing.helpers import run, sample

HEAD = """pmdsl 1

test "one" {
  using test.small
  on 2024-03-01
"""
SHARE = """
  underlyings {
    | id  | kind  | price | size |
    | XYZ | stock | 50.00 |      |
  }
  positions {
    | instrument | quantity |
    | XYZ        |      100 |
  }
  expect maintenance = USD 500.00
}
"""


def coverage(*tests: str, rules: str = "small.margin") -> Coverage:
    report = run({rules: sample(rules), "it_test.margin": "".join(tests)}, coverage=True)
    assert report.ok, [f.message for case in report.cases for f in case.findings]
    return report.coverage[0]


def reached(found: Coverage, kind: str) -> set[tuple[str, str]]:
    return {(item.what, item.part) for item, hit in found.of(kind) if hit}


def test_one_share_reaches_its_own_rows() -> None:
    found = coverage(HEAD + SHARE)
    assert reached(found, "row") == {
        ("range little | 2020-01-01 | -10% | +10%", ""),
        ("charge any | 2%", ""),
        ("limit any | USD 7_000", ""),
        ("pricing any | linear", ""),
    }
    assert reached(found, "segment") == {("buffer from 2020-01-01", "")}
    assert reached(found, "branch") == {("if held > limit.most", "else")}
    assert reached(found, "operand") == {("max of scan", "0"), ("min of maintenance", "0")}
    assert reached(found, "condition") == {("alert call", "no")} or reached(found, "condition") == set()
    assert reached(found, "point") == {("point low", "")}


def test_everything_written_is_counted_once() -> None:
    found = coverage(HEAD + SHARE)
    counts = {
        kind: len(found.of(kind)) for kind in ("row", "segment", "branch", "operand", "condition", "point")
    }
    assert counts == {"row": 9, "segment": 2, "branch": 2, "operand": 4, "condition": 4, "point": 3}
    assert found.counted[1] == 21
    assert found.points == (1, 3)


def test_a_branch_that_is_not_taken_reaches_nothing_behind_it() -> None:
    rules = sample("small.margin").replace("then USD 100 else 0", "then max(USD 100, held) else 0")
    report = run({"small.margin": rules, "it_test.margin": HEAD + SHARE}, coverage=True)
    assert ("max of USD 100", "0") not in reached(report.coverage[0], "operand")


def test_rows_given_at_run_time_leave_the_fallback_alone() -> None:
    data = "  data limits {\n | name | most |\n | XYZ | USD 9_000 |\n }\n"
    found = coverage(HEAD + data + SHARE)
    assert ("limit any | USD 7_000", "") not in reached(found, "row")


def test_dates_reach_other_segments() -> None:
    later = HEAD.replace("2024-03-01", "2026-03-01") + SHARE.replace("500.00", "825.00")
    found = coverage(HEAD + SHARE, later.removeprefix("pmdsl 1\n"))
    assert reached(found, "segment") == {("buffer from 2020-01-01", ""), ("buffer from 2025-01-01", "")}
    assert ("range little | 2025-01-01 | -15% | +15%", "") in reached(found, "row")


def test_conditions_count_for_each_outcome() -> None:
    accounts = "  accounts {\n | id | equity |\n | A1 | 100 |\n }\n"
    found = coverage(HEAD + accounts + SHARE)
    assert reached(found, "condition") == {("eligible solvent", "yes"), ("alert call", "yes")}


def test_formulas_that_say_the_same_are_reached_together() -> None:
    rules = sample("small.margin").replace(
        "report usage",
        "report again = sum (if held > limit.most then USD 100 else 0) into account\n  report usage",
    )
    report = run({"small.margin": rules, "it_test.margin": HEAD + SHARE}, coverage=True)
    hits = [hit for item, hit in report.coverage[0].of("branch") if item.part == "else"]
    assert hits == [True, True]


def test_what_a_child_inherits_is_the_parents() -> None:
    child = (
        """pmdsl 1

methodology test.child {
  title "c"  version "1"  currency USD  covers 2020-01-01 onward
  extends test.small at "1"
  param share: percent { from 2020-01-01 = 50% }
  require house = maintenance * share
}
"""
        + HEAD.removeprefix("pmdsl 1\n").replace("test.small", "test.child")
        + SHARE.replace("maintenance", "house").replace("500", "250")
    )
    report = run({"small.margin": sample("small.margin"), "child_test.margin": child}, coverage=True)
    assert report.ok
    found = next(c for c in report.coverage if c.rules == "test.child")
    assert [(item.what, hit) for item, hit in found.items] == [("share from 2020-01-01", True)]


def test_a_child_reaches_what_its_parent_wrote() -> None:
    child = (
        """pmdsl 1

methodology test.child {
  title "c"  version "1"  currency USD  covers 2020-01-01 onward
  extends test.small at "1"
}
"""
        + HEAD.removeprefix("pmdsl 1\n").replace("test.small", "test.child")
        + SHARE
    )
    tests = {
        "small.margin": sample("small.margin"),
        "child_test.margin": child,
        "it_test.margin": HEAD + SHARE.replace("100", "-100").replace("XYZ | stock", "XYZ | stock"),
    }
    report = run(tests, coverage=True)
    small = next(c for c in report.coverage if c.rules == "test.small")
    assert reached(small, "point") == {("point low", ""), ("point high", "")}


def test_a_formula_that_a_child_writes_as_its_parent_did_is_reached_with_it() -> None:
    """Also where the child replaced the parent's statement: `base.` still works it out, once for both."""
    child = (
        """pmdsl 1

methodology test.child {
  title "c"  version "1"  currency USD  covers 2020-01-01 onward
  extends test.small at "1"
  step least = max(scan, minimum)
  override require maintenance = base.maintenance + (sum least into account) because "twice"
}
"""
        + HEAD.removeprefix("pmdsl 1\n").replace("test.small", "test.child")
        + SHARE.replace("500", "1_000")
    )
    report = run({"small.margin": sample("small.margin"), "child_test.margin": child}, coverage=True)
    assert report.ok, [f.message for case in report.cases for f in case.findings]
    found = next(c for c in report.coverage if c.rules == "test.child")
    assert ("max of scan", "0") in reached(found, "operand")


def test_rows_of_a_file_are_counted_apart() -> None:
    rules = """pmdsl 1

methodology test.rates {
  title "r"  version "1"  currency USD  covers 2020-01-01 onward
  levels position -> account
  unique table rate by underlying.id from file "rates.csv"
  require initial = sum abs(quantity) * multiplier * underlying.price * rate into account
}
"""
    test = HEAD.replace("test.small", "test.rates") + SHARE.replace("maintenance", "initial")
    texts = {"rates.margin": rules, "it_test.margin": test, "rates.csv": "id,rate\nXYZ,10%\nABC,20%\n"}
    report = run(texts, coverage=True)
    assert report.ok, [str(f) for case in report.cases for f in case.findings]
    (found,) = report.coverage
    assert (found.counted, found.file_rows, found.uncovered) == ((0, 0), (1, 2), ())
    assert "test.rates: 1 of 2 rows of files were taken" in render_report(report, False)


def test_matrix_rows_and_pricing_rows() -> None:
    rules = """pmdsl 1

methodology test.pairs {
  title "p"  version "1"  currency USD  covers 2020-01-01 onward
  levels position -> name -> account
  group name = underlying.id
  matrix rho by underlying {
    | first | second | rho |
    | AA    | BB     | 50% |
    | AA    | CC     | 20% |
  }
  step worth = sum quantity * multiplier * instrument.price into name
  require sigma = aggregate worth with rho into account
  pricing {
    | when                      | model         |
    | instrument.kind == option | black_scholes |
    | any                       | linear        |
  }
}

test "two of three" {
  using test.pairs
  on 2024-03-01
  underlyings {
    | id | kind  | price |
    | AA | stock |     3 |
    | BB | stock |     4 |
  }
  positions {
    | instrument | quantity |
    | AA         |        1 |
    | BB         |        1 |
  }
  expect sigma = USD 6.08
}
"""
    report = run({"pairs_test.margin": rules}, coverage=True)
    assert report.ok, [f.message for case in report.cases for f in case.findings]
    rows = reached(report.coverage[0], "row")
    assert ("rho AA | BB | 50%", "") in rows
    assert ("rho AA | CC | 20%", "") not in rows


MORE = """pmdsl 1

methodology test.more {
  title "m"  version "1"  currency USD  covers 2020-01-01 onward
  levels position -> name -> account
  group name = underlying.id

  params {
    | name  | unit   | from       | value |
    | small | factor | 2020-01-01 |     1 |
    | small | factor | 2025-01-01 |     2 |
    | large | factor | 2020-01-01 |     9 |
  }
  input underlying { sector: text default "none" }
  unique table bracket by worth {
    | worth                  | rate |
    | < USD 100              |  10% |
    | USD 100 up to USD 1000 |   5% |
    | >= USD 1000            |   1% |
  }
  pair rho between name a and b {
    | when                 | rho  |
    | same(sector)         | 100% |
    | any                  |  50% |
  }
  pricing {
    | when | model  |
    | any  | linear |
  }
  step worth  = sum quantity * multiplier * value into name
  step charge = marginal bracket.rate of (worth)
  step whole  = aggregate charge with rho into account
  require initial = clamp(whole * (if small > large then small else 1), USD 5, USD 50)
}

test "two brackets, one pair" {
  using test.more
  on 2024-03-01
  underlyings {
    | id | kind  | price | sector |
    | AA | stock |     2 | tech   |
    | BB | stock |     4 | tech   |
  }
  positions {
    | instrument | quantity |
    | AA         |      100 |
    | BB         |       10 |
  }
  expect charge[AA] = USD 15
  expect charge[BB] = USD 4
  expect initial    = USD 19.00
  expect small      = 1
}
"""


def test_parameters_in_a_table_brackets_pairs_and_bounds() -> None:
    report = run({"more_test.margin": MORE}, coverage=True)
    assert report.ok, [f.message for f in (*report.findings, *(f for c in report.cases for f in c.findings))]
    found = report.coverage[0]
    assert reached(found, "segment") == {("small from 2020-01-01", ""), ("large from 2020-01-01", "")}
    rows = reached(found, "row")
    assert ("bracket < USD 100 | 10%", "") in rows
    assert ("bracket USD 100 up to USD 1000 | 5%", "") in rows
    assert ("bracket >= USD 1000 | 1%", "") not in rows
    assert ("rho same(sector) | 100%", "") in rows
    assert ("rho any | 50%", "") not in rows
    assert {part for _, part in reached(found, "operand")} == {"inside"}
    assert reached(found, "branch") == {("if small > large", "else")}
