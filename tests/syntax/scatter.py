"""The same text written badly: blanks, line breaks and comments put wherever they may stand."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from pmdsl.syntax.grammar import load_tables
from pmdsl.syntax.lexer import Token, lex

GAPS = (" ", "  ", "\t", "\n", "\r\n", "\n\n", "\n\n\n  ", "  # {}\n", "\n# {}\n", "\n\n  # {}\n\n")
WITHIN_ROW = (" ", "  ", "\t")
AFTER_ROW = ("\n", "  \n", "\n\n", "  # {}\n", "\n  # {}\n")


def scattered(text: str, random: Random) -> tuple[str, list[str]]:
    """The tokens of a text with other gaps between them, and the comments that were put in."""
    tokens, _ = lex(text, load_tables())
    comments: list[str] = []
    parts: list[str] = []
    for token, following in pairwise(tokens):
        parts += [token.text, gap(token, following, text, random, comments)]
    return "".join(parts).rstrip(" \t") + "\n", comments


def gap(token: Token, following: Token, text: str, random: Random, comments: list[str]) -> str:
    """What stands between two tokens; a row stays on its line."""
    if following.kind == "ROWBAR" or (in_row(token, text) and following.text == "}"):
        chosen = random.choice(AFTER_ROW)
    elif in_row(token, text):
        chosen = random.choice(WITHIN_ROW)
    else:
        chosen = random.choices(GAPS, weights=(20, 4, 2, 4, 1, 2, 1, 1, 1, 1))[0]
    if "{}" in chosen:
        comments.append(f"# note {len(comments)}")
        chosen = chosen.replace("# {}", comments[-1])
    return chosen


def in_row(token: Token, text: str) -> bool:
    start = text.rfind("\n", 0, token.start) + 1
    return text[start : token.start + 1].lstrip().startswith("|")
