"""Refutations: found, small, and true when they are read back."""

from __future__ import annotations

from datetime import date

import pytest

from pmdsl.compare.claims import Effort, plan_of, prove
from pmdsl.diagnostics import PmdslError
from pmdsl.engine import evaluate
from pmdsl.plan.simplify import simplify
from pmdsl.portfolio import read_portfolio
from tests.claims.helpers import HEAD, claim, compiled, verdict

REFUTED = [
    "whole >= gross",
    "gross >= worth",
    "worth >= 0",
    "gross * (1 + slide) >= gross",
    "gross >= whole * 2",
    "largest scan into account >= gross",
    "gross == whole",
    "gross <= USD 100",
    "gross <= USD 100 or whole <= USD 100",
    "not (gross > USD 100)",
    "account.equity >= gross",
    "rising(shrunk, share)",
]
STEPS = "  step shrunk = gross * (1 - share)"


@pytest.mark.parametrize("expression", REFUTED)
def test_what_is_refuted(expression: str) -> None:
    found = verdict(expression, STEPS)
    assert found.kind == "refuted", found.explanation
    assert found.witness is not None
    assert len(read_portfolio(found.witness.text).positions.columns["quantity"]) <= 3


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("scan >= 0", "proved"),
        ("scan >= floor", "refuted"),
        ("floor >= scan and scan >= 0", "refuted"),
        ("name_pnl <= scan", "refuted"),
        ("-name_pnl <= scan", "unknown"),
        ("share <= 10%", "proved"),
        ("share >= 10%", "refuted"),
        ("rising(slid, slide)", "refuted"),
        ("rising(raised, share)", "proved"),
    ],
)
def test_claims_at_other_levels_and_points(expression: str, kind: str) -> None:
    steps = "  step slid = name_pnl * slide\n  step raised = scan * share"
    found = verdict(expression, steps, Effort(markets=2, accounts=300))
    assert found.kind == kind, found.explanation


def test_a_witness_is_a_book_that_breaks_the_claim() -> None:
    rules = compiled(claim("whole >= gross"))
    found = prove(plan_of(rules), "it")
    assert found.witness is not None
    assert rules.plan is not None
    book = read_portfolio(found.witness.text)
    assert book.on == found.witness.on
    answer = evaluate(simplify(rules.plan, book.on), book)
    assert answer.accounts == ("A1",)
    gross = float(answer.amounts("initial")[0])
    assert found.witness.values == {
        "whole": pytest.approx(found.witness.values["whole"]),
        "gross": pytest.approx(gross),
    }
    assert found.witness.values["whole"] < gross


def test_a_claim_about_a_parameter_says_what_was_changed() -> None:
    found = verdict("rising(shrunk, share)", STEPS)
    assert found.witness is not None
    assert found.witness.changed == "`share` changed from 0.05 to 0.1"
    assert found.witness.values["before"] > found.witness.values["after"]


def test_a_claim_that_fails_on_some_dates_only() -> None:
    found = verdict("gross * (1 + slide) >= gross")
    assert found.witness is not None
    assert found.witness.on < date(2024, 1, 1)


def test_equal_efforts_find_equal_books() -> None:
    first, second = (verdict("whole >= gross") for _ in range(2))
    assert first == second
    other = verdict("whole >= gross", effort=Effort(seed=7))
    assert other.kind == "refuted"


@pytest.mark.parametrize(
    "expression", ["gross <= USD 1_000_000_000_000", "round(gross, half_up, USD 0.0001) >= gross"]
)
def test_what_is_neither(expression: str) -> None:
    found = verdict(expression, effort=Effort(markets=1, accounts=300))
    assert found.kind == "unknown"
    assert found.witness is None


def test_a_claim_that_nobody_makes() -> None:
    with pytest.raises(PmdslError, match="PM532"):
        prove(plan_of(compiled(claim("whole >= 0"))), "other")


def test_other_finest_levels_have_books_too() -> None:
    rules = """pmdsl 1

methodology test.rows {
  title "r"  version "1"  currency USD  covers 2020-01-01 onward
  kind risk = rates | equity
  input exposure { bucket: text  risk: risk  amount: money }
  levels exposure -> bucket -> account
  group bucket = bucket
  step inside = sum amount into bucket
  require gross = sum abs(inside) into account
  require whole   = abs(sum inside into account)
  check "nets": whole >= gross
  check "sums": gross >= 0
}
"""
    plan = plan_of(compiled(rules))
    assert prove(plan, "sums").kind == "proved"
    found = prove(plan, "nets")
    assert found.kind == "refuted"
    assert found.witness is not None
    assert "tables:\n  exposure:" in found.witness.text


def test_matrices_and_correlated_sums() -> None:
    text = (
        HEAD.replace(
            "group name = underlying.id",
            """group name = underlying.id
  matrix rho by underlying from book""",
        )
        + """
  step exposure = sum quantity * multiplier * underlying.price into name
  step sigma    = aggregate exposure with rho into account
  require initial = sigma
  check "positive": sigma >= 0
  check "diversifies": sigma >= sum abs(exposure) into account
}
"""
    )
    plan = plan_of(compiled(text))
    assert prove(plan, "positive").kind == "proved"
    found = prove(plan, "diversifies")
    assert found.kind == "refuted"
    assert found.witness is not None
    assert "matrices:" in found.witness.text
