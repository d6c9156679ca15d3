"""Words for terminals: what the author calls what was found, and what could have stood in its place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from pmdsl.data import data_root
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.tables import Tables

MOST_TOLD = 5
LONGEST_QUOTED = 40
KINDS = {"NUMBER": "the number", "DATE": "the date", "STRING": "the text", "OPEN_TEXT": "the text"}


@cache
def sayings() -> tuple[tuple[frozenset[str], str], ...]:
    """Terminals and the words that tell them, in the order of `grammar/words.txt`."""
    text = data_root().joinpath("grammar", "words.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = [line.partition("=") for line in lines]
    return tuple((frozenset(names.split()), words.strip()) for names, _, words in pairs)


def tell(expected: Collection[str], tables: Tables) -> list[str]:
    """What may come next, in the author's words; quoted words first."""
    left = {"END" if name == END else name for name in expected}
    told: list[str] = []
    for names, words in sayings():
        if names <= left:
            left -= names
            if words and words not in told:
                told.append(words)
    if "a statement" in told:
        left.discard("RBRACE")
    quoted = sorted(f"`{tables.words[name]}`" for name in left if name in tables.words)
    return (quoted + told)[:MOST_TOLD]


def one_of(words: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def found(token: Token) -> str:
    """What was found, as the author sees it."""
    if token.kind == END:
        return "the end of the file"
    if token.kind in ("ROWBAR", "BAR"):
        return "a bar `|`"
    text = token.text if len(token.text) <= LONGEST_QUOTED else f"{token.text[:LONGEST_QUOTED]}…"
    name = KINDS.get(token.kind)
    return f"{name} {text}" if name else f"`{text}`"
