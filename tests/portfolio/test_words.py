"""Words that Arrow brought are judged as texts are, and columns that are in order are left as they are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmdsl.portfolio.arrow import ArrowWords
from pmdsl.portfolio.cells import all_plain
from pmdsl.portfolio.parts import Coded
from pmdsl.portfolio.scalars import MAX_ID

TYPES = [pa.string(), pa.large_string()]
LETTERS = st.sampled_from(["a", "B", "0", " ", "~", "!", "\n", "\t", "\x1f", "\x7f", "é", "x" * MAX_ID])
WORDS = st.lists(st.lists(LETTERS, max_size=3).map("".join), max_size=4)


@pytest.mark.parametrize("kind", TYPES, ids=str)
@given(words=WORDS, cut=st.integers(0, 2))
def test_words_of_arrow_are_plain_where_their_texts_are(
    kind: pa.DataType, words: list[str], cut: int
) -> None:
    array = pa.array(words, kind)[cut:]
    assert ArrowWords(array).are_plain(MAX_ID) == all_plain(words[cut:])


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_plain_names_are_plain(kind: pa.DataType) -> None:
    names = ["SPY   240315C00460000", "A", "~", "x" * MAX_ID]
    assert all_plain(ArrowWords(pa.array(names, kind)))
    assert not all_plain(ArrowWords(pa.array([*names, "x" * (MAX_ID + 1)], kind)))


@given(st.lists(st.integers(-1, 3), max_size=8))
def test_a_column_in_order_has_its_words_by_first_row(codes: list[int]) -> None:
    used = sorted({code for code in codes if code >= 0})
    words = [f"w{code}" for code in used]
    column = Coded(np.array([used.index(c) if c >= 0 else -1 for c in codes], dtype=np.int64), words)
    found = column.in_order()
    texts = [None if c < 0 else found.words[c] for c in found.codes.tolist()]
    assert texts == [None if c < 0 else f"w{c}" for c in codes]
    assert list(found.words) == list(dict.fromkeys(text for text in texts if text is not None))
    if column.climbs():
        assert found is column
