"""The overlay of a broker: its floor is proved; without it a short butterfly has a margin that falls."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmdsl.compare.claims import plan_of, prove, prove_all
from pmdsl.compiler import Compiled, compile_source
from pmdsl.diagnostics import Findings
from pmdsl.engine import evaluate
from pmdsl.names.library import Library
from pmdsl.plan.simplify import simplify
from pmdsl.portfolio import read_portfolio
from pmdsl.source import Source

RULES = Path(__file__).resolve().parents[2] / "rules"
FORMULA = "max(maintenance + concentration, base.maintenance) * (1 + buffer)"
FLY = """
on: 2026-03-02
rate: 0
accounts: [{id: A1, equity: 1000000}]
underlyings: [{id: XYZ, kind: stock, price: 100, option_exercise: european, volatility: 0.001}]
positions:
  - {instrument: "XYZ   260302P00088000", quantity: -1}
  - {instrument: "XYZ   260302P00085000", quantity: 2}
  - {instrument: "XYZ   260302P00082000", quantity: -1}
"""


def house(formula: str = FORMULA) -> Compiled:
    source = Source.read(RULES / "house" / "example.margin")
    assert FORMULA in source.text
    findings = Findings()
    text = source.text.replace(FORMULA, formula)
    found = compile_source(Source(source.name, text), Library(), findings, checks=False).methodologies[0]
    assert found.plan is not None, "\n".join(map(str, findings))
    return found


def test_the_claims_are_proved() -> None:
    assert [(v.claim, v.kind) for v in prove_all(plan_of(house()))] == [
        ("never below the rule", "proved"),
        ("a higher buffer never lowers the call", "proved"),
    ]


def test_without_the_floor_a_book_refutes_it() -> None:
    rules = house("(maintenance + concentration) * (1 + buffer)")
    found = prove(plan_of(rules), "never below the rule")
    assert found.kind == "refuted"
    assert found.witness is not None
    assert found.witness.values["house"] < found.witness.values["base.maintenance"] - 1
    book = read_portfolio(found.witness.text)
    assert rules.plan is not None
    answer = evaluate(simplify(rules.plan, book.on), book)
    assert float(answer.amounts("house")[0]) == pytest.approx(found.witness.values["house"])


def test_the_short_butterfly_falls_when_ranges_widen() -> None:
    rules = house("maintenance")
    assert rules.plan is not None
    answer = evaluate(simplify(rules.plan, read_portfolio(FLY).on), read_portfolio(FLY))
    assert answer.requirements("A1")["house"] == 200
    with_floor = house()
    assert with_floor.plan is not None
    floored = evaluate(simplify(with_floor.plan, read_portfolio(FLY).on), read_portfolio(FLY))
    assert floored.requirements("A1")["house"] == 330


def test_a_buffer_that_is_taken_off_lowers_the_call() -> None:
    rules = house("max(maintenance + concentration, base.maintenance) * (1 - buffer)")
    kinds = {v.claim: v.kind for v in prove_all(plan_of(rules))}
    assert kinds == {"never below the rule": "refuted", "a higher buffer never lowers the call": "refuted"}
