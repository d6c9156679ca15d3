"""One equals sign or two, and other marks in place of either."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax.mistakes.situation import Report, Situation, instead, report, works


def named(situation: Situation) -> Report | None:
    """`f(x = 1)`."""
    insert = (instead(situation, "COLON", ":"),)
    bracket = situation.bracket
    if (
        situation.kind != "EQUAL"
        or bracket is None
        or bracket.kind == "LBRACE"
        or not works(situation, insert, 1)
    ):
        return None
    return report(
        situation,
        "PM107",
        "`=` names no argument and compares nothing",
        hint="an argument is named with `:`, and `==` compares",
        fix=":",
        insert=insert,
        skip=1,
    )


def single(situation: Situation) -> Report | None:
    """`a = b` where things are compared."""
    if situation.kind != "EQUAL" or "COMPARISON" not in situation.expected:
        return None
    return report(
        situation,
        "PM107",
        "`=` compares nothing",
        hint="write `==` to compare",
        fix="==",
        insert=(instead(situation, "COMPARISON", "=="),),
        skip=1,
    )


def double(situation: Situation) -> Report | None:
    """`step x == 1`."""
    if situation.token.text != "==" or "EQUAL" not in situation.expected:
        return None
    return report(
        situation,
        "PM108",
        "`==` compares, and here something is defined",
        hint="write `=`",
        fix="=",
        insert=(instead(situation, "EQUAL", "="),),
        skip=1,
    )


def unit_of_a_step(situation: Situation) -> Report | None:
    """`step x: money = 1`."""
    statement = situation.statement
    if situation.kind != "COLON" or statement is None or statement.text not in ("step", "require", "report"):
        return None
    following = situation.tokens[situation.position :][:6]
    skip = next((index for index, token in enumerate(following) if token.kind == "EQUAL"), 0)
    if "EQUAL" not in situation.expected or not skip:
        return None
    end = following[skip - 1].end
    return report(
        situation,
        "PM101",
        f"expected `=`, found `{situation.token.text}`",
        span=Span(situation.source, situation.token.start, end),
        hint=f"the unit of a {statement.text} is worked out: leave it away",
        fix="",
        skip=skip,
    )


def other_mark(situation: Situation) -> Report | None:
    """`step x: 1`, `breadth = breadth` in an input, `levels a, b`, `amount a = 0`: one mark for another."""
    if situation.kind not in MARKS:
        return None
    for meant in ("EQUAL", "COLON", "__ANON_0", "COMMA", "DEFAULT"):
        insert = (instead(situation, meant, situation.machine.tables.words[meant]),)
        is_given = meant != "DEFAULT" or situation.kind == "EQUAL"
        if is_given and meant in situation.expected and works(situation, insert, 1, least=1):
            text = insert[0].text
            message = f"expected `{text}`, found `{situation.token.text}`"
            return report(
                situation, "PM101", message, hint=f"write `{text}`", fix=text, insert=insert, skip=1
            )
    return None


MARKS = frozenset({"EQUAL", "COLON", "__ANON_0", "COMMA", "COMPARISON", "SIGN", "DOT", "TO"})
