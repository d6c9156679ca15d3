"""Blocks that are never closed, and braces too many."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax import probe
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.mistakes.situation import (
    CONSTRUCT_KINDS,
    NOTE_KINDS,
    STATEMENT_KINDS,
    Report,
    Situation,
    made,
    report,
    upcoming,
)
from pmdsl.syntax.mistakes.wording import found


def never_closed(situation: Situation) -> Report | None:
    """A statement, or the end of the file, where a block is open: the missing braces are read as if there."""
    if situation.token.kind != END and not (situation.begins_line and begins_statement(situation)):
        return None
    opened = [token for token in situation.open_tokens if token.kind == "LBRACE"]
    ahead = upcoming(situation, situation.position, 2)
    for count in range(1, len(opened) + 1):
        insert = tuple(made(situation, "RBRACE", "}") for _ in range(count))
        if probe.accepted(situation.machine, (*insert, *ahead)) == count + len(ahead):
            return told(situation, opened, insert)
    return None


def begins_statement(situation: Situation) -> bool:
    """Whether the token may begin a statement: in a test that is a name before a brace, too.

    A note or an amount that is indented no deeper than the block stands behind its brace.
    """
    if situation.token.kind in STATEMENT_KINDS:
        return not situation.holds_statement
    if situation.token.kind in CONSTRUCT_KINDS:
        return situation.after.kind == "NAME"
    if situation.token.kind in NOTE_KINDS | {"AMOUNT"}:
        opening = situation.bracket or situation.token
        return situation.token.indent <= opening.indent
    kinds = [token.kind for token in situation.tokens[situation.position :][:3]]
    return situation.token.kind == "NAME" and "LBRACE" in kinds[1:]


def told(situation: Situation, opened: list[Token], insert: tuple[Token, ...]) -> Report:
    opening = opened[0]
    first = 0 if situation.token.kind == END else opening.start
    block = [token for token in situation.tokens[: situation.position] if token.start >= first]
    opening = badly_closed(block) or opening
    return report(
        situation,
        "PM103",
        "this `{` is never closed",
        span=Span(situation.source, opening.start, opening.end),
        label=(situation.span, f"expected `}}` before {found(situation.token)}"),
        hint="write `}` where the block ends",
        insert=insert,
    )


def badly_closed(tokens: list[Token]) -> Token | None:
    """The last opening brace whose closing one stands at another indentation: its own is probably missing."""
    opened: list[Token] = []
    suspect: Token | None = None
    for token in tokens:
        if token.kind == "LBRACE":
            opened.append(token)
        elif token.kind == "RBRACE" and opened:
            opening = opened.pop()
            if token.begins and opening.indent != token.indent:
                suspect = opening
    return suspect


def closes_too_early(situation: Situation, brace: Token) -> Report:
    """A brace that closed the methodology or the test, though more of its statements follow."""
    return report(
        situation,
        "PM104",
        "this `}` closes nothing",
        span=Span(situation.source, brace.start, brace.end),
        label=(situation.span, f"{found(situation.token)} would stand outside"),
        hint="remove it",
        fix="",
    )


def closes_nothing(situation: Situation) -> Report | None:
    """A brace at file level."""
    if situation.kind != "RBRACE" or any(token.kind == "LBRACE" for token in situation.open_tokens):
        return None
    return report(
        situation,
        "PM104",
        "this `}` closes nothing",
        span=situation.token_span,
        hint="remove it",
        fix="",
        skip=1,
    )
