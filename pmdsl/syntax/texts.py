"""Texts with quotes of another kind, never closed, or not in composed form; and rule lines in tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from pmdsl.diagnostics import Fix
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.tidy import Mend, Mender, Place, dropped, finding, replaced

QUOTES = {"“": "”", "”": "”", "„": "“”", "«": "»", "'": "'", "‘": "’", "’": "’", "`": "`"}
LONGEST = 500
RULE_LINE = re.compile(r"\|(?:[ \t]*:?-{2,}:?[ \t]*\|?)+[ \t]*\r?(?=\n|$)")


def quotes(place: Place) -> Mend | None:
    """A text between quotes of another kind, on one line."""
    token, text = place.token, place.text
    closing = re.escape(QUOTES[token.text])
    match = re.compile(rf'[^"\n{closing}]{{0,{LONGEST}}}[{closing}"]').match(text, token.end)
    if match is None:
        return dropped(place, f"`{token.text}` means nothing here", 'a text stands between `"` and `"`')
    content = match.group()[:-1]
    found = finding(
        place,
        "PM121",
        f"this text stands between {token.text} and {match.group()[-1]}",
        token.start,
        match.end(),
        hint='a text stands between `"` and `"`',
        fix=f'"{content}"',
    )
    return replaced(place, token.start, match.end(), "STRING", f'"{content}"', found)


def open_text(place: Place) -> Mend:
    """A text that is never closed. A brace at the end of its line is taken to close a block of that line."""
    token, text = place.token, place.text
    written = token.text.rstrip()
    line_start = text.rfind("\n", 0, token.start) + 1
    opens = text.count("{", line_start, token.start) > text.count("}", line_start, token.start)
    closes = opens and written.endswith("}")
    end = token.start + len(written.removesuffix("}").rstrip() if closes else written)
    found = finding(
        place,
        "PM120",
        "this text is never closed",
        token.start,
        end,
        hint='a text ends on its own line, with `"`',
        fix=None if "#" in written else f'{text[token.start : end]}"',
    )
    tokens = [Token("STRING", f'{text[token.start : end]}"', token.start, end)]
    if closes:
        last = token.start + len(written)
        tokens.append(Token("RBRACE", "}", last - 1, last))
    return Mend(token.start, token.end, tuple(tokens), found)


def rule_line(place: Place) -> Mend | None:
    """`|---|---|` under a header."""
    token, text = place.token, place.text
    match = RULE_LINE.match(text, token.start)
    if match is None:
        return None
    start = text.rfind("\n", 0, token.start) + 1
    found = finding(
        place,
        "PM151",
        "a table needs no rule line under its header",
        token.start,
        match.end(),
        hint="remove the line",
    )
    whole = place.span(start, min(match.end() + 1, len(text)))
    return Mend(token.start, match.end(), (), replace(found, fix=Fix(whole, "")))


def composed(place: Place) -> Mend | None:
    """A text that is written with combining marks where one character would do."""
    token = place.token
    if token.text.isascii() or unicodedata.is_normalized("NFC", token.text):
        return None
    plain = unicodedata.normalize("NFC", token.text)
    found = finding(
        place,
        "PM127",
        "this text is not in its composed form (NFC)",
        token.start,
        token.end,
        hint="two texts that look alike must be alike",
        fix=plain,
    )
    return replaced(place, token.start, token.end, "STRING", plain, found)


TEXTS: dict[str, Mender] = {
    "OPEN_TEXT": open_text,
    "ROWBAR": rule_line,
    "STRING": composed,
}
