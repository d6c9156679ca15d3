"""Near misses: the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from difflib import get_close_matches
from heapq import nlargest
from itertools import pairwise

CUTOFF = 0.7
MOST_CANDIDATES = 2_000
# So many are compared letter by letter; of more, those that share most pairs of letters with the word.
MOST_COMPARED = 60
# What a file says after so many findings is not read one by one: it is not searched for either.
MOST_HINTS = 200
MOST_LISTED = 40


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like the word, or None where none is close."""
    known = set(candidates)
    if len(known) > MOST_CANDIDATES:
        return None
    likely = known if len(known) <= MOST_COMPARED else likeliest(word, known)
    close = get_close_matches(word, sorted(likely), n=1, cutoff=CUTOFF)
    return close[0] if close else None


def likeliest(word: str, known: Iterable[str]) -> list[str]:
    """The candidates of about the length of a word that share most pairs of letters with it."""
    size, pairs = len(word), set(pairwise(word))
    near = [c for c in known if 2 * min(size, len(c)) >= CUTOFF * (size + len(c))]
    return nlargest(MOST_COMPARED, sorted(near), key=lambda c: len(pairs.intersection(pairwise(c))))


def did_you_mean(word: str, candidates: Iterable[str], told: Sized = ()) -> str | None:
    """A hint that names the nearest candidate.

    None where none is close, and where so much was told of the file before that nobody reads on.
    """
    close = nearest(word, candidates) if len(told) <= MOST_HINTS else None
    return f"did you mean `{close}`?" if close else None


def listed(words: Iterable[str]) -> str:
    """Words with commas between; of very many the first."""
    known = list(words)
    left = len(known) - MOST_LISTED
    return ", ".join(known) if left <= 0 else f"{', '.join(known[:MOST_LISTED])} and {left:_} more"
