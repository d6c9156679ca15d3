"""The compiled engine against numpy, bit for bit: random rule sets, books with holes, bundled rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

import pmdsl
from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.engine import bind
from pmdsl.engine.lean import lean
from pmdsl.names.library import Library
from pmdsl.plan.nodes import Plan
from pmdsl.plan.simplify import simplify
from pmdsl.portfolio.book import Book
from pmdsl.source import Source
from pmdsl.testing import run_tests
from tests.operators.running import answer, book_of, planned, reports
from tests.property.drawing import Program, programs
from tests.property.test_pipeline import FAST, MEMBERS, Member
from tests.property.writing import text

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 3, 2)
NAMES = 8

RULES = """pmdsl 1
methodology test.cascade {{
  version  "1"
  currency USD
  covers   2020-01-01 onward

  input underlying {{ family: text default "none"  counted: bool default yes }}

  levels position -> class_group -> family_group -> account
  group class_group  = underlying.id
  group family_group = underlying.family

  scenarios point {{
    | point | move |
{points}
  }}
  pricing {{
    | when | model  |
    | any  | linear |
  }}
  step change = multiplier * (value at (price_by: point.move) - value)
  step pnl    = quantity * change
  step lower  = sum pnl{where} into class_group
  step upper  = {second}
  step scan   = {kind} {top} over point
  require maintenance = sum max(scan, USD -1000000) into account
}}
"""


@dataclass(frozen=True)
class Shape:
    """What a rule set of this file may look like."""

    points: int
    where: bool
    net: bool
    deep: bool
    kind: str
    credit: str = "75%"

    def plan(self) -> Plan:
        """The rule set as a plan."""
        moves = np.linspace(-30, 30, self.points)
        body = RULES.format(
            points="\n".join(f"    | p{k} | {move:.2f}% |" for k, move in enumerate(moves)),
            where=" where underlying.counted" if self.where else "",
            second=f"{'net' if self.net else 'sum'} lower into family_group"
            + (f" crediting {self.credit} of gains" if self.net else ""),
            kind=self.kind,
            top="upper" if self.deep else "lower",
        )
        findings = Findings()
        source = Source("cascade.margin", body)
        plan = compile_source(source, Library(), findings, checks=False).methodologies[0].plan
        assert plan is not None, "\n".join(map(str, findings))
        return simplify(plan, ON)


SHAPES = st.builds(
    Shape,
    st.sampled_from([1, 2, 9, 16, 17, 33]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["worst", "largest", "smallest"]),
    st.sampled_from(["75%", "0%", "100%", "120%"]),
)


def book(seed: int, holes: bool) -> Book:
    """A book of few names; with holes some prices, families and currencies are not what they should be."""
    draw = np.random.default_rng(seed)
    count = int(draw.integers(1, 60))
    price: list[float | None] = draw.uniform(1, 99, NAMES).tolist()
    family: list[str | None] = [f"F{k}" for k in draw.integers(0, 3, NAMES)]
    currency: list[str | None] = ["USD"] * NAMES
    if holes:
        currency[int(draw.integers(NAMES))] = "EUR"
        family[int(draw.integers(NAMES))] = None
    return pmdsl.book_from_tables(
        {
            "account": [f"A{k}" for k in draw.integers(0, 5, count)],
            "instrument": [f"U{k}" for k in draw.integers(0, NAMES, count)],
            "quantity": np.round(draw.normal(0, 9, count), 2),
        },
        {"id": []},
        {
            "id": [f"U{k}" for k in range(NAMES)],
            "kind": ["stock"] * NAMES,
            "price": price,
            "currency": currency,
            "family": family,
            "counted": draw.choice(["yes", "no"], NAMES).tolist(),
        },
        on=ON,
        rate=0.04,
    )


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.integers(0, 999), st.booleans(), st.sampled_from([1, 7, 10_000]))
def test_cascades_have_the_bits_of_numpy(shape: Shape, seed: int, holes: bool, rows: int) -> None:
    plan, of = shape.plan(), book(seed, holes)
    slow, quick = bind(plan, of).run(), bind(plan, of, engine="compiled").run(rows=rows)
    assert np.array_equal(slow.amounts("maintenance"), quick.amounts("maintenance"), equal_nan=True)
    for account in slow.accounts:
        assert slow.account(account) == quick.account(account)
        assert slow.binding(account) == quick.binding(account)


def test_a_cascade_is_one_operation() -> None:
    plan = Shape(9, where=False, net=True, deep=True, kind="worst").plan()
    targets = [out.node for out in plan.outputs]
    assert "cascade" in {node.op for node in lean(plan, targets, frozenset(), "compiled").nodes}
    assert "cascade" not in {node.op for node in lean(plan, targets, frozenset(), "numpy").nodes}


@FAST
@given(programs(), MEMBERS)
def test_random_programs_say_the_same(program: Program, members: list[Member]) -> None:
    plan, of = planned(text(program)), book_of(members)
    assert reports(answer(plan, of, engine="compiled")) == reports(answer(plan, of))


def test_the_tests_of_all_bundled_rule_sets_pass() -> None:
    found = run_tests([ROOT / "rules"], engine="compiled")
    failed = [case for case in found.cases if case.findings]
    assert found.cases
    assert not failed, failed[:3]


def test_threads_change_no_bit() -> None:
    plan = Shape(17, where=False, net=True, deep=True, kind="worst").plan()
    bound = bind(plan, book(5, holes=False), engine="compiled")
    one, many = bound.run(rows=3), bound.run(rows=3, threads=4)
    assert np.array_equal(one.amounts("maintenance"), many.amounts("maintenance"))


@pytest.mark.parametrize("width", [1, 15, 16, 17])
def test_aligned_rows_repeat_their_last_point(width: int) -> None:
    from pmdsl.engine.compiled.runs import aligned

    table: Any = np.arange(3.0 * width).reshape(3, width)
    found = aligned(table)
    assert found.ctypes.data % 64 == 0
    assert found.shape[1] % 16 == 0
    assert np.array_equal(found[:, :width], table)
    assert (found[:, width:] == table[:, -1:]).all()
