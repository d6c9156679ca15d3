"""What a text must be before it is read at all: UTF-8, of a sane size, and nothing in it unseen."""

from __future__ import annotations

import re
import unicodedata

from pmdsl.diagnostics import Finding, Findings, Fix
from pmdsl.source import Source, Span
from pmdsl.syntax.log import Log

MAX_BYTES = 2_000_000

BYTE_ORDER_MARK = "\ufeff"
PLAIN = re.compile(r"[\t\n\x20-\x7e]|\r\n")
HIDDEN = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}


def decode(name: str, data: bytes, findings: Findings) -> Source | None:
    """A source of the bytes of a file; None, with a finding, where they are no UTF-8 or too many."""
    if len(data) > MAX_BYTES:
        report_size(Source(name, ""), len(data), findings)
        return None
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        findings.add(
            "PM128",
            f"{name}, line {line}: byte {data[error.start]:#04x} is not UTF-8",
            hint="save the file as UTF-8",
        )
        return None


def check_text(source: Source, log: Log) -> bool:
    """Whether a text can be read; what is wrong with its characters is reported either way."""
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        report_size(source, size, log.findings)
        return False
    for offset in hidden_characters(source.text):
        log.report(hidden(source, offset))
    return True


def report_size(source: Source, size: int, findings: Findings) -> None:
    findings.add(
        "PM129",
        f"{source.name} has {size:_} bytes, more than the {MAX_BYTES:_} that are read",
        Span(source, 0, 0) if source.text else None,
        hint="long tables belong in a file of their own: `from file`",
    )


def hidden_characters(text: str) -> list[int]:
    """Offsets of the characters that cannot be seen: controls, marks of direction, joiners and the like."""
    suspects = [
        c for c in set(text) if not " " <= c <= "~" and unicodedata.category(c) in HIDDEN and c not in "\t\n"
    ]
    pattern = "|".join(r"\r(?!\n)" if c == "\r" else re.escape(c) for c in sorted(suspects))
    if not pattern:
        return []
    first = 1 if text.startswith(BYTE_ORDER_MARK) else 0
    return [match.start() for match in re.compile(pattern).finditer(text, first)]


def hidden(source: Source, offset: int) -> Finding:
    """The finding on a character that cannot be seen."""
    character = source.text[offset]
    span = Span(source, offset, offset + 1)
    return Finding(
        "PM126",
        f"an unseen character stands here: {code_point(character)}",
        span,
        hint="remove it: what is read must be what is seen",
        fix=Fix(span, "\n" if character in "\r\u2028\u2029" else ""),
    )


def code_point(character: str) -> str:
    """`U+202E (RIGHT-TO-LEFT OVERRIDE)`."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")
