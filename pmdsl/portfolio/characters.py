"""The characters of a whole text: none that hides, turns the writing or can be written in two ways."""

from __future__ import annotations

import re
import unicodedata

from pmdsl.portfolio.report import Report
from pmdsl.source import Source, Span

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]|\r(?!\n)")
DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def check_characters(source: Source, report: Report) -> bool:
    """Whether a text is fit to be parsed; the first character that is not is reported."""
    found = CONTROLS.search(source.text)
    if found:
        _report(source, found.start(), "is a control character", report)
        return False
    if source.text.isascii():
        return True
    found = DIRECTIONS.search(source.text)
    if found:
        _report(
            source,
            found.start(),
            "turns the direction of writing: the text is not what it looks like",
            report,
        )
        return False
    return _composed(source, report)


def _report(source: Source, offset: int, what: str, report: Report) -> None:
    letter = source.text[offset]
    name = unicodedata.name(letter, "")
    text = f"the character U+{ord(letter):04X}{' ' + name if name else ''} {what}"
    report.add("PM602", text, Span(source, offset, offset + 1), hint="remove it")


def _composed(source: Source, report: Report) -> bool:
    """Whether a text is in the composed form NFC, in which equal texts have equal characters."""
    if unicodedata.is_normalized("NFC", source.text):
        return True
    composed = unicodedata.normalize("NFC", source.text)
    pairs = zip(source.text, composed, strict=False)
    offset = next((place for place, (one, other) in enumerate(pairs) if one != other), len(composed))
    message = "the text is not in composed form (NFC): equal words could differ in their characters"
    report.add("PM602", message, Span(source, offset, offset + 1), hint="save the file in the form NFC")
    return False
