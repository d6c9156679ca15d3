"""Recovery: each mistake is told once, nothing is raised, nothing loops, and the rest of the text is kept."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.diagnostics import Findings
from pmdsl.source import Source
from pmdsl.syntax import ast
from pmdsl.syntax.grammar import load_tables
from pmdsl.syntax.lexer import lex
from pmdsl.syntax.parser import parse

GOOD = sorted((Path(__file__).parent / "good").glob("*.margin"))

# One line each, that is one mistake; `{n}` tells them apart.
MISTAKES = (
    "step = {n}",
    "stpe wrong_{n} = 1",
    "step wrong_{n} == 1",
    "step wrong_{n} =",
    "step wrong_{n} = (1 + 2",
    "step wrong_{n} = 1 + 2)",
    "step wrong_{n} = 1 +",
    "step wrong_{n} = 1,000",
    "step wrong_{n} = 1e5",
    "step wrong_{n} = if a then 1",
    "step wrong_{n} = if a = b then 1 else 2",
    "step wrong_{n} = 1 + if a then 1 else 2",
    "step wrong_{n} = sum a",
    "step wrong_{n} = wrost a over point",
    "step wrong_{n} = a && b",
    "step wrong_{n} = a b",
    "step wrong_{n} = a < b < c",
    "step wrong_{n} = 15 %",
    'step wrong_{n} = "open',
    "step wrong_{n} = 2024-2-30",
    "step sum = {n}",
    "step Wrong_{n} = 1",
    "wrong_{n} = 1",
    "param wrong_{n}: percent { from 2024-01-01: 5% }",
    "param wrong_{n}: percent { frm 2024-01-01 = 5% }",
    "kind wrong_{n} = | b",
    "input wrong_{n} { a money }",
    "group wrong_{n} = ",
    "title Wrong {n}",
    "cite book 'page {n}'",
    "require wrong_{n} by = 1",
    "alert wrong_{n} severity high when a",
    "leg wrong_{n} = option",
    "leg wrong_{n} = where a == b",
    "leg wrong_{n} = option where a = b",
    "strategies wrong_{n} in a { amount b }",
    "strategies wrong_{n} within a { amount }",
    "strategies wrong_{n} within a { pattern b { long c } }",
    "strategies wrong_{n} within a { charge b = 1 }",
    "pairing wrong_{n} = cover",
    "pairing wrong_{n} = cover minimize a",
    "pairing wrong_{n} = minimising a",
    "pairing wrong_{n} = cover minimising a, b",
    "pairing wrong_{n} = cover minimising a only b without c",
    "pattern wrong_{n} { long stock s }",
    "charge wrong_{n} = 1",
    "amount wrong_{n}",
)


def findings_in(text: str) -> Findings:
    findings = Findings()
    parse(Source("text.margin", text), findings)
    return findings


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_mistake_is_one_finding(mistake: str) -> None:
    wrong = mistake.replace("{n}", "1")
    text = f"pmdsl 1\n\nmethodology m {{\n  step before = 1\n  {wrong}\n  step after = 2\n}}\n"
    findings = Findings()
    (item,) = parse(Source("text.margin", text), findings).items
    assert [finding.span.line for finding in findings if finding.span] == [5]
    assert isinstance(item, ast.Methodology)
    steps = [member.name.text for member in item.members if isinstance(member, ast.Step)]
    assert steps[0] == "before"
    assert steps[-1] == "after"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from((None, *MISTAKES)), min_size=1, max_size=30))
def test_each_of_many_mistakes_is_told(drawn: list[str | None]) -> None:
    lines = ["pmdsl 1", "", "methodology m {"]
    wrong = []
    for number, mistake in enumerate(drawn):
        if mistake is not None:
            wrong.append(len(lines) + 1)
        lines.append("  " + (mistake or "step right_{n} = 1 + a").replace("{n}", str(number)))
    lines += ["  step end = 1", "}"]
    assert [finding.span.line for finding in findings_in("\n".join(lines)) if finding.span] == wrong


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_missing_brace_is_one_finding_where_the_block_opened(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens, _ = lex(text, load_tables())
    opened: list[int] = []
    for token in tokens:
        if token.kind == "LBRACE":
            opened.append(token.start)
        elif token.kind == "RBRACE":
            opening = opened.pop()
            if not alone_on_its_line(text, token.start):
                continue
            found = list(findings_in(text[: token.start] + text[token.end :]))
            assert [finding.code for finding in found] == ["PM103"], text[opening : token.end]
            assert found[0].span is not None
            assert found[0].span.start == opening


def alone_on_its_line(text: str, offset: int) -> bool:
    return (
        text[text.rfind("\n", 0, offset) + 1 : offset].strip() == "" and text[offset + 1 : offset + 2] == "\n"
    )


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_brace_too_many_is_one_finding(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    places = [place for place in range(len(text)) if text.startswith("\n  }\n", place)]
    for place in places:
        codes = [finding.code for finding in findings_in(f"{text[:place]}\n  }}{text[place:]}")]
        assert codes == ["PM104"]


# ---- whatever is written, something is returned, and soon --------------------------------------------------


def check_survives(text: str) -> None:
    started = time.process_time()
    findings = Findings()
    file = parse(Source("text.margin", text), findings)
    assert isinstance(file, ast.File)
    assert time.process_time() - started < 5


PIECES = (
    *(
        "pmdsl 1\n",
        "methodology a.b {",
        "}",
        "{",
        "(",
        ")",
        "[",
        "]",
        "\n",
        "\n|",
        "|",
        ",",
        ":",
        "=",
        "==",
        "->",
    ),
    *(
        "step x = ",
        "param p: money {",
        "from 2024-01-01 = ",
        "unique table t by k {",
        "input i {",
        'test "t" {',
        "strategies s within n {",
        "pattern p {",
        "pool q {",
        "pairing p = s minimising ",
    ),
    *(
        "long a b",
        "any a ",
        "charge x = ",
        "each a needs b ",
        "balanced by ",
        "amount x",
        "same x",
        "only a",
        "\n",
    ),
    *(
        "if ",
        "then ",
        "else ",
        "sum ",
        "into a ",
        "over p ",
        "where ",
        "not ",
        "net ",
        "crediting ",
        "of gains",
    ),
    *(
        "1",
        "5%",
        "USD 1",
        "2024-02-30",
        "1,000",
        "1e9",
        "x",
        "x.y",
        '"text"',
        '"open',
        "'",
        "“",
        "#",
        "//",
        "/*",
    ),
    *("\t", " ", "\r\n", "\x00", "\u202e", "ä", "%", "$5", "&&", "**", ";", 'cite a at "b"', "unverified"),
    *(
        "expect x = 1",
        "using a.b",
        "on 2024-01-01",
        'title "t"',
        "override ",
        "remove step x",
        "-",
        "+",
        "*",
        "/",
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
def test_any_pieces_survive(text: str) -> None:
    check_survives(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_survives(text: str) -> None:
    check_survives(text)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 2**32))
def test_damaged_programs_survive(path: Path, seed: int) -> None:
    random = Random(seed)
    text = path.read_text(encoding="utf-8")
    for _ in range(random.randint(1, 6)):
        start = random.randrange(len(text))
        end = start + random.choice((0, 1, 3, 40, 400))
        text = text[:start] + random.choice(("", *PIECES, text[:50])) + text[end:]
    check_survives(text)
