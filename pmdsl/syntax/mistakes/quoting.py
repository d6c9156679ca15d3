"""Texts without quotes, names with quotes, and money the wrong way round."""

from __future__ import annotations

import re

from pmdsl.source import Span
from pmdsl.syntax.lexer import END, Token
from pmdsl.syntax.mistakes.situation import STATEMENT_KINDS, Report, Situation, instead, report
from pmdsl.syntax.mistakes.wording import found


def missing_quotes(situation: Situation) -> Report | None:
    """`version 2026.1`, `title US margin`."""
    if "STRING" not in situation.expected or situation.wants_formula or situation.begins_anew:
        return None
    if situation.kind in STATEMENT_KINDS or situation.kind not in (
        "NAME",
        "NUMBER",
        "DATE",
        "PERCENT",
        "MONEY",
        "CONTRACTS",
    ):
        return None
    if "NAME" in situation.expected and situation.kind == "NAME":
        return None
    words = words_on_line(situation)
    text = situation.source.text[situation.token.start : words[-1].end]
    token = situation.token
    return report(
        situation,
        "PM116",
        f"expected a text in quotes, found {found(token)}",
        span=Span(situation.source, token.start, words[-1].end),
        hint=f'write `"{text}"`',
        fix=f'"{text}"',
        insert=(instead(situation, "STRING", f'"{text}"'),),
        skip=len(words),
    )


def words_on_line(situation: Situation) -> list[Token]:
    """The tokens that were meant to be the text: what stands together up to a brace or the line's end."""
    line = situation.token_span.line
    found = []
    for token in situation.tokens[situation.position :]:
        same_line = situation.source.line_column(token.start)[0] == line
        if token.kind in (END, "LBRACE", "RBRACE", "STRING", "COLON") or not same_line:
            break
        found.append(token)
    return found


def needless_quotes(situation: Situation) -> Report | None:
    """`step "loss" = …`."""
    if situation.kind != "STRING" or "NAME" not in situation.expected or situation.wants_formula:
        return None
    text = situation.token.text[1:-1]
    plain = text if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) else None
    return report(
        situation,
        "PM116",
        f"expected a name, found {found(situation.token)}",
        hint=f"write `{plain}`" if plain else "names have no quotes and no blanks: `lower_snake_case`",
        fix=plain,
        insert=(instead(situation, "NAME", plain or "unnamed"),),
        skip=1,
    )


def lower_case_currency(situation: Situation) -> Report | None:
    """`usd 100`."""
    before = situation.before
    if situation.kind != "NUMBER" or before is None or not re.fullmatch(r"[A-Za-z]{3}", before.text):
        return None
    if situation.machine.values[-1:] != [before]:
        return None
    plain = f"{before.text.upper()} {situation.token.text}"
    return report(
        situation,
        "PM136",
        f"`{before.text} {situation.token.text}` is not how money is written",
        span=Span(situation.source, before.start, situation.token.end),
        hint=f"write `{plain}`",
        fix=plain,
        insert=(instead(situation, "MONEY", plain, before),),
        skip=2,
        undo=1,
    )
