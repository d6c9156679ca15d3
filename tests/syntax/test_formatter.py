"""The formatter: it changes nothing but the layout, and changes nothing twice."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.formatter import format_text, with_sorted_values
from pmdsl.syntax.parser import parse
from pmdsl.syntax.printer import print_file
from tests.syntax.programs import files
from tests.syntax.scatter import scattered
from tests.syntax.test_printer import DRAWN

GOOD = sorted((Path(__file__).parent / "good").glob("*.margin"))


def formatted(text: str) -> str:
    findings = Findings()
    found = format_text(Source("text.margin", text), findings)
    assert found is not None, [str(finding) for finding in findings]
    return found


def tree(text: str) -> ast.File:
    return with_sorted_values(parse(Source("text.margin", text), Findings()))


def comments(text: str) -> list[str]:
    return sorted(comment.text for comment in parse(Source("text.margin", text), Findings()).comments)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_programs_keep_tree_and_comments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = formatted(text)
    assert formatted(once) == once
    assert tree(once) == tree(text)
    assert comments(once) == comments(text)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(5))
def test_good_programs_written_badly(path: Path, seed: int) -> None:
    check_scattered(path.read_text(encoding="utf-8"), seed)


@DRAWN
@given(files, st.integers(0, 2**32))
def test_drawn_programs_written_badly(file: ast.File, seed: int) -> None:
    check_scattered(print_file(file), seed)


def check_scattered(text: str, seed: int) -> None:
    """A text written badly is formatted to the same tree, with every comment, and then stays as it is."""
    findings = Findings()
    parse(Source("text.margin", text), findings)
    if findings:
        return  # deeper than is read
    bad, put_in = scattered(text, Random(seed))
    assert tree(bad) == tree(text)
    once = formatted(bad)
    assert tree(once) == tree(text)
    assert comments(once) == sorted(put_in)
    assert formatted(once) == once
    assert all(line == line.rstrip() for line in once.splitlines())


# ---- single layouts ---------------------------------------------------------------------------------------


def in_methodology(body: str) -> str:
    """The statements of a methodology as they are formatted."""
    text = formatted(f"pmdsl 1\nmethodology m {{\n{body}\n}}\n")
    lines = text.splitlines()[3:-1]
    return "\n".join(line.removeprefix("  ") for line in lines)


def test_dated_values_are_sorted_with_their_comments() -> None:
    body = """
    param p: percent {
      # the second
      from 2025-01-01 = 2%  # two
      from 2024-01-01 = 1%  # one
    }"""
    assert in_methodology(body) == (
        "param p: percent {\n  from 2024-01-01 = 1%  # one\n  # the second\n  from 2025-01-01 = 2%  # two\n}"
    )


def test_columns_of_statements_are_aligned_up_to_a_blank_line() -> None:
    body = "step a = 1\nstep longer = 2\n\nstep b for option = 3\nstep longest_of_all = 4"
    assert in_methodology(body) == (
        "step a      = 1\nstep longer = 2\n\nstep b              for option = 3\nstep longest_of_all = 4"
    )


def test_numbers_stand_to_the_right() -> None:
    body = "unique table t by a {\n| a | rate | word |\n| any | 5% | x |\n| b | 100% | long_word |\n}"
    assert in_methodology(body) == (
        "unique table t by a {\n"
        "  | a   | rate | word      |\n"
        "  | any |   5% | x         |\n"
        "  | b   | 100% | long_word |\n"
        "}"
    )


def test_long_conditions_are_broken_before_their_words() -> None:
    long = "rather_long_name"
    body = f"step x = if {long} > {long} then {long} * {long} else if {long} < 0 then {long} + {long} else 0"
    assert in_methodology(body) == (
        "step x\n"
        f"  = if {long} > {long} then {long} * {long}\n"
        f"    else if {long} < 0 then {long} + {long}\n"
        "    else 0"
    )


def test_long_sums_are_broken_before_each_operator() -> None:
    long = "a_rather_long_name_of_a_step"
    body = f"step x = {long} + {long} - {long} + {long}   cite source at 'page'".replace("'", '"')
    assert in_methodology(body) == (
        f'step x\n  = {long}\n    + {long}\n    - {long}\n    + {long}\n  cite source at "page"'
    )


def test_comments_stay_beside_what_they_stand_beside() -> None:
    body = """
    # above
    step a = 1 # beside
    input account { # behind the brace
      # above a field
      equity: money # beside a field
      # below
    } # behind the block
    step b = 2 + # inside
       3
    # at the end"""
    assert in_methodology(body) == (
        "# above\n"
        "step a = 1  # beside\n"
        "input account {  # behind the brace\n"
        "  # above a field\n"
        "  equity: money  # beside a field\n"
        "  # below\n"
        "}  # behind the block\n"
        "# inside\n"
        "step b = 2 + 3\n"
        "# at the end"
    )


def test_blank_lines_are_kept_and_never_doubled() -> None:
    body = "\n\nstep a = 1\n\n\n\n# on b\n\nstep b = 2\n\n"
    assert in_methodology(body) == "step a = 1\n\n# on b\n\nstep b = 2"


def test_a_text_with_errors_is_left_alone() -> None:
    findings = Findings()
    assert format_text(Source("text.margin", "pmdsl 1\nmethodology m { step = 1 }"), findings) is None
    assert findings.has_errors
