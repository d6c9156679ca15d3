"""The tree of a text: good programs give no finding, and every node knows its exact place."""

from __future__ import annotations

import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.parser import parse
from pmdsl.syntax.printer import expr_text

GOOD = sorted((Path(__file__).parent / "good").glob("*.margin"))


def parsed(text: str) -> ast.File:
    findings = Findings()
    file = parse(Source("text.margin", text), findings)
    assert [str(finding) for finding in findings] == []
    return file


def members(body: str) -> tuple[ast.Declaration, ...]:
    (item,) = parsed(f"pmdsl 1\nmethodology m {{\n{body}\n}}").items
    assert isinstance(item, ast.Methodology)
    return item.members


def formula(text: str) -> ast.Expr:
    (step,) = members(f"step x = {text}")
    assert isinstance(step, ast.Step)
    return step.value


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_programs_give_no_finding(path: Path) -> None:
    assert parsed(path.read_text(encoding="utf-8")).items


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_every_node_has_its_exact_place(path: Path) -> None:
    file = parsed(path.read_text(encoding="utf-8"))
    for node in ast.walk(file):
        text = node.span.text
        assert text == text.strip()
        if isinstance(node, ast.Name | ast.Number | ast.Percent | ast.Comment):
            assert text == node.text
        elif isinstance(node, ast.Money):
            assert text.split() == node.text.split()
        elif isinstance(node, ast.Path):
            assert "".join(text.split()) == str(node)
        elif isinstance(node, ast.Date):
            assert text == node.value.isoformat()
        elif isinstance(node, ast.Paren | ast.Call):
            assert text.endswith(")")
        elif isinstance(node, ast.Row):
            assert text.startswith("|")
        elif isinstance(node, ast.Body):
            assert (text[0], text[-1]) == ("{", "}")
        for child in ast.children(node):
            if child != ast.Notes() and not isinstance(child, ast.Comment):
                assert node.span.start <= child.span.start <= child.span.end <= node.span.end


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_an_expression_reads_as_its_own_text(path: Path) -> None:
    for node in ast.walk(parsed(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and not isinstance(
            node, ast.AnyCell | ast.AloneCell | ast.EachCell | ast.BoundCell | ast.RangeCell
        ):
            if isinstance(node, ast.If | ast.Not | ast.And | ast.Or | ast.Compare | ast.Member):
                assert formula(expr_text(node)) == node
            else:
                assert formula(node.span.text) == node


def test_numbers_are_exact() -> None:
    assert formula("1_000.10") == ast.Number(Fraction(10001, 10), "1_000.10")
    assert formula("0.1") == ast.Number(Fraction(1, 10), "0.1")
    assert formula("12.5%") == ast.Percent(Fraction(1, 8), "12.5%")
    assert formula("USD -0.375") == ast.Money("USD", Fraction(-3, 8), "USD -0.375")


def test_2_and_2_00_are_one_number() -> None:
    assert formula("2") == formula("2.0") == formula("2.00")


def test_layout_does_not_count() -> None:
    tight = parsed('pmdsl 1 methodology m{title"a"step x=1+2*3 step y=x}')
    wide = parsed(
        'pmdsl 1\r\n\r\nmethodology\tm\n{\n title\n"a" # note\n step x\n = 1 +\n 2 * 3 step\ny = x }\n'
    )
    assert tight == wide


def test_blanks_tabs_and_line_ends_in_tables_do_not_count() -> None:
    plain = members("unique table t by a {\n| a | b |\n| 1 | 2 |\n}")
    other = members("unique table t by a {  \r\n\t|\ta|b\t\t|  \r\n\r\n  # note\r\n  | 1|2|\t\r\n  }")
    assert plain == other


def test_the_last_bar_may_be_left_out_and_cells_may_be_empty() -> None:
    (table,) = members("unique table t by a {\n| a | b\n| 1 |   |\n|   | 2\n|||\n}")
    assert isinstance(table, ast.TableDecl)
    assert table.body is not None
    cells = [
        tuple(None if cell is None else expr_text(cell) for cell in row.cells) for row in table.body.rows
    ]
    assert cells == [("a", "b"), ("1", None), (None, "2"), (None, None)]


def test_words_of_the_language_are_names_where_they_can_be() -> None:
    (table,) = members(
        "input underlying {\n currency: text default none\n version: count\n default: money\n}"
    )
    assert isinstance(table, ast.Input)
    assert [field.name.text for field in table.fields] == ["currency", "version", "default"]
    assert str(formula("underlying.version")) == "underlying.version"
    (kinds,) = members("kind k = title | step | any_other")
    assert isinstance(kinds, ast.Kind)
    (rows,) = members("unique table t by a {\n| from | when | default |\n| version | check | step |\n}")
    assert isinstance(rows, ast.TableDecl)


def test_precedence() -> None:
    shown = {
        "a + b * c": "Binary + (Path, Binary)",
        "a * b + c": "Binary + (Binary, Path)",
        "-a * b": "Binary * (Sign, Path)",
        "not a == b": "Not (Compare)",
        "not a and b": "And (Not, Path)",
        "a or b and c": "Or (Path, And)",
        "a - b - c": "Binary - (Binary, Path)",
        "a at b + c": "Binary + (At, Path)",
        "a + b < c * d": "Compare < (Binary, Binary)",
        "sum a + b into c": "Fold (Binary)",
        "1 + sum a into c": "Binary + (Number, Fold)",
    }
    for text, expected in shown.items():
        assert outline(formula(text)) == expected


def outline(node: ast.Expr) -> str:
    operator = f" {node.operator}" if isinstance(node, ast.Binary | ast.Compare) else ""
    parts = ", ".join(type(child).__name__ for child in ast.children(node))
    return f"{type(node).__name__}{operator} ({parts})"


def test_dates_and_open_ends() -> None:
    values = "from 2024-01-01 to 2024-12-31 = 5% from 2025-01-01 = 6%"
    covers, param = members(f"covers 2008-08-01 onward param p: percent {{ {values} }}")
    assert covers == ast.Covers(date(2008, 8, 1), None)
    assert isinstance(param, ast.Param)
    assert [(segment.start, segment.end) for segment in param.segments] == [
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2025, 1, 1), None),
    ]


def test_what_is_done_for_a_line_does_not_grow_with_the_file() -> None:
    text = (Path(__file__).parent / "good" / "us_finra_cpm.margin").read_text(encoding="utf-8")
    body = text[text.index("{") + 1 : text.rindex("}")]
    long = f"{text[: text.index('{') + 1]}{body * 20}}}"
    assert long.count("\n") > 1_900
    parse(Source("warm.margin", text), Findings())
    assert calls(long) < 20 * calls(text)


def calls(text: str) -> int:
    """How many functions are called to parse a text."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        parse(Source("rules.margin", text), Findings())
    finally:
        sys.setprofile(before)
    return counted
