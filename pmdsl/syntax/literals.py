"""Numbers, percentages and amounts of money that are not plainly written."""

from __future__ import annotations

import re

from pmdsl.syntax.days import DAYS, miswritten_date
from pmdsl.syntax.tidy import Mend, Mender, Place, finding, replaced

MAX_WHOLE_DIGITS = 18
MAX_FRACTION_DIGITS = 15

SAFE_AFTER = frozenset(" \t\r\n)]}|:#;*<>=!")
EXPONENT = re.compile(r"([0-9][0-9_]*)(?:\.([0-9]*))?[eE]([+-]?[0-9]{1,20})(?![0-9A-Za-z_])")
COMMAS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9_])(?:\.[0-9]+)?")
GLUED = re.compile(r"[0-9A-Za-z_]*(?:\.[0-9A-Za-z_]*)*")
PLAIN = re.compile(r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?")
APART = re.compile(r"[ \t]+%")
CURRENCY = re.compile(r"[ \t]+([A-Z]{3})(?![A-Za-z0-9_])(?![ \t]+-?[0-9])")
SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}


def number(place: Place) -> Mend | None:
    """A number, or the number of an amount of money."""
    token, text = place.token, place.text
    start = token.end - len(token.text.split()[-1].lstrip("-"))
    after = text[token.end : token.end + 1]
    if after == "" or after in SAFE_AFTER:
        return apart(place) or digits(place, start)
    return exponent(place, start) or miswritten_date(place) or commas(place, start) or glued(place, start)


def percentage(place: Place) -> Mend | None:
    """A percentage."""
    token, text = place.token, place.text
    after = text[token.end : token.end + 1]
    if after.isascii() and (after.isalnum() or after == "_"):
        return glued(place, token.start)
    return digits(place, token.start)


def contracts(place: Place) -> Mend | None:
    """The number of a number of contracts."""
    return digits(place, place.token.start)


def digits(place: Place, start: int) -> Mend | None:
    """Too many digits, or underscores that do not stand between digits."""
    token = place.token
    written = place.text[start : token.end].rstrip("%").split()[0]
    if not PLAIN.fullmatch(written):
        return plain_zero(
            place, start, "PM133", f"`{written}` is not a number", "an underscore stands between digits"
        )
    whole, _, fraction = written.replace("_", "").partition(".")
    if len(whole) > MAX_WHOLE_DIGITS:
        return plain_zero(
            place,
            start,
            "PM132",
            f"this number has {len(whole)} digits",
            f"at most {MAX_WHOLE_DIGITS} are read",
        )
    if len(fraction) > MAX_FRACTION_DIGITS:
        return plain_zero(
            place,
            start,
            "PM132",
            f"this number has {len(fraction)} digits after its point",
            f"at most {MAX_FRACTION_DIGITS} are read",
        )
    return None


def plain_zero(place: Place, start: int, code: str, message: str, hint: str, end: int | None = None) -> Mend:
    """A finding on a number; zero is read in its place."""
    token = place.token
    stop = token.end if end is None else end
    return replaced(
        place,
        token.start,
        stop,
        token.kind,
        token.text[: start - token.start] + ("0%" if token.kind == "PERCENT" else "0"),
        finding(place, code, message, start, stop, hint=hint),
    )


def exponent(place: Place, start: int) -> Mend | None:
    """`1e5`."""
    match = EXPONENT.match(place.text, start)
    if match is None:
        return None
    plain = without_exponent(match.group(1), match.group(2) or "", int(match.group(3)))
    found = finding(
        place,
        "PM131",
        f"`{match.group()}` has an exponent",
        start,
        match.end(),
        hint="write the number out" if plain is None else f"write `{plain}`",
        fix=plain,
    )
    token = place.token
    text = token.text[: start - token.start] + (plain or "0")
    return replaced(place, token.start, match.end(), token.kind, text, found)


