"""Near misses of the words of the language."""

from __future__ import annotations

from collections.abc import Iterable

from pmdsl.diagnostics import nearest


def near_word(word: str, candidates: Iterable[str]) -> str | None:
    """The word that was probably meant: close by letters, or with two letters in each other's place."""
    known = sorted(set(candidates))
    lower = word.lower()
    if lower != word and lower in known:
        return lower
    if len(lower) < 3:
        return None
    swapped = [candidate for candidate in known if is_swap(lower, candidate)]
    return swapped[0] if swapped else nearest(lower, known)


def is_swap(word: str, other: str) -> bool:
    """Whether two neighbouring letters changed places."""
    if len(word) != len(other):
        return False
    differ = [i for i, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    if len(differ) != 2 or differ[1] != differ[0] + 1:
        return False
    i, j = differ
    return word[i] == other[j] and word[j] == other[i]
