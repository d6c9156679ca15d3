"""Rule files from strangers: depth, length, digits, alphabets, near-misses, each within a bound of time."""

from __future__ import annotations

import re
import time

import pytest

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.formatter import format_text
from pmdsl.syntax.grammar import grammar_text, load_tables, read_grammar
from pmdsl.syntax.lexer import compiled
from pmdsl.syntax.parser import parse

LONG = 20_000
SECONDS = 3.0


def codes(text: str) -> set[str]:
    """The codes that are found in a text, within the bound of time and without RecursionError."""
    started = time.process_time()
    findings = Findings()
    file = parse(Source("attack.margin", text), findings)
    assert isinstance(file, ast.File)
    assert time.process_time() - started < SECONDS
    return {finding.code for finding in findings}


def in_step(formula: str) -> str:
    return f"pmdsl 1\nmethodology m {{\n  step x = {formula}\n  step y = 1\n}}\n"


@pytest.mark.parametrize("depth", [150, 3_000, LONG])
@pytest.mark.parametrize(
    ("opening", "inner", "closing"),
    [
        ("(", "1", ")"),
        ("f(", "1", ")"),
        ("t[", "1", "]"),
        ("-", "1", ""),
        ("not ", "a", ""),
        ("if a then 1 else ", "2", ""),
        ("if ", "a", " then 1 else 2"),
        ("sum ", "a", " into account"),
        ("a at (b: ", "1", ")"),
        ("marginal t of (", "1", ")"),
        ("convert ", "1", " to USD"),
    ],
)
def test_nesting_is_a_finding(opening: str, inner: str, closing: str, depth: int) -> None:
    assert codes(in_step(opening * depth + inner + closing * depth)) == {"PM160"}


@pytest.mark.parametrize("operator", ["+", "-", "*", "and", "or"])
@pytest.mark.parametrize("length", [102, 10_000, LONG])
def test_a_long_chain_is_a_finding(operator: str, length: int) -> None:
    assert codes(in_step(f" {operator} ".join(["a"] * length))) == {"PM160"}


def test_what_is_just_deep_enough_is_read_printed_and_compared() -> None:
    text = in_step("(" * 99 + "1" + ")" * 99)
    findings = Findings()
    file = parse(Source("a", text), findings)
    assert file == parse(Source("b", text), findings)
    formatted = format_text(Source("c", text), findings)
    assert formatted is not None
    assert parse(Source("d", formatted), findings) == file
    assert repr(file)
    assert not findings


@pytest.mark.parametrize(
    "text",
    [
        "(" * LONG,
        ")" * LONG,
        "{" * LONG,
        "}" * LONG,
        "[" * LONG,
        "| " * LONG,
        "|\n" * LONG,
        '"' * LONG,
        "'" * LONG,
        "“" * LONG,
        "a " * LONG,
        "a\n" * LONG,
        "step " * LONG,
        "step\n" * LONG,
        "\n" * LONG,
        " " * LONG,
        "\t\r\n" * LONG,
        "# " * LONG,
        "1" * LONG,
        "1," * LONG,
        "1." * LONG,
        "1e" * LONG,
        "1-" * LONG,
        "-" * LONG,
        "." * LONG,
        "%" * LONG,
        "$" * LONG,
        "USD " * LONG,
        "//" * LONG,
        "/*" * LONG,
        "é" * LONG,
        "\u202e" * LONG,
        "\x00" * LONG,
        "test {" * LONG,
        "methodology m {\n" * LONG,
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_repetition_is_read_in_time(text: str) -> None:
    assert codes(text)
    assert codes(f"pmdsl 1\nmethodology m {{\n step x = {text}\n step y = 1\n}}")
    assert codes(
        f"pmdsl 1\nmethodology m {{\n unique table t by k {{\n | a | b |\n | {text}\n }}\n step =\n}}"
    )


def test_large_sound_texts_are_read_in_time() -> None:
    rows = "".join(f'    | a{n} | 2024-01-01 | {n % 100}% | "text" |\n' for n in range(10_000))
    text = f"pmdsl 1\nmethodology m {{\n  unique table t by k {{\n    | k | from | p | t |\n{rows}  }}\n}}\n"
    assert codes(text) == set()


NEAR_MISSES = ("1", "1_", "a_", "\n \t", '"a', "USD ", "USD -1.", "2024-01-", "==", "|", "%")


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_no_terminal_is_slow_on_near_misses(text: str) -> None:
    long = text * LONG
    for terminal in read_grammar(grammar_text()).terminals:
        started = time.process_time()
        re.match(terminal.pattern.to_regexp(), long)
        assert time.process_time() - started < 0.2, terminal.name
    started = time.process_time()
    assert sum(1 for _ in compiled(load_tables().pattern).finditer(long)) > 0
    assert time.process_time() - started < 1


# ---- characters and digits --------------------------------------------------------------------------------


@pytest.mark.parametrize("digit", ["٣", "３", "３.５", "१", "²", "½", "Ⅷ"])
def test_digits_of_other_scripts_are_no_numbers(digit: str) -> None:
    assert codes(in_step(digit)) & {"PM124", "PM125"}


@pytest.mark.parametrize("name", ["lоss", "ｌoss", "loss＿a", "paylοad", "ﬁxed", "𝐥oss"])
def test_letters_of_other_alphabets_are_no_names(name: str) -> None:
    assert codes(f"pmdsl 1\nmethodology m {{\n  step {name} = 1\n}}\n") & {"PM124", "PM125"}


@pytest.mark.parametrize(
    "hidden",
    [
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\u00ad",
        "\ufeff",
        "\x00",
        "\x1b",
        "\x7f",
        "\u2028",
        "\U000e0041",
    ],
)
def test_unseen_characters_are_found_wherever_they_stand(hidden: str) -> None:
    for line in (
        f'title "a{hidden}b"',
        f"step x = 1 # a{hidden}b",
        f"step x ={hidden} 1",
        f"step x{hidden}y = 1",
    ):
        assert codes(f"pmdsl 1\nmethodology m {{\n  {line}\n}}\n") == {"PM126"}


def test_texts_and_comments_may_be_written_in_any_script() -> None:
    assert codes('pmdsl 1\nmethodology m {\n  title "保証金 מרווח ≥ 5 €"  # ドル\n}\n') == set()


@pytest.mark.parametrize(
    "number", ["9" * 19, "9" * 5_000, "0." + "1" * 16, "1e9999999", "1E-999999999", "9" * 400_000]
)
def test_numbers_that_would_be_slow_or_vague_are_findings(number: str) -> None:
    assert codes(in_step(number)) & {"PM131", "PM132"}


@pytest.mark.parametrize("number", ["9" * 18, "0." + "1" * 15, "1_000_000.000_1".replace("000_1", "0001")])
def test_numbers_up_to_the_limits_are_read(number: str) -> None:
    assert codes(in_step(number)) == set()


def test_a_mark_of_byte_order_is_passed_over() -> None:
    assert codes("\ufeffpmdsl 1\n") == set()
