"""A word of the language that is misspelt: where it stands, or where it was read as a name just before."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax import probe, reserved
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.mistakes.situation import Report, Situation, instead, report, works
from pmdsl.syntax.spelling import near_word

FOREIGN_WORDS = {
    "elif": "else if",
    "elseif": "else if",
    "elsif": "else if",
    "unless": "if not",
    "maximum": "largest",
    "minimum": "smallest",
    "mean": "average",
    "total": "sum",
    "minimize": "minimising",
    "minimizing": "minimising",
    "minimise": "minimising",
    "minimises": "minimising",
}


def misspelt(situation: Situation) -> Report | None:
    """`stpe` for `step`, where `stpe` itself cannot stand."""
    token = situation.token
    if not token.text.isidentifier():
        return None
    if token.text in reserved.RESERVED | reserved.PARTS:
        return None
    words = keywords(situation, situation.expected)
    meant = FOREIGN_WORDS.get(token.text) or near_word(token.text, words)
    insert = read_as(situation, meant, token)
    return (
        told(situation, token, meant, insert, 1, 0)
        if meant and works(situation, insert, 1, least=2)
        else None
    )


def misspelt_before(situation: Situation) -> Report | None:
    """`wrost x over point`: `wrost` was read as a name, and what follows cannot follow a name."""
    return misspelt_back(situation, 1) or misspelt_back(situation, 2)


def misspelt_back(situation: Situation, undo: int) -> Report | None:
    """Whether the word so many tokens back is what is wrong: they still stand on the stack as they are."""
    back = situation.tokens[max(situation.position - undo, 0) : situation.position]
    if len(back) < undo or situation.machine.values[-undo:] != back or back[0].kind != "NAME":
        return None
    word = back[0]
    words = keywords(situation, probe.expected(situation.machine, len(situation.machine.states) - undo))
    meant = FOREIGN_WORDS.get(word.text) or near_word(word.text, words)
    insert = read_as(situation, meant, word)
    if not meant or not works(situation, insert, 1, undo=undo, least=undo + 2):
        return None
    return told(situation, word, meant, insert, 1, undo)


def read_as(situation: Situation, meant: str | None, token: Token) -> tuple[Token, ...]:
    """The words that are read in place of a token."""
    terminals = situation.machine.tables.keywords
    return tuple(instead(situation, terminals[word], word, token) for word in (meant or "").split())


def keywords(situation: Situation, expected: frozenset[str]) -> dict[str, str]:
    """The words that may come next, with their terminals."""
    words = situation.machine.tables.words
    return {words[name]: name for name in expected if words.get(name, "").isidentifier()}


def told(
    situation: Situation, token: Token, meant: str, insert: tuple[Token, ...], skip: int, undo: int
) -> Report:
    return report(
        situation,
        "PM102",
        f"`{token.text}` is no word of the language here",
        span=Span(situation.source, token.start, token.end),
        hint=f"did you mean `{meant}`?",
        fix=meant,
        insert=insert,
        skip=skip,
        undo=undo,
    )
