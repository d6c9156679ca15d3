"""The straight way and the one that mends read the same tree, to every place, wherever nothing is wrong."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.source import Source, Span
from pmdsl.syntax import ast
from pmdsl.syntax.grammar import load_tables
from pmdsl.syntax.lexer import lex
from pmdsl.syntax.log import Log
from pmdsl.syntax.machine import Machine
from pmdsl.syntax.parser import MENDERS, builders
from pmdsl.syntax.reader import Reader
from pmdsl.syntax.straight import straight
from pmdsl.syntax.tidy import tidy

ROOT = Path(__file__).resolve().parents[2]
GOOD = sorted((ROOT / "tests" / "syntax" / "good").glob("*.margin"))
BAD = sorted((ROOT / "tests" / "syntax" / "bad").glob("*.margin"))
RULES = sorted((ROOT / "rules").rglob("*.margin"))
TEXTS = [path.read_text(encoding="utf-8") for path in GOOD]


def both_ways(text: str) -> tuple[ast.File | None, ast.File, bool]:
    """The tree of each way, and whether the careful one had something to say."""
    source, tables = Source("text.margin", text), load_tables()
    tokens = tidy(lex(text, tables)[0], MENDERS, Log(source))
    quiet, log = Log(source), Log(source)
    quick = straight(tables, builders(quiet), source, tokens[:])
    careful = Reader(Machine(tables, builders(log), source), tokens[:], log).read()
    return (None if quiet.findings else quick), careful, bool(log.findings)


def exact(value: object) -> object:
    """A tree with the places that equality passes over."""
    if isinstance(value, Span):
        return value.start, value.end
    if isinstance(value, ast.Node) and is_dataclass(value):
        return type(value), [exact(getattr(value, spec.name)) for spec in fields(value)]
    if isinstance(value, tuple):
        return [exact(item) for item in value]
    return type(value), value


@pytest.mark.parametrize("path", [*GOOD, *RULES], ids=lambda path: path.stem)
def test_a_sound_text_is_read_straight(path: Path) -> None:
    quick, careful, _ = both_ways(path.read_text(encoding="utf-8"))
    assert quick is not None
    assert exact(quick) == exact(careful)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_text_with_mistakes_is_never_read_straight(path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    quick, careful, is_wrong = both_ways(text)
    assert (quick is None) == is_wrong
    assert quick is None or exact(quick) == exact(careful)


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_the_two_ways_agree_on_texts_that_lost_or_gained_a_word(text: str, data: st.DataObject) -> None:
    tokens, _ = lex(text, load_tables())
    place = data.draw(st.integers(0, len(tokens) - 1))
    other = data.draw(st.integers(0, len(tokens) - 1))
    start, end = tokens[place].start, tokens[place].end
    new = data.draw(st.sampled_from(("", tokens[other].text, tokens[place].text + " " + tokens[other].text)))
    quick, careful, is_wrong = both_ways(text[:start] + new + text[end:])
    assert (quick is None) == is_wrong
    assert quick is None or exact(quick) == exact(careful)
