"""Formulas that are missing, and reductions that are not finished."""

from __future__ import annotations

from pmdsl.source import Span
from pmdsl.syntax.lexer import Token
from pmdsl.syntax.mistakes.situation import Report, Situation, report
from pmdsl.syntax.mistakes.wording import found

# The words that begin a reduction, and how it ends.
ENDS = {
    "sum": "`into` and a level, or with `over` and an axis",
    "largest": "`into` and a level, or with `over` and an axis",
    "smallest": "`into` and a level, or with `over` and an axis",
    "average": "`into` and a level, or with `over` and an axis",
    "net": "`into` and a level, `crediting` and a share, `of gains`",
    "worst": "`over` and an axis",
    "quantile": "`of` and a formula, `over` and an axis, `by` and a convention",
    "tail_mean": "`of` and a formula, `over` and an axis, `by` and a convention",
    "ewma": "`over` and an axis, `decay` and a factor",
    "aggregate": "`with` and a matrix, `into` and a level",
    "choose": "`over` and an axis",
    "convert": "`to` and a currency",
    "marginal": "`of` and a formula in parentheses",
}
PARTS = frozenset({"INTO", "OVER", "CREDITING", "OF", "GAINS", "BY", "DECAY", "WITH", "TO"})


def unfinished(situation: Situation) -> Report | None:
    """`sum x`, and nothing that says into what."""
    opener = reduction(situation)
    if opener is None or not situation.expected & PARTS or not over(situation):
        return None
    word, span = opener
    return report(
        situation,
        "PM111",
        f"`{word}` is not finished",
        span=span,
        label=(situation.span, f"found {found(situation.token)}"),
        hint=f"it ends with {ENDS[word]}",
    )


def over(situation: Situation) -> bool:
    """Whether what stands here cannot belong to the reduction any more."""
    return situation.ends_something or situation.kind in ("RPAR", "COMMA", "RSQB", "THEN", "ELSE")


def reduction(situation: Situation) -> tuple[str, Span] | None:
    """The innermost reduction that is open: its word is on the stack, as a token or as the word chosen."""
    machine = situation.machine
    for index in range(len(machine.values) - 1, -1, -1):
        value = machine.values[index]
        word = value.text if isinstance(value, Token) else value
        if isinstance(value, Token) and value.kind in ("LPAR", "LSQB", "LBRACE"):
            return None
        if isinstance(word, str) and word in ENDS:
            return word, Span(machine.source, machine.starts[index], machine.ends[index])
    return None


def missing(situation: Situation) -> Report | None:
    """`step x =`, and then the next statement; `a +` and then a brace."""
    before = situation.before
    if (
        before is None
        or not situation.wants_formula
        or not over(situation)
        or before.kind in ("BAR", "ROWBAR")
    ):
        return None
    return report(
        situation,
        "PM112",
        f"a formula is missing after `{before.text}`: found {found(situation.token)}",
        span=Span(situation.source, before.start, before.end),
        label=(situation.span, f"{found(situation.token)} follows"),
    )
