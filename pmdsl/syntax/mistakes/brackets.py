"""Brackets that are never closed or close nothing."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax.mistakes.situation import OPENING, Report, Situation, made, report, works
from pmdsl.syntax.mistakes.wording import found

CLOSING = {"RPAR": "(", "RSQB": "["}


def unclosed(situation: Situation) -> Report | None:
    """`step x = (a + b`, and the next statement."""
    bracket = situation.bracket
    if bracket is None or bracket.kind == "LBRACE" or not situation.ends_something:
        return None
    closer = OPENING[bracket.kind]
    text = situation.machine.tables.words[closer]
    insert = (made(situation, closer, text),)
    return report(
        situation,
        "PM105",
        f"this `{bracket.text}` is never closed",
        span=Span(situation.source, bracket.start, bracket.end),
        label=(situation.span, f"expected `{text}` before {found(situation.token)}"),
        hint=f"write `{text}` where it ends",
        insert=insert if works(situation, insert, 0, least=2) else (),
    )


def closes_nothing(situation: Situation) -> Report | None:
    """A `)` or `]` too many, or one for the other."""
    if situation.kind not in CLOSING:
        return None
    bracket = situation.bracket
    if bracket is not None and OPENING[bracket.kind] in situation.expected and bracket.kind != "LBRACE":
        return wrong_kind(situation)
    if bracket is not None and OPENING[bracket.kind] == situation.kind:
        return None
    return report(
        situation,
        "PM106",
        f"`{situation.token.text}` closes nothing",
        hint=f"there is no `{CLOSING[situation.kind]}` for it",
        fix="",
        skip=1,
    )


def wrong_kind(situation: Situation) -> Report | None:
    """`max(a, b]`."""
    bracket = situation.bracket
    if bracket is None or OPENING[bracket.kind] == situation.kind:
        return None
    meant = OPENING[bracket.kind]
    text = situation.machine.tables.words[meant]
    return report(
        situation,
        "PM106",
        f"`{situation.token.text}` does not close `{bracket.text}`",
        label=(Span(situation.source, bracket.start, bracket.end), "this is what is open"),
        hint=f"write `{text}`",
        fix=text,
        insert=(made(situation, meant, text),),
        skip=1,
    )
