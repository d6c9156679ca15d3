"""What is said of a token that cannot stand: the first family of mistakes that recognises it."""

from __future__ import annotations

from collections.abc import Callable

from pmdsl.syntax.mistakes import (
    brackets,
    conditions,
    equals,
    formulas,
    names,
    quoting,
    spelt,
    statements,
    strategies,
)
from pmdsl.syntax.mistakes.situation import Report, Situation
from pmdsl.syntax.mistakes.unexpected import unexpected

Mistake = Callable[[Situation], "Report | None"]

# The more particular ones first.
MISTAKES: tuple[Mistake, ...] = (
    statements.no_edition,
    spelt.misspelt,
    spelt.misspelt_before,
    statements.of_a_later_edition,
    strategies.slot_not_whole,
    strategies.number_in_slot,
    strategies.part_elsewhere,
    strategies.statement_inside,
    strategies.note_between,
    strategies.unit_of_an_amount,
    strategies.objectives_in_a_list,
    strategies.only_and_without,
    names.missing,
    names.colon_behind,
    statements.row_not_on_its_line,
    statements.row_without_bar,
    statements.note_after_rows,
    statements.note_alone,
    statements.bar_between_cells,
    equals.named,
    equals.single,
    equals.double,
    equals.unit_of_a_step,
    equals.other_mark,
    quoting.lower_case_currency,
    quoting.missing_quotes,
    quoting.needless_quotes,
    conditions.inside_arithmetic,
    conditions.chain,
    conditions.unfinished,
    formulas.unfinished,
    brackets.unclosed,
    brackets.closes_nothing,
    formulas.missing,
    statements.row_outside,
    statements.outside,
    statements.unknown,
)


def explain(situation: Situation) -> Report:
    """The report on a token that cannot stand."""
    for mistake in MISTAKES:
        report = mistake(situation)
        if report is not None:
            return report
    return unexpected(situation)
