"""Near misses: what is found, of how many, and when the search is left out."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmdsl.compiler import compile_source
from pmdsl.diagnostics import Findings, did_you_mean, listed, nearest
from pmdsl.diagnostics.suggest import MOST_CANDIDATES, MOST_COMPARED, MOST_HINTS, MOST_LISTED
from pmdsl.names.library import Library
from pmdsl.source import Source

words = st.text("abcde_", min_size=1, max_size=12)


@settings(deadline=None)
@given(words, st.sets(words, max_size=MOST_COMPARED))
def test_among_few_words_every_one_is_compared(word: str, known: set[str]) -> None:
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.7)
    assert nearest(word, known) == (close[0] if close else None)


@settings(deadline=None)
@given(st.integers(0, 899), st.data())
def test_among_many_words_one_with_a_letter_less_is_found(number: int, data: st.DataObject) -> None:
    known = [f"some_value_{n}" for n in range(900)]
    meant = known[number]
    at = data.draw(st.integers(0, len("some_value") - 1))
    found = nearest(meant[:at] + meant[at + 1 :], known)
    assert found is not None
    assert SequenceMatcher(None, found, meant).ratio() > 0.85


def test_among_too_many_words_none_is_looked_for() -> None:
    known = [f"word_{n}" for n in range(MOST_CANDIDATES + 1)]
    assert nearest("word_1", known) is None
    assert nearest("word_l", known[:-1]) is not None


def test_no_word_is_looked_at_once_much_was_told() -> None:
    def untouched() -> Iterator[str]:
        pytest.fail("the vocabulary is searched")
        yield ""

    assert did_you_mean("word", untouched(), range(MOST_HINTS + 1)) is None
    assert did_you_mean("wrod", ["word"], range(MOST_HINTS)) == "did you mean `word`?"


def test_very_many_words_are_listed_in_part() -> None:
    known = [f"w{n}" for n in range(MOST_LISTED + 1_000)]
    assert listed(known[:3]) == "w0, w1, w2"
    assert listed(known[:MOST_LISTED]).endswith(f"w{MOST_LISTED - 1}")
    assert listed(known).endswith(f"w{MOST_LISTED - 1} and 1_000 more")


def test_every_unknown_name_is_told_and_the_first_ones_with_a_hint() -> None:
    count = MOST_HINTS + 100
    steps = "".join(f"  step step_{n} = quantity * underlying.prise  # {n}\n" for n in range(count))
    text = (
        'pmdsl 1\nmethodology test.unknown {\n  title "t"\n  version "1"\n  currency USD\n'
        f"  covers 2020-01-01 onward\n  levels position -> account\n{steps}}}\n"
    )
    findings = Findings()
    compile_source(Source("<text>", text), Library(), findings)
    told = [finding for finding in findings if finding.code == "PM215"]
    assert len(told) == count
    assert {finding.hint for finding in told[:MOST_HINTS]} == {"did you mean `price`?"}
    assert "did you mean" not in (told[-1].hint or "")
