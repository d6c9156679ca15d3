"""Programs with a few words deleted, doubled, exchanged or taken from elsewhere: slips of the hand."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

TOKEN = re.compile(r'"[^"\n]*"|[A-Za-z_][A-Za-z0-9_]*|[0-9][0-9._%-]*|[-=<>!]=|->|\s+|.', re.DOTALL)


def tokens_of(text: str) -> list[str]:
    """A text in pieces, blanks included, so that joining them gives the text."""
    return TOKEN.findall(text)


def words_of(tokens: Sequence[str]) -> list[int]:
    """The places of the tokens that are not blank."""
    return [i for i, token in enumerate(tokens) if not token.isspace()]


def mutant(text: str, pool: Sequence[str], chance: random.Random) -> str:
    """A text with one to three slips."""
    tokens = tokens_of(text)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        slip(tokens, pool, chance)
    return "".join(tokens)


def slip(tokens: list[str], pool: Sequence[str], chance: random.Random) -> None:
    """One slip, in place."""
    places = words_of(tokens)
    if len(places) < 2:
        return
    one, other = chance.sample(places, 2)
    kind = chance.choice(("delete", "double", "swap", "replace", "borrow", "delete line"))
    if kind == "delete":
        tokens[one] = ""
    elif kind == "double":
        tokens[one] = f"{tokens[one]} {tokens[one]}"
    elif kind == "swap":
        tokens[one], tokens[other] = tokens[other], tokens[one]
    elif kind == "replace":
        tokens[one] = tokens[other]
    elif kind == "borrow":
        tokens[one] = chance.choice(pool)
    else:
        tokens[:] = tokens_of(without_a_line("".join(tokens), chance))


def without_a_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def mutants(texts: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """Slips of all the texts in turn; equal seeds give equal mutants."""
    chance = random.Random(seed)
    pool = [token for text in texts for token in tokens_of(text) if not token.isspace()]
    for number in range(count):
        yield mutant(texts[number % len(texts)], pool, chance)
