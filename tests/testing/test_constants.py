"""Constants of tests: exact, and refused where a name stands."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse
from pmdsl.testing.constants import Constant, constant, decimal


def expression(text: str) -> ast.Expr:
    source = Source("t", f'pmdsl 1\ntest "x" {{ expect a = {text} }}\n')
    findings = Findings()
    tree = parse(source, findings)
    assert not findings.has_errors, list(findings)
    found = next(node for node in ast.walk(tree) if isinstance(node, ast.ExpectValue))
    return found.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1_000.50", "1000.5"),
        ("-8%", "-0.08"),
        ("USD 0.375", "0.375"),
        ("2026-03-02", "2026-03-02"),
        ("broad", "broad"),
        ('"XYZ 1"', "XYZ 1"),
        ("(2 + 3) * 4", "20"),
        ("USD 10 * 3 - USD 1", "29"),
        ("1 / 4", "0.25"),
    ],
)
def test_what_a_cell_says(text: str, said: str) -> None:
    found = constant(expression(text), Findings())
    assert found is not None
    assert found.said == said


@pytest.mark.parametrize(
    "text", ["price * 2", "1 / 0", "USD 1 * USD 2", "USD 1 + 2", "USD 1 + EUR 1", "max(1, 2)"]
)
def test_what_is_no_constant(text: str) -> None:
    findings = Findings()
    assert constant(expression(text), findings) is None
    assert [finding.code for finding in findings] == ["PM812"]


@given(st.integers(-(10**12), 10**12), st.integers(0, 12))
def test_decimals_are_exact(units: int, places: int) -> None:
    value = Fraction(units, 10**places)
    assert Fraction(decimal(value)) == value


def test_a_third_is_the_nearest_binary_fraction() -> None:
    assert float(decimal(Fraction(1, 3))) == 1 / 3


def test_a_constant_knows_whether_it_is_a_number() -> None:
    assert Constant("money", Fraction(1)).is_number
    assert not Constant("word", text="x").is_number
