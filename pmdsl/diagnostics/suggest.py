"""Near misses: the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST_CANDIDATES = 2_000


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like the word, or None where none is close."""
    known = sorted(set(candidates))
    if len(known) > MOST_CANDIDATES:
        return None
    close = get_close_matches(word, known, n=1, cutoff=0.7)
    return close[0] if close else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """A hint that names the nearest candidate, or None where none is close."""
    close = nearest(word, candidates)
    return f"did you mean `{close}`?" if close else None