def without_exponent(whole: str, fraction: str, power: int) -> str | None:
    """The number written out, None where that would be too long."""
    if abs(power) > MAX_WHOLE_DIGITS or len(whole) > MAX_WHOLE_DIGITS or len(fraction) > MAX_WHOLE_DIGITS:
        return None
    figures = whole.replace("_", "") + fraction
    point = len(figures) - len(fraction) + power
    figures = "0" * max(0, 1 - point) + figures
    point = max(point, 1)
    figures = figures.ljust(point, "0")
    before, after = figures[:point].lstrip("0") or "0", figures[point:].rstrip("0")
    if len(before) > MAX_WHOLE_DIGITS or len(after) > MAX_FRACTION_DIGITS:
        return None
    return f"{before}.{after}" if after else before


def commas(place: Place, start: int) -> Mend | None:
    """`1,000`."""
    match = COMMAS.match(place.text, start)
    if match is None:
        return None
    plain = match.group().replace(",", "_")
    found = finding(
        place,
        "PM130",
        f"`{match.group()}` has a comma inside",
        start,
        match.end(),
        hint=f"write `{plain}` for one number, or a blank after the comma for two",
        fix=plain,
    )
    token = place.token
    return replaced(
        place, token.start, match.end(), token.kind, token.text[: start - token.start] + plain, found
    )


def glued(place: Place, start: int) -> Mend | None:
    """A number with letters or further points at its end: `5x`, `1.2.3`, `1.`."""
    match = GLUED.match(place.text, place.token.end)
    if match is None or not match.group():
        return digits(place, start)
    written = place.text[start : match.end()]
    hint = (
        "a name begins with a letter, and a product is written with `*`" if written[-1:].isalpha() else None
    )
    if place.done and place.done[-1].kind == "VERSION":
        hint = f'a version is a text: write `"{written}"`'
    return plain_zero(
        place, start, "PM133", f"`{written}` is neither a number nor a name", hint or WRITTEN, match.end()
    )


WRITTEN = "a number is written like `1_000.25`"


def leading_point(place: Place) -> Mend | None:
    """`.5`."""
    token = place.token
    match = PLAIN.match(place.text, token.end)
    if match is None or (
        place.before is not None and place.before.kind not in ("SIGN", "STAR", "LPAR", "COMMA")
    ):
        return None
    plain = f"0.{match.group()}"
    found = finding(
        place,
        "PM133",
        f"`.{match.group()}` begins with its point",
        token.start,
        match.end(),
        hint=f"write `{plain}`",
        fix=plain,
    )
    kind, end = (
        ("PERCENT", match.end() + 1) if place.text[match.end() :][:1] == "%" else ("NUMBER", match.end())
    )
    return replaced(place, token.start, end, kind, plain + ("%" if kind == "PERCENT" else ""), found)


def apart(place: Place) -> Mend | None:
    """`15 %` and `100 USD`."""
    token = place.token
    if token.kind != "NUMBER":
        return None
    if match := APART.match(place.text, token.end):
        plain = f"{token.text}%"
        found = finding(
            place,
            "PM137",
            "the percent sign stands apart from its number",
            token.start,
            match.end(),
            hint=f"write `{plain}`",
            fix=plain,
        )
        return replaced(place, token.start, match.end(), "PERCENT", plain, found)
    if match := CURRENCY.match(place.text, token.end):
        return money_of(place, token.start, match.end(), match.group(1), token.text)
    return None


def money_of(place: Place, start: int, end: int, currency: str, amount: str) -> Mend:
    """Money whose currency is not where it belongs."""
    plain = f"{currency} {amount}"
    found = finding(
        place,
        "PM136",
        f"`{place.text[start:end]}` is not how money is written",
        start,
        end,
        hint=f"write `{plain}`",
        fix=plain,
    )
    return replaced(place, start, end, "MONEY", plain, found)


def currency_sign(place: Place) -> Mend | None:
    """`$100`."""
    token = place.token
    match = re.compile(r"[ \t]*([0-9][0-9_,]*(?:\.[0-9]+)?)").match(place.text, token.end)
    if match is None or token.text not in SYMBOLS:
        return None
    amount = match.group(1).replace(",", "_").rstrip("_")
    return money_of(place, token.start, match.end(), SYMBOLS[token.text], amount)


LITERALS: dict[str, Mender] = {
    **DAYS,
    "NUMBER": number,
    "MONEY": number,
    "PERCENT": percentage,
    "CONTRACTS": contracts,
    "DOT": leading_point,
}
