"""The grammar: free of conflicts, read the same way by lark and by the parser, kept in the cache."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark.exceptions import UnexpectedInput

from pmdsl.source import Source
from pmdsl.syntax import cache, reserved, tables
from pmdsl.syntax.build import BUILDERS
from pmdsl.syntax.grammar import cache_key, grammar_text, load_tables, read_grammar
from pmdsl.syntax.lexer import lex
from pmdsl.syntax.machine import Machine
from pmdsl.syntax.mistakes.wording import sayings
from tests.syntax.scatter import scattered

GOOD = sorted((Path(__file__).parent / "good").glob("*.margin"))


LARK = read_grammar(grammar_text())  # strictly: a conflict or a clash of terminals would raise


def accepted_by_lark(text: str) -> bool:
    """Whether lark reads a text, once words before a colon are no keywords: its lexer has no such rule."""
    keywords = load_tables().keywords
    plain = re.sub(r"\b\w+(?=\s*:)", lambda word: "name" if word[0] in keywords else word[0], text)
    reading = LARK.parse_interactive(plain)
    try:
        for token in reading.iter_parse():
            # Where no name may stand, lark's lexer takes the `by` of `by_charge` for the keyword.
            if token.value in keywords and re.match(r"\w", plain[token.end_pos :]):
                return False
        reading.feed_eof()
    except UnexpectedInput:
        return False
    return True


def test_a_keyword_at_the_beginning_of_a_name_is_none() -> None:
    text = (Path(__file__).parent / "good" / "bis_frtb_sa.margin").read_text(encoding="utf-8")
    damaged = text.replace("report by_charge", "report report by_charge")
    assert damaged != text
    assert not accepted(damaged)
    assert not accepted_by_lark(damaged)


def accepted(text: str) -> bool:
    """Whether the machine takes every token of a text."""
    machine = Machine(load_tables(), BUILDERS, Source("text.margin", text))
    tokens, _ = lex(text, load_tables())
    return all(machine.feed(token) for token in tokens)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_both_read_good_programs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    bad, _ = scattered(text, Random(1))
    for written in (text, bad):
        assert accepted_by_lark(written)
        assert accepted(written)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 2**32))
def test_both_agree_on_damaged_programs(path: Path, seed: int) -> None:
    random = Random(seed)
    tokens, _ = lex(path.read_text(encoding="utf-8"), load_tables())
    start = random.randrange(len(tokens) - 1)
    words = [token.text for token in tokens]
    change = random.choice(("leave out", "twice", "swap", "foreign"))
    if change == "leave out":
        del words[start]
    elif change == "twice":
        words.insert(start, words[start])
    elif change == "swap":
        words[start], words[start + 1] = words[start + 1], words[start]
    else:
        words[start] = random.choice(words)
    text = joined(words)
    assert accepted(text) == accepted_by_lark(text), text


def joined(words: list[str]) -> str:
    """The tokens as text; a bar after a line's end begins a row in both readings."""
    return "".join(f"\n{word} " if word == "|" else f"{word} " for word in words)


def test_every_rule_has_a_builder() -> None:
    rules = load_tables().rules
    named = {rule.name for rule in rules if not rule.name.startswith("_") and not rule.unit}
    built = {rule.name for rule in rules if rule.name in BUILDERS}
    assert {name for name in named if name not in built} <= {rule.name for rule in rules if rule.through}
    names = {rule.name for rule in rules}
    assert names >= set(BUILDERS)


def test_the_words_of_the_messages_are_those_of_the_grammar() -> None:
    terminals = {name for row in load_tables().actions for name in row if name.isupper()} | {"END"}
    told = {name for names, _ in sayings() for name in names}
    assert told <= terminals


def test_reserved_words_are_those_of_the_grammar() -> None:
    keywords = set(load_tables().keywords)
    assert keywords >= (reserved.RESERVED - reserved.LATER)
    assert not keywords & reserved.LATER


# ---- the cache ---------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PMDSL_CACHE", str(tmp_path))
    load_tables.cache_clear()
    return tmp_path / "pmdsl"


def test_tables_are_kept_and_found_again(folder: Path) -> None:
    first = load_tables()
    (kept,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert kept.name == cache_key(grammar_text())
    load_tables.cache_clear()
    assert load_tables() == first


@pytest.mark.parametrize("damage", [b"", b"short", b"\x00" * 4000])
def test_a_damaged_file_is_made_again(folder: Path, damage: bytes) -> None:
    first = load_tables()
    (kept,) = folder.iterdir()
    kept.write_bytes(damage)
    load_tables.cache_clear()
    again = load_tables()  # lark numbers the states afresh
    assert (len(again.actions), len(again.rules)) == (len(first.actions), len(first.rules))
    assert len(kept.read_bytes()) > len(damage)


def test_sound_data_of_another_shape_is_made_again(folder: Path) -> None:
    cache.save(cache_key(grammar_text()), {"actions": 1})
    assert load_tables().rules


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_a_folder_that_others_may_enter_is_not_used(folder: Path) -> None:
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    assert cache.cache_folder() is None
    assert load_tables().rules
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links are those of POSIX")
def test_a_link_is_not_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert cache.cache_folder() is None


def test_a_folder_that_cannot_be_made_is_no_error(folder: Path) -> None:
    folder.write_text("a file")
    assert cache.cache_folder() is None
    assert load_tables().rules


def test_the_key_follows_the_grammar() -> None:
    assert cache_key("one") != cache_key("two")


def test_tables_survive_as_plain_data() -> None:
    made = load_tables()
    assert tables.from_plain(tables.to_plain(made)) == made


@pytest.mark.parametrize("module", ["pmdsl.syntax.ast", "pmdsl.syntax.parser"])
def test_importing_does_not_import_lark(module: str) -> None:
    code = f"import sys, {module}; sys.exit('lark' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
