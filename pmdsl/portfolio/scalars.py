"""Strict reading of single values: text in, a value or the reason for its refusal out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime

MAX_ID = 128
INTEGER_DIGITS = 18
FRACTION_DIGITS = 40
EXPONENT = 30
BEYOND = 1e18

NUMBER = re.compile(r"([-+]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]+))?")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"
    r"(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
)
# Controls, line separators, invisible marks and what turns the direction of writing.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


@dataclass(frozen=True)
class Refused:
    """Why a text is no value of its kind: the reason as a clause, a hint, and a replacement that is safe."""

    reason: str
    hint: str | None = None
    replacement: str | None = None
    code: str = "PM610"


def number(text: str) -> float | Refused:
    """A finite number in plain ASCII decimals, at most 10^18, exponent at most 30 where there is one."""
    if len(text) > 80:
        return Refused(f"expected a number, found a text of {len(text)} characters")
    match = NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return _no_number(text)
    if len(match[2]) > 1 and match[2].startswith("0"):
        plain = text.replace(match[2], match[2].lstrip("0") or "0", 1)
        return Refused(f"`{text}` has leading zeros, which some readers take for octal", replacement=plain)
    if len(match[2]) > INTEGER_DIGITS or len(match[3] or "") > FRACTION_DIGITS:
        return Refused(
            f"`{text}` has more than {INTEGER_DIGITS} integer or {FRACTION_DIGITS} fraction digits"
        )
    if match[4] and (len(match[4]) > 4 or abs(int(match[4])) > EXPONENT):
        return Refused(f"the exponent of `{text}` is beyond {EXPONENT}")
    value = float(text)
    if not math.isfinite(value) or abs(value) > BEYOND:
        return Refused(f"`{text}` is beyond 10^18")
    return value


def _no_number(text: str) -> Refused:
    """The reason why a text is no number, with the mend where it is one with ornaments."""
    bare = text.lower().lstrip("+-.")
    if bare in ("nan", "inf", "infinity"):
        return Refused(f"`{text}` is not a finite number", "leave the key out where the value is not known")
    for ornament, name in (("_", "underscores"), (",", "commas"), (" ", "spaces")):
        plain = text.replace(ornament, "")
        if ornament in text and plain != text and isinstance(number(plain), float):
            return Refused(f"`{text}` has {name}: digits stand without separators", f"write {plain}", plain)
    if text.endswith("%") and isinstance(part := number(text[:-1].strip()), float):
        return Refused(f"`{text}` is a percentage, expected a plain number", f"write {part / 100:.12g}")
    if re.fullmatch(r"[-+]?0[xob][0-9a-fA-F]+", text):
        return Refused(f"`{text}` is not in decimal digits")
    if not text.isascii() and any(c.isdigit() for c in text):
        return Refused(f"`{text}` has digits that are not ASCII")
    return Refused(f"expected a number, found `{text}`")


def day(text: str) -> date | Refused:
    """A date written YYYY-MM-DD, from 1900 to 2199."""
    match = DATE.fullmatch(text)
    if match is None:
        return Refused(f"expected a date as YYYY-MM-DD, found `{text}`")
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return Refused(f"`{text}` is not a day of the calendar")
    if not 1900 <= found.year <= 2199:
        return Refused(f"the year of `{text}` is not between 1900 and 2199")
    return found


def moment(text: str) -> datetime | Refused:
    """A timestamp with its offset, as 2024-01-19T16:00:00-05:00."""
    if MOMENT.fullmatch(text) is None:
        return Refused(
            f"expected a date or a timestamp with its offset, found `{text}`",
            "as 2024-01-19 or 2024-01-19T16:00:00-05:00",
        )
    first = day(text[:10])
    if isinstance(first, Refused):
        return first
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return Refused(f"`{text}` is not a time of day with an offset")


def identifier(text: str, most: int = MAX_ID) -> str | Refused:
    """A text that names something: 1 to `most` characters, none unseen, no spaces at its ends."""
    if not text:
        return Refused("expected a text, found an empty one", code="PM609")
    if len(text) > most:
        return Refused(f"a text of {len(text)} characters is longer than {most}", code="PM605")
    if text != text.strip():
        return Refused(f'"{text}" begins or ends with a space', replacement=f'"{text.strip()}"', code="PM602")
    unseen = UNSEEN.search(text)
    if unseen:
        return Refused(
            f"the text holds the character U+{ord(unseen[0]):04X}, which cannot be seen", code="PM602"
        )
    return text
