"""What is printed is read back as the same tree, for files drawn at random from the whole language."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse
from pmdsl.syntax.printer import expr_text, print_file
from tests.syntax.expressions import exprs
from tests.syntax.programs import files

DRAWN = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


BEYOND_GRAMMAR = {"PM153", "PM160"}  # tables without rows, and formulas deeper than is read


def parsed(text: str) -> ast.File:
    findings = Findings()
    file = parse(Source("drawn.margin", text), findings)
    assert [str(finding) for finding in findings if finding.code not in BEYOND_GRAMMAR] == [], text
    return file


@DRAWN
@given(exprs)
def test_an_expression_is_read_back(expr: ast.Expr) -> None:
    text = f"pmdsl 1\nmethodology m {{ step x = {expr_text(expr)} }}"
    (item,) = parsed(text).items
    assert isinstance(item, ast.Methodology)
    (step,) = item.members
    assert isinstance(step, ast.Step)
    assert step.value == expr


@DRAWN
@given(files)
def test_a_file_is_read_back(file: ast.File) -> None:
    text = print_file(file)
    assert parsed(text) == file
    assert print_file(parsed(text)) == text
