"""Words of the language that were read as names: where a name is missing, or a colon makes one of them."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.mistakes.situation import Report, Situation, instead, made, report, works


def missing(situation: Situation) -> Report | None:
    """`leg call = where …`: `where` was read as the name that should stand before it."""
    word = situation.before
    if word is None or word.kind not in situation.expected or not was_read_as_name(situation, word):
        return None
    insert = (made(situation, "NAME", "unnamed"), instead(situation, word.kind, word.text, word))
    if not works(situation, insert, 1, undo=1, least=2):
        return None
    return report(
        situation,
        "PM101",
        f"a name is missing before `{word.text}`",
        span=Span(situation.source, word.start, word.end),
        insert=insert,
        skip=1,
        undo=1,
    )


def was_read_as_name(situation: Situation, word: Token) -> bool:
    """Whether a word of the language is, as a name, the last thing on the stack."""
    top = situation.machine.values[-1] if situation.machine.values else None
    return isinstance(top, Token) and (top.kind, top.start) == ("NAME", word.start) and word.kind != "NAME"


def colon_behind(situation: Situation) -> Report | None:
    """`count: 2`: a word before a colon is a name, and here the word itself is meant."""
    token, colon = situation.token, situation.after
    kind = situation.machine.tables.keywords.get(token.text)
    if kind is None or kind not in situation.expected or colon.kind != "COLON":
        return None
    insert = (instead(situation, kind, token.text),)
    if not works(situation, insert, 2):
        return None
    return report(
        situation,
        "PM101",
        f"no colon stands behind `{token.text}`",
        span=Span(situation.source, colon.start, colon.end),
        hint="remove it",
        fix="",
        insert=insert,
        skip=2,
    )
