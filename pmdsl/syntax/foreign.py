"""Marks of other languages and of word processors, read as what they stand for."""

from __future__ import annotations

import re
import unicodedata

from pmdsl.syntax.lexer import Token
from pmdsl.syntax.limits import HIDDEN, code_point
from pmdsl.syntax.literals import SYMBOLS, currency_sign
from pmdsl.syntax.texts import QUOTES, quotes
from pmdsl.syntax.tidy import Mend, Mender, Place, dropped, finding, replaced

# What is written, the terminal and the text that it is read as, and what to say.
OPERATORS: dict[str, tuple[str, str]] = {
    "&&": ("AND", "and"),
    "&": ("AND", "and"),
    "!": ("NOT", "not"),
    "<>": ("COMPARISON", "!="),
    "=>": ("COMPARISON", ">="),
    "≥": ("COMPARISON", ">="),
    "≤": ("COMPARISON", "<="),
    "≠": ("COMPARISON", "!="),
    ":=": ("EQUAL", "="),
    "::": ("COLON", ":"),
    "×": ("STAR", "*"),
    "·": ("STAR", "*"),
    "÷": ("STAR", "/"),
    "−": ("SIGN", "-"),
    "–": ("SIGN", "-"),
    "—": ("SIGN", "-"),
    "→": ("ARROW", "->"),
}
UNSAYABLE: dict[str, str] = {
    "**": "a power is written `power(x, y)`",
    "^": "a power is written `power(x, y)`",
    "%": "the language has no remainder; a percentage is written `15%`",
}
LOOKALIKES = str.maketrans("аеорсухіјѕԁһν", "aeopcyxijsdhv")
WORD = re.compile(r"[^\W]+")
ASCII_WORD = re.compile(r"[A-Za-z0-9_]+")


def foreign(place: Place) -> Mend | None:
    """Anything that begins no token of the language."""
    text = place.token.text
    if text in ("//", "/*"):
        return comment(place)
    if text in QUOTES:
        return quotes(place)
    if text in OPERATORS:
        return operator(place, *OPERATORS[text])
    if text in UNSAYABLE:
        return unsayable(place)
    if text == ";":
        return dropped(place, "nothing ends with a semicolon", "each statement begins with its own word")
    if text in SYMBOLS and (money := currency_sign(place)):
        return money
    return letter(place) or blank(place)


def operator(place: Place, kind: str, meant: str) -> Mend:
    token = place.token
    kind = "__ANON_0" if kind == "ARROW" else kind
    padded = f"{meant} " if meant == "not" else meant
    found = finding(
        place,
        "PM122",
        f"`{token.text}` is not used here",
        token.start,
        token.end,
        hint=f"write `{meant}`",
        fix=padded,
    )
    return replaced(place, token.start, token.end, kind, meant, found)


def unsayable(place: Place) -> Mend:
    """An operator that the language does not have; a product is read in its place."""
    token = place.token
    found = finding(
        place, "PM122", f"`{token.text}` is no operator", token.start, token.end, hint=UNSAYABLE[token.text]
    )
    return replaced(place, token.start, token.end, "STAR", "*", found)


def comment(place: Place) -> Mend:
    """`// …` to the end of its line, `/* … */` to its end."""
    token, text = place.token, place.text
    if token.text == "//":
        end = text.find("\n", token.end)
        end = len(text) if end < 0 else end
    else:
        end = text.find("*/", token.end)
        end = len(text) if end < 0 else end + 2
    fix = "#" if token.text == "//" else None
    found = finding(
        place,
        "PM123",
        f"`{token.text}` begins no comment",
        token.start,
        token.end,
        hint="a comment begins with `#` and ends with its line",
        fix=fix,
    )
    return Mend(token.start, end, (), found)


def letter(place: Place) -> Mend | None:
    """A word with letters of another alphabet: one name is read, with the letters that it resembles."""
    token = place.token
    if not (token.text.isalpha() or token.text.isdigit()):
        return None
    start = place.before.start if place.before and place.before.text[-1:].isidentifier() else token.start
    match = WORD.match(place.text, start)
    end = match.end() if match else token.end
    word = place.text[start:end]
    plain = word.translate(LOOKALIKES)
    plain = plain if plain.isascii() else "".join(c if c.isascii() else "x" for c in word)
    alike = token.text.translate(LOOKALIKES)
    hint = "names are made of a to z, digits and `_`"
    if alike.isascii():
        hint += f"; this one looks like `{alike}`"
    found = finding(
        place, "PM125", f"`{word}` holds {code_point(token.text)}", token.start, token.end, hint=hint
    )
    return replaced(place, start, end, "NAME" if plain.isidentifier() else "NUMBER", plain, found)


def unseen(place: Place) -> Mend:
    """A character that cannot be seen and was reported before: a word goes on behind it."""
    token, before = place.token, place.before
    match = ASCII_WORD.match(place.text, token.end)
    if before is None or match is None or not before.text.isidentifier():
        return Mend(token.start, token.end, ())
    word = Token("NAME", before.text + match.group(), before.start, match.end())
    return Mend(before.start, match.end(), (word,))


def blank(place: Place) -> Mend:
    """A blank of another kind, a character that was reported before, or a mark that means nothing."""
    token = place.token
    category = unicodedata.category(token.text)
    if category in HIDDEN:
        return unseen(place)
    if category == "Zs":
        found = finding(
            place,
            "PM124",
            f"this blank is {code_point(token.text)}",
            token.start,
            token.end,
            hint="write a plain blank",
            fix=" ",
        )
        return Mend(token.start, token.end, (), found)
    name = f"`{token.text}`" if token.text.isascii() else code_point(token.text)
    return dropped(place, f"{name} means nothing here", "remove it, or put it in a text or a comment")


MARKS: dict[str, Mender] = {
    "FOREIGN": foreign,
    "STRAY": foreign,
}
