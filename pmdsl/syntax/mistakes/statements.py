"""Lines that begin no statement, or one that does not belong where it stands."""

from __future__ import annotations

from pmdsl.syntax import reserved
from pmdsl.syntax.mistakes.situation import NOTE_KINDS, STATEMENT_KINDS, Report, Situation, made, report
from pmdsl.syntax.mistakes.wording import found, one_of, tell

VALUES = frozenset({"NAME", "NUMBER", "PERCENT", "MONEY", "CONTRACTS", "DATE", "STRING"})
STATEMENTS = "a statement begins with a word such as `step`, `param`, `table` or `require`"


def no_edition(situation: Situation) -> Report | None:
    """A file that does not begin with `pmdsl 1`."""
    if situation.position or "PMDSL" not in situation.expected:
        return None
    return report(
        situation,
        "PM140",
        f"a file begins with its edition, `pmdsl 1`: found {found(situation.token)}",
        hint="write `pmdsl 1` as the first line",
        insert=(made(situation, "PMDSL", "pmdsl"), made(situation, "NUMBER", "1")),
    )


def of_a_later_edition(situation: Situation) -> Report | None:
    """`strategies …`."""
    word = situation.token.text
    if word not in reserved.LATER or not situation.begins_line:
        return None
    message = f"`{word}` is kept for a statement that edition 1 does not have"
    return report(situation, "PM113", message, span=situation.token_span)


def outside(situation: Situation) -> Report | None:
    """A statement of a methodology at file level, or one of a test in a methodology."""
    if situation.kind not in STATEMENT_KINDS or not situation.begins_line:
        return None
    word = situation.token.text
    if word in reserved.TESTS:
        place = "`test`"
    elif word in reserved.FILES:
        return None
    else:
        place = "`methodology`"
    if "METHODOLOGY" in situation.expected:
        hint = f"it belongs between the braces of a {place}"
        message = f"`{word}` stands outside of a {place}"
        return report(situation, "PM113", message, span=situation.token_span, hint=hint)
    if place == "`test`" and "STEP" in situation.expected:
        hint = "tests stand in a file of their own"
        return report(situation, "PM113", f"`{word}` belongs in a test", span=situation.token_span, hint=hint)
    return None


def unknown(situation: Situation) -> Report | None:
    """A word at the start of a line that begins nothing."""
    if (
        situation.kind != "NAME"
        or not situation.begins_line
        or situation.expected.isdisjoint(STATEMENT_KINDS)
    ):
        return None
    places = situation.expected & {"METHODOLOGY", "STEP", "EXPECT"}
    if not places:
        return None
    hint = STATEMENTS
    if "STEP" not in places:
        hint = "expected " + one_of(tell(situation.expected & STATEMENT_KINDS, situation.machine.tables))
    message = f"`{situation.token.text}` begins no statement"
    return report(situation, "PM113", message, span=situation.token_span, hint=hint)


def note_after_rows(situation: Situation) -> Report | None:
    """`cite …` in a table, below its rows."""
    if situation.kind not in NOTE_KINDS or "ROWBAR" not in situation.expected or not situation.begins_line:
        return None
    return report(
        situation,
        "PM115",
        f"`{situation.token.text}` stands below the rows of its table",
        span=situation.token_span,
        hint="notes stand above the header, or behind the closing brace",
    )


def note_alone(situation: Situation) -> Report | None:
    """`cite …` where nothing stands before it that it could belong to."""
    if situation.kind not in NOTE_KINDS or not situation.begins_line:
        return None
    if situation.expected.isdisjoint(STATEMENT_KINDS):
        return None
    word = situation.token.text
    return report(
        situation,
        "PM115",
        f"`{word}` belongs to nothing here",
        span=situation.token_span,
        hint="a note stands behind its statement; a part of a block between its braces",
    )


def row_not_on_its_line(situation: Situation) -> Report | None:
    """`{ | a | b |`."""
    if situation.kind != "BAR" or "ROWBAR" not in situation.expected:
        return None
    return report(
        situation,
        "PM115",
        "a row begins on a line of its own",
        hint="begin a new line before this bar",
        fix="\n|",
        insert=(made(situation, "ROWBAR", "|"),),
        skip=1,
    )


def row_without_bar(situation: Situation) -> Report | None:
    """`d5 | 100% |` where a row belongs."""
    if "ROWBAR" not in situation.expected or not situation.begins_line:
        return None
    line = situation.source.line_text(situation.span.line)
    if "|" not in line or situation.kind in STATEMENT_KINDS | NOTE_KINDS:
        return None
    return report(
        situation,
        "PM115",
        "a row begins with a bar",
        hint="write `|` before its first cell",
        fix=f"| {situation.token.text}",
        insert=(made(situation, "ROWBAR", "|"),),
    )


def bar_between_cells(situation: Situation) -> Report | None:
    """Two values in one cell."""
    before, token = situation.before, situation.token
    if before is None or not situation.expected >= {"BAR", "ROWBAR"} or token.kind not in VALUES:
        return None
    if situation.begins_line or before.kind not in VALUES | {"RPAR", "RSQB"}:
        return None
    return report(
        situation,
        "PM150",
        f"no bar stands between `{before.text}` and `{token.text}`",
        hint="each cell ends with a bar",
        fix=f"| {token.text}",
        insert=(made(situation, "BAR", "|"),),
    )


def row_outside(situation: Situation) -> Report | None:
    """A row where there is no table."""
    if situation.kind != "ROWBAR" or "ROWBAR" in situation.expected or situation.wants_formula:
        return None
    return report(
        situation,
        "PM115",
        "this row belongs to no table",
        span=situation.token_span,
        hint="rows stand between the braces of a table",
    )
