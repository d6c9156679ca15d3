"""What is said where nothing better is known: what was found, and what could have stood there."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax import probe
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.mistakes.situation import (
    STATEMENT_KINDS,
    Report,
    Situation,
    made,
    report,
    upcoming,
)
from pmdsl.syntax.mistakes.wording import found, one_of, tell

LOOK_AHEAD = 8
FEW = 4
# What may be missing, the likelier first.
ADDABLE = (
    *("BAR", "COMMA", "EQUAL", "COLON", "__ANON_0", "LBRACE", "RPAR", "RSQB"),
    *("THEN", "ELSE", "INTO", "OVER", "OF", "BY", "TO", "WITH", "WHEN", "SEVERITY", "FOR", "BETWEEN", "AT"),
    *("MINIMISING", "NEEDS"),
)


def unexpected(situation: Situation) -> Report:
    """`expected …, found …`, and the smallest change after which the text makes sense."""
    words = tell(situation.expected, situation.machine.tables)
    after = (
        f" after `{situation.before.text}`" if situation.before and len(situation.before.text) < 30 else ""
    )
    message = f"expected {one_of(words)}{after}, found {found(situation.token)}"
    added = best_addition(situation)
    if added is not None:
        return report(
            situation, "PM101", message, hint=f"is `{added.text}` missing before it?", insert=(added,)
        )
    if leaving_out_works(situation):
        return report(situation, "PM101", message, hint=f"remove `{situation.token.text}`", skip=1)
    return report(situation, "PM101", message)


def unfinished_line(situation: Situation) -> Report:
    """A line that stops where more was needed, so that the next one was read as the rest of it."""
    words = one_of(tell(situation.expected, situation.machine.tables))
    before = situation.before or situation.token
    span = Span(situation.source, before.start, before.end)
    code = "PM112" if situation.wants_formula else "PM101"
    return report(situation, code, f"expected {words} after `{before.text}`, found the next line", span=span)


def best_addition(situation: Situation) -> Token | None:
    """The mark or word that is missing before the token: with it, what follows can be read."""
    words = situation.machine.tables.words
    candidates = [
        made(situation, kind, words[kind])
        for kind in ADDABLE
        if kind in situation.expected and (kind != "AT" or len(situation.expected) < FEW)
    ]
    ahead = upcoming(situation, situation.position, LOOK_AHEAD)
    scored = [(probe.accepted(situation.machine, (token, *ahead)), token) for token in candidates]
    best = max((score for score, _ in scored), default=0)
    line = situation.token_span.line
    on_line = sum(situation.source.line_column(token.start)[0] == line for token in ahead)
    if best < min(3, on_line + 1):
        return None
    return next(token for score, token in scored if score == best)


def leaving_out_works(situation: Situation) -> bool:
    """Whether what follows can be read once the token is passed over."""
    if (
        situation.kind in STATEMENT_KINDS
        or situation.begins_part
        or situation.position + 1 >= len(situation.tokens)
    ):
        return False
    ahead = upcoming(situation, situation.position + 1, LOOK_AHEAD // 2)
    return probe.accepted(situation.machine, ahead) == len(ahead)
