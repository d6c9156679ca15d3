"""What grows with quantity: degrees of formulas, held against what the engine makes of a larger position."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from pmdsl.compiler import Compiled, compile_source
from pmdsl.diagnostics import Findings
from pmdsl.engine import evaluate
from pmdsl.names.library import Library
from pmdsl.plan.lower.degrees import RULES, Degree, degree
from pmdsl.plan.lower.elaborator import Context
from pmdsl.plan.lower.graph import Value
from pmdsl.plan.lower.slices import is_quantity, per_contract, reached, scales
from pmdsl.plan.nodes import Node
from pmdsl.plan.simplify import simplify
from pmdsl.portfolio import read_portfolio
from pmdsl.source import Source
from tests.operators.running import Cells, reports

ON = date(2024, 1, 2)
HEAD = """pmdsl 1
methodology test.degrees {
  version  "1"
  currency USD
  covers   2020-01-01 onward
  levels position -> name -> account
  group name = underlying.id
  input position { weight: factor default 3 }
  scenarios point {
    | point | move |
    | down  | -10% |
    | up    |  20% |
  }
  unique table rate by underlying.kind {
    | kind  | paid                      | share |
    | stock | abs(quantity) * USD 2     |    5% |
    | any   | abs(quantity) * USD 3     |    7% |
  }
  step worth   = abs(quantity) * multiplier * price
  step signed  = quantity * multiplier * price
  step held    = sum worth into name
  step rounded = round(worth, up, USD 100)
"""
ONE, NONE, MIXED = Degree.ONE, Degree.NONE, Degree.MIXED
FORMULAS = [
    ("quantity * multiplier", ONE),
    ("abs(quantity)", ONE),
    ("50% * worth", ONE),
    ("-worth", ONE),
    ("worth + signed", ONE),
    ("worth - signed * 10%", ONE),
    ("worth / position.weight", ONE),
    ("max(worth, signed)", ONE),
    ("max(worth, 0)", ONE),
    ("min(worth, 0) - worth", ONE),
    ("if quantity > 0 then worth else 2 * worth", ONE),
    ("if worth > 2 * signed then worth else 0", ONE),
    ("if price > USD 5 then worth else 0", ONE),
    ("rate.paid", ONE),
    ("worth * rate.share", ONE),
    ("worth * (1 + point.move)", ONE),
    ("worst signed * point.move over point", ONE),
    ("worth / abs(quantity)", NONE),
    ("price", NONE),
    ("multiplier * price", NONE),
    ("round(price, up, USD 10)", NONE),
    ("rate.share", NONE),
    ("if quantity > 0 then 1 else 2", NONE),
    ("worth + USD 100", MIXED),
    ("max(worth, USD 100)", MIXED),
    ("worth * worth / USD 1", MIXED),
    ("USD 100 / worth", MIXED),
    ("round(worth, up, USD 100)", MIXED),
    ("rounded + worth", MIXED),
    ("if worth > USD 1_000 then worth else 0", MIXED),
    ("if quantity > 0 then worth else USD 5", MIXED),
    ("sqrt(worth * USD 1)", MIXED),
    ("worth * held / USD 1", ONE),
    ("worth / held", ONE),
    ("held", NONE),
    ("worth + held", MIXED),
]


@cache
def compiled(formula: str, answers: str = "") -> Compiled:
    """A rule set with a step `asked`; its reports are `answers`."""
    text = f"{HEAD}  step asked = {formula}\n{answers}  require initial = sum held into account\n}}\n"
    findings = Findings()
    found = compile_source(Source("degrees.margin", text), Library(), findings, checks=False).methodologies[0]
    assert found.plan is not None, [str(finding) for finding in findings]
    return found


def asked(found: Compiled) -> Value:
    """The step as a value of each position."""
    value = found.elaborator.memo["declared", "asked"]
    assert value is not None
    return found.elaborator.at_level(value, "position", Context())


@pytest.mark.parametrize(("formula", "expected"), FORMULAS)
def test_formula(formula: str, expected: Degree) -> None:
    found = compiled(formula)
    assert scales(found.elaborator, asked(found)) is expected


def answered(formula: str, quantity: int) -> Cells:
    """The step for the only position of a book."""
    plan = compiled(formula, "  report answer = sum asked where position.weight > 0 into account\n").plan
    assert plan is not None
    book = {
        "on": ON,
        "accounts": [{"id": "A"}],
        "underlyings": [{"id": "X", "kind": "stock", "price": 10}],
        "positions": [{"account": "A", "instrument": "X", "quantity": quantity}],
    }
    return reports(evaluate(simplify(plan, ON), read_portfolio(book)))["answer"]


BY_ITSELF = [(f, d) for f, d in FORMULAS if "held" not in f and "point" not in f]


@pytest.mark.parametrize(("formula", "expected"), BY_ITSELF)
@pytest.mark.parametrize("side", [1, -1])
def test_the_engine_agrees(formula: str, expected: Degree, side: int) -> None:
    """Six times the position has six times of what grows, and the same of what does not."""
    (one,), (six,) = answered(formula, 2 * side).values(), answered(formula, 12 * side).values()
    if expected is ONE:
        assert six == pytest.approx(6 * one)
    elif expected is NONE:
        assert six == pytest.approx(one)


@pytest.mark.parametrize("formula", [f for f, d in BY_ITSELF if d is MIXED])
def test_what_keeps_no_proportion_has_a_book_that_shows_it(formula: str) -> None:
    pairs = [(answered(formula, n), answered(formula, 6 * n)) for n in (1, 2, -2, 30)]
    values = [(*one.values(), *six.values()) for one, six in pairs]
    assert any(six != pytest.approx(6 * one) for one, six in values)
    assert any(six != pytest.approx(one) for one, six in values)


# ---- graphs by hand
# ----------------------------------------------------------------------------------------------------------


def const(value: str) -> Node:
    return Node("const", params={"value": value}, level="position")


QUANTITY = Node("input", params={"table": "position", "column": "quantity"}, level="position")
GRAPH = (QUANTITY, const("2"), const("0"), Node("input", params={}, level="account"))


@pytest.mark.parametrize(
    ("op", "inputs", "expected"),
    [
        ("mul", (0, 1), ONE),
        ("mul", (0, 2), Degree.ANY),
        ("mul", (0, 0), MIXED),
        ("div", (0, 1), ONE),
        ("div", (0, 0), NONE),
        ("div", (1, 0), MIXED),
        ("div", (2, 0), Degree.ANY),
        ("ratio", (0, 0, 1), NONE),
        ("ratio", (0, 0, 2), NONE),
        ("ratio", (0, 1, 2), ONE),
        ("ratio", (0, 0, 0), MIXED),
        ("add", (0, 1), MIXED),
        ("add", (0, 2), ONE),
        ("add", (0, 3), MIXED),
        ("mul", (0, 3), ONE),
        ("gt", (0, 2), NONE),
        ("gt", (0, 1), MIXED),
        ("gt", (0, 0), NONE),
        ("round", (0, 1), MIXED),
        ("round", (1, 1), NONE),
        ("if", (0, 0, 0), MIXED),
        ("if", (1, 0, 0), ONE),
        ("if", (1, 0, 1), MIXED),
    ],
)
def test_operation(op: str, inputs: tuple[int, ...], expected: Degree) -> None:
    nodes = (*GRAPH, Node(op, inputs, level="position"))
    assert degree(nodes, 4, {0: ONE}) is expected


def test_an_operation_without_a_rule_grows_with_nothing() -> None:
    """What nobody has thought of is taken for something that keeps no proportion."""
    assert "never heard of" not in RULES
    nodes = (*GRAPH, Node("never heard of", (0,), level="position"))
    assert degree(nodes, 4, {0: ONE}) is MIXED


def test_what_scales_is_read_and_not_changed() -> None:
    scaling = {0: ONE}
    degree((*GRAPH, Node("mul", (0, 1), level="position")), 4, scaling)
    assert scaling == {0: ONE}


# ---- one contract
# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", [f for f, d in FORMULAS if d is ONE])
def test_one_contract_is_a_formula_of_the_side_alone(formula: str) -> None:
    """The quantity is read by nothing but its own sign, the quantity over its size."""
    found = compiled(formula)
    e = found.elaborator
    cut = per_contract(e, asked(found))
    readers = [
        e.graph.nodes[i]
        for i in reached(e, cut.node)
        if any(is_quantity(e.graph.nodes[k]) for k in e.graph.nodes[i].inputs)
    ]
    assert {node.op for node in readers} <= {"abs", "ratio"}
    assert scales(e, cut) is NONE


def test_what_is_of_the_group_is_not_cut() -> None:
    found = compiled("worth * held / USD 1")
    e = found.elaborator
    held = e.memo["declared", "held"]
    assert held is not None
    cut = per_contract(e, asked(found))
    assert any(held.node in e.graph.nodes[i].inputs for i in reached(e, cut.node))
