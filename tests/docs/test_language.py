"""The language reference: its programs compile, its wrong lines are refused in the words that it prints.

`PMDSL_UPDATE=1 pytest tests/docs/test_language.py` writes the list of reserved words and the messages anew.
"""

from __future__ import annotations

import os
import re
import textwrap
from pathlib import Path

import pytest

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings
from pmdsl.diagnostics.render import render_text
from pmdsl.names.library import Library
from pmdsl.source import Source
from pmdsl.syntax import reserved
from pmdsl.testing import run_tests

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "language.md"
CASES = ROOT / "tests" / "operators"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = [
    (TEXT[: found.start()].count("\n") + 1, found["kind"].strip(), found["body"])
    for found in re.finditer(r"^```(?P<kind>[a-z ]+)\n(?P<body>.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
]
WRONG = re.findall(r"^Wrong \(`(\w+)`\): `(.+?)` — (PM\d+): (.+)$", TEXT, re.MULTILINE)
FRAME = next(body for _, kind, body in BLOCKS if kind == "margin frame")
OWN = """pmdsl 1
methodology docs.own {
  version  "1"
  currency USD
  covers   2020-01-01 onward
}
"""


def program(kind: str, body: str) -> str:
    """A whole program: the block itself, or a fragment inside the frame or a bare header."""
    if body.startswith("pmdsl 1"):
        return body
    frame = OWN if kind == "margin own" else FRAME
    cut = frame.rindex("}")
    return f"{frame[:cut]}\n{body}\n{frame[cut:]}"


def first_line(name: str) -> tuple[str, str]:
    """Code and message of a wrong program, as they are stored beside it."""
    told = (CASES / "wrong" / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"\w+\[(PM\d+)\]: (.+)", told)
    assert found is not None, told
    return found[1], found[2]


def margin_blocks() -> list[object]:
    found = [(line, kind, body) for line, kind, body in BLOCKS if kind.startswith("margin")]
    return [pytest.param(kind, body, id=f"line {line}") for line, kind, body in found]


@pytest.mark.parametrize(("kind", "body"), margin_blocks())
def test_programs_compile(kind: str, body: str, tmp_path: Path) -> None:
    text = program(kind, body)
    findings = Findings()
    compile_source(Source("language.md", text), Library(), findings)
    assert not findings.has_errors, render_text(findings)
    if re.search(r"^test ", text, re.MULTILINE):
        path = tmp_path / "language.margin"
        path.write_text(text, encoding="utf-8")
        report = run_tests([path])
        assert report.cases
        assert not [finding for case in report.cases for finding in case.findings]


@pytest.mark.parametrize(("name", "line", "code", "message"), WRONG, ids=[name for name, *_ in WRONG])
def test_wrong_lines_are_told_so(name: str, line: str, code: str, message: str) -> None:
    """The line stands in the wrong program of that name, and its stored message says what the page says."""
    text = (CASES / "wrong" / f"{name}.margin").read_text(encoding="utf-8")
    assert line in textwrap.dedent(text)
    assert os.environ.get("PMDSL_UPDATE") or (code, message) == first_line(name)


def test_every_operator_shows_a_wrong_program() -> None:
    """Each wrong program of the operators is on the page, but for those of names and files."""
    shown = {name for name, *_ in WRONG}
    stored = {path.stem for path in (CASES / "wrong").glob("*.margin")}
    assert shown <= stored
    assert stored - shown <= NOT_SHOWN, stored - shown - NOT_SHOWN


NOT_SHOWN = {
    "compared_per_point", "data_table", "distinct", "function_column", "history", "level", "name_twice",
    "name_unknown", "range", "reserved", "round_unit", "table_file",
}  # fmt: skip


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (PAGE.parent / link).exists(), link


def test_every_keyword_of_the_grammar_is_in_a_rule() -> None:
    """The grammar blocks name every keyword, and no word that the grammar does not have."""
    grammar = (ROOT / "grammar" / "pmdsl.lark").read_text(encoding="utf-8")
    rules = re.sub(r"//.*", "", grammar)
    keywords = set(re.findall(r'"([a-z_]+)"', rules)) - {"pmdsl"}
    written = {
        word for _, kind, body in BLOCKS if kind == "ebnf" for word in re.findall(r'"([a-z_]+)"', body)
    }
    assert written - keywords - NAMES == set()
    assert keywords - written - IN_TABLES == set()


NAMES = {"low", "medium", "high", "last", "value", "model_delta"}
# Explained in tables of the page and not by a rule of its own.
IN_TABLES = {"if", "then", "else", "or", "and", "not", "in", "severity", "table", "column", "default"}


def reserved_words() -> str:
    groups = [
        ("Statements", reserved.STATEMENTS | reserved.FILES),
        ("Notes and parts of blocks", reserved.NOTES | reserved.CONSTRUCTS),
        ("Tests", reserved.TESTS - {"rate"}),
        ("Formulas and cells", reserved.EXPRESSIONS),
        ("Connecting words", reserved.CONNECTING),
        ("Kept for later editions", reserved.LATER),
    ]
    lines = [f"- **{title}**: {' '.join(f'`{word}`' for word in sorted(words))}" for title, words in groups]
    assert set().union(*(words for _, words in groups)) == reserved.RESERVED
    wrapped = [textwrap.fill(line, 118, subsequent_indent="  ", break_on_hyphens=False) for line in lines]
    return "\n".join(wrapped)


def test_the_page_is_up_to_date() -> None:
    """The reserved words are those of the code; with PMDSL_UPDATE they and the messages are written anew."""
    begin, end = "<!-- reserved words: begin -->\n", "<!-- reserved words: end -->"
    before, rest = TEXT.split(begin)
    listed, after = rest.split(end)
    wanted = f"\n{reserved_words()}\n\n"
    if os.environ.get("PMDSL_UPDATE"):
        text = before + begin + wanted + end + after
        for name, line, code, message in WRONG:
            new_code, new_message = first_line(name)
            old = f"Wrong (`{name}`): `{line}` — {code}: {message}\n"
            text = text.replace(old, f"Wrong (`{name}`): `{line}` — {new_code}: {new_message}\n")
        PAGE.write_text(text, encoding="utf-8")
    else:
        assert listed == wanted
