"""Dates that are not plainly written, and days that do not exist."""

from __future__ import annotations

import re
from datetime import date

from pmdsl.diagnostics import Finding
from pmdsl.syntax.tidy import Mend, Mender, Place, finding, replaced

DATES = "a date is written `2026-01-31`: year, month, day"
DATE_LIKE = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9A-Za-z_])")
TIME_LIKE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.+Zz-]*")
GLUED = re.compile(r"[0-9A-Za-z_]*")


def day(place: Place) -> Mend | None:
    """A date: whether that day exists, and whether it stands alone."""
    token = place.token
    if match := TIME_LIKE.match(place.text, token.start):
        found = finding(
            place,
            "PM134",
            f"`{match.group()}` is a point of time, not a date",
            token.start,
            match.end(),
            hint="write the date alone",
            fix=token.text,
        )
        return replaced(place, token.start, match.end(), "DATE", nearest_day(token.text), found)
    after = place.text[token.end : token.end + 1]
    if after.isascii() and (after.isalnum() or after == "_"):
        return glued_day(place)
    if nearest_day(token.text) == token.text:
        return None
    return replaced(
        place, token.start, token.end, "DATE", nearest_day(token.text), no_such_day(place, token.end)
    )


def glued_day(place: Place) -> Mend | None:
    token = place.token
    match = GLUED.match(place.text, token.end)
    end = match.end() if match else token.end
    found = finding(
        place, "PM134", f"`{place.text[token.start : end]}` is not a date", token.start, end, hint=DATES
    )
    return replaced(place, token.start, end, "DATE", nearest_day(token.text), found)


def no_such_day(place: Place, end: int) -> Finding:
    token = place.token
    return finding(place, "PM135", f"there is no day {place.text[token.start : end]}", token.start, end)


def miswritten_date(place: Place) -> Mend | None:
    """`2024-1-5`, `2024/01/05`."""
    match = DATE_LIKE.match(place.text, place.token.start)
    if match is None:
        return None
    year, sign, month, day_of_month = match.groups()
    plain = f"{year}-{int(month):02}-{int(day_of_month):02}"
    exists = nearest_day(plain) == plain
    found = finding(
        place,
        "PM134",
        f"`{match.group()}` is not how a date is written",
        match.start(),
        match.end(),
        hint=f"write `{plain}`" + ("; blanks around `-` subtract" if sign == "-" else "")
        if exists
        else DATES,
        fix=plain if exists else None,
    )
    return replaced(place, match.start(), match.end(), "DATE", nearest_day(plain), found)


def nearest_day(text: str) -> str:
    """The day itself where it exists, else one to go on with."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return "2000-01-01"


DAYS: dict[str, Mender] = {"DATE": day}
