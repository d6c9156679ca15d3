"""`if … then … else …`, `not`, and comparisons that do not fit where they stand."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.mistakes.situation import Report, Situation, made, report, works
from pmdsl.syntax.mistakes.wording import found


def unfinished(situation: Situation) -> Report | None:
    """`if c then a`, and nothing more; `if c a else b`."""
    missing = "THEN" if "THEN" in situation.expected else "ELSE" if "ELSE" in situation.expected else None
    opener = next((token for token in situation.open_tokens if token.kind == "IF"), None)
    if missing is None or opener is None:
        return None
    insert = (made(situation, missing, missing.lower()),)
    if not works(situation, insert, 0) and not situation.ends_something and situation.kind != "RPAR":
        return None
    return report(
        situation,
        "PM109",
        f"expected `{missing.lower()}`, found {found(situation.token)}",
        label=(span_of(situation, opener), "this `if` is not finished"),
        hint="a condition says both: `if … then … else …`",
        insert=insert if works(situation, insert, 0) else (),
    )


def inside_arithmetic(situation: Situation) -> Report | None:
    """`1 + if c then a else b`."""
    word = situation.token.text
    if situation.kind not in ("IF", "NOT") or not situation.wants_formula:
        return None
    return report(
        situation,
        "PM110",
        f"`{word}` cannot stand inside arithmetic or a comparison as it is",
        hint=f"put it in parentheses: `({word} …)`",
    )


def chain(situation: Situation) -> Report | None:
    """`a < b < c`."""
    if situation.kind != "COMPARISON" or "AND" not in situation.expected:
        return None
    middle = situation.before
    insert = [made(situation, "AND", "and")]
    if middle is not None and middle.kind in ("NAME", "NUMBER", "PERCENT", "MONEY", "CONTRACTS", "DATE"):
        insert.append(made(situation, middle.kind, middle.text))
    return report(
        situation,
        "PM114",
        "comparisons do not chain",
        hint="write `a < b and b < c`",
        insert=tuple(insert) if works(situation, tuple(insert), 0) else (),
    )


def span_of(situation: Situation, token: Token) -> Span:
    return Span(situation.source, token.start, token.end)
